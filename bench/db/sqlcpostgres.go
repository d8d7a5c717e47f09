package main

import (
	"context"
	"errors"

	"github.com/ashlar-go/ashlar/bench/db/sqlc/postgres"

	"github.com/jackc/pgx/v5/pgxpool"
)

// sqlcPostgres reaches the films through what sqlc generates for pgx, with its
// batches.
type sqlcPostgres struct {
	pool *pgxpool.Pool
	q    *postgres.Queries
}

func openSqlcPostgres(url string) (store, error) {
	pool, err := pgxpool.New(context.Background(), url)
	if err != nil {
		return nil, err
	}
	return &sqlcPostgres{pool, postgres.New(pool)}, nil
}

type pgFilm struct {
	postgres.Film
	studio  *postgres.Studio
	reviews []postgres.Review
}

func (f *pgFilm) film() *Film {
	own := &Film{f.ID, f.Title, f.Genre, f.Director, f.Price, f.Rating, f.InShop, f.Added, f.StudioID, (*Studio)(f.studio), nil}
	for i := range f.reviews {
		own.Reviews = append(own.Reviews, (*Review)(&f.reviews[i]))
	}
	return own
}

type pgFilms []postgres.Film

func (l pgFilms) films() []*Film {
	var own []*Film
	for _, f := range l {
		own = append(own, (&pgFilm{Film: f}).film())
	}
	return own
}

type pgRelated []pgFilm

func (l pgRelated) films() []*Film {
	var own []*Film
	for i := range l {
		own = append(own, l[i].film())
	}
	return own
}

func (s *sqlcPostgres) get(ctx context.Context, id int64) (oneFilm, error) {
	f, err := s.q.GetFilm(ctx, id)
	return &pgFilm{Film: f}, err
}

func (s *sqlcPostgres) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.q.ListFilms(ctx, genre)
	return pgFilms(films), err
}

func (s *sqlcPostgres) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.q.ListFilms(ctx, genre)
	if err != nil {
		return nil, err
	}
	list := make(pgRelated, len(films))
	ids, studios := make([]int64, len(films)), []int64(nil)
	byID, at := make(map[int64]*pgFilm, len(films)), map[int64]*postgres.Studio{}
	for i, f := range films {
		list[i].Film, ids[i], byID[f.ID] = f, f.ID, &list[i]
		if _, seen := at[f.StudioID]; !seen {
			at[f.StudioID], studios = nil, append(studios, f.StudioID)
		}
	}
	found, err := s.q.StudiosOf(ctx, studios)
	if err != nil {
		return nil, err
	}
	for i := range found {
		at[found[i].ID] = &found[i]
	}
	reviews, err := s.q.ReviewsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		f := byID[r.FilmID]
		f.reviews = append(f.reviews, r)
	}
	for i := range list {
		list[i].studio = at[list[i].StudioID]
	}
	return list, nil
}

func (s *sqlcPostgres) insertOne(ctx context.Context, f *Film) (err error) {
	f.ID, err = s.q.InsertFilm(ctx, postgres.InsertFilmParams{Title: f.Title, Genre: f.Genre, Director: f.Director, Price: f.Price,
		Rating: f.Rating, InShop: f.InShop, Added: f.Added, StudioID: f.StudioID})
	return err
}

// insert is one batch, and so one transaction.
func (s *sqlcPostgres) insert(ctx context.Context, films []*Film) error {
	args := make([]postgres.InsertFilmsParams, len(films))
	for i, f := range films {
		args[i] = postgres.InsertFilmsParams{Title: f.Title, Genre: f.Genre, Director: f.Director, Price: f.Price,
			Rating: f.Rating, InShop: f.InShop, Added: f.Added, StudioID: f.StudioID}
	}
	var problem error
	s.q.InsertFilms(ctx, args).QueryRow(func(i int, id int64, err error) {
		films[i].ID, problem = id, errors.Join(problem, err)
	})
	return problem
}

func (s *sqlcPostgres) raise(ctx context.Context, id, by int64) error {
	return s.q.RaisePrice(ctx, postgres.RaisePriceParams{Raise: by, ID: id})
}

func (s *sqlcPostgres) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.q.StockByGenre(ctx)
	var list []Stock
	for _, r := range rows {
		list = append(list, Stock(r))
	}
	return list, err
}

func (s *sqlcPostgres) trim(ctx context.Context, last int64) error { return s.q.TrimFilms(ctx, last) }

func (s *sqlcPostgres) world(ctx context.Context, id int64) (any, error) {
	return s.q.GetWorld(ctx, id)
}

func (s *sqlcPostgres) worlds(ctx context.Context, ids []int64) (any, error) {
	return s.read(ctx, ids)
}

func (s *sqlcPostgres) read(ctx context.Context, ids []int64) ([]postgres.World, error) {
	var problem error
	list := make([]postgres.World, len(ids))
	s.q.GetWorlds(ctx, ids).QueryRow(func(i int, w postgres.World, err error) {
		list[i], problem = w, errors.Join(problem, err)
	})
	return list, problem
}

func (s *sqlcPostgres) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	args := make([]postgres.UpdateWorldsParams, len(list))
	for i := range list {
		list[i].RandomNumber = follow(list[i].RandomNumber)
		args[i] = postgres.UpdateWorldsParams{Number: list[i].RandomNumber, ID: list[i].ID}
	}
	var problem error
	s.q.UpdateWorlds(ctx, args).Exec(func(_ int, err error) { problem = errors.Join(problem, err) })
	return list, problem
}

func (s *sqlcPostgres) fortunes(ctx context.Context) ([]*Fortune, error) {
	rows, err := s.q.ListFortunes(ctx)
	list := make([]*Fortune, len(rows))
	for i := range rows {
		list[i] = (*Fortune)(&rows[i])
	}
	return list, err
}

func (s *sqlcPostgres) close() error {
	s.pool.Close()
	return nil
}
