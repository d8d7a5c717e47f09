package main

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ashlar-go/ashlar/bench/db/sqlc/sqlite"
)

// sqlcSQLite reaches the films through what sqlc generates for database/sql, with
// its prepared statements.
type sqlcSQLite struct {
	db *sql.DB
	q  *sqlite.Queries
}

func openSqlcSQLite(url string) (store, error) {
	d, err := openSQLite(url)
	if err != nil {
		return nil, err
	}
	q, err := sqlite.Prepare(context.Background(), d)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return &sqlcSQLite{d, q}, nil
}

type liteFilm struct {
	sqlite.Film
	studio  *sqlite.Studio
	reviews []sqlite.Review
}

func (f *liteFilm) film() *Film {
	own := &Film{f.ID, f.Title, f.Genre, f.Director, f.Price, f.Rating, f.InShop != 0, f.Added, f.StudioID, (*Studio)(f.studio), nil}
	for i := range f.reviews {
		own.Reviews = append(own.Reviews, (*Review)(&f.reviews[i]))
	}
	return own
}

type liteFilms []sqlite.Film

func (l liteFilms) films() []*Film {
	var own []*Film
	for _, f := range l {
		own = append(own, (&liteFilm{Film: f}).film())
	}
	return own
}

type liteRelated []liteFilm

func (l liteRelated) films() []*Film {
	var own []*Film
	for i := range l {
		own = append(own, l[i].film())
	}
	return own
}

func (s *sqlcSQLite) get(ctx context.Context, id int64) (oneFilm, error) {
	f, err := s.q.GetFilm(ctx, id)
	return &liteFilm{Film: f}, err
}

func (s *sqlcSQLite) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.q.ListFilms(ctx, genre)
	return liteFilms(films), err
}

func (s *sqlcSQLite) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.q.ListFilms(ctx, genre)
	if err != nil {
		return nil, err
	}
	list := make(liteRelated, len(films))
	ids, studios := make([]int64, len(films)), []int64(nil)
	byID, at := make(map[int64]*liteFilm, len(films)), map[int64]*sqlite.Studio{}
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

func liteParams(f *Film) sqlite.InsertFilmParams {
	p := sqlite.InsertFilmParams{Title: f.Title, Genre: f.Genre, Director: f.Director, Price: f.Price,
		Rating: f.Rating, Added: f.Added, StudioID: f.StudioID}
	if f.InShop { // SQLite has no truth values, and sqlc makes none
		p.InShop = 1
	}
	return p
}

func (s *sqlcSQLite) insertOne(ctx context.Context, f *Film) (err error) {
	f.ID, err = s.q.InsertFilm(ctx, liteParams(f))
	return err
}

func (s *sqlcSQLite) insert(ctx context.Context, films []*Film) error {
	return inTx(ctx, s.db, func(tx *sql.Tx) (err error) {
		q := s.q.WithTx(tx)
		for _, f := range films {
			if f.ID, err = q.InsertFilm(ctx, liteParams(f)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlcSQLite) raise(ctx context.Context, id, by int64) error {
	return s.q.RaisePrice(ctx, sqlite.RaisePriceParams{Raise: by, ID: id})
}

func (s *sqlcSQLite) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.q.StockByGenre(ctx)
	var list []Stock
	for _, r := range rows {
		list = append(list, Stock(r))
	}
	return list, err
}

func (s *sqlcSQLite) trim(ctx context.Context, last int64) error { return s.q.TrimFilms(ctx, last) }

func (s *sqlcSQLite) world(ctx context.Context, id int64) (any, error) { return s.q.GetWorld(ctx, id) }

func (s *sqlcSQLite) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

func (s *sqlcSQLite) read(ctx context.Context, ids []int64) ([]sqlite.World, error) {
	list := make([]sqlite.World, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = s.q.GetWorld(ctx, id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *sqlcSQLite) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	return list, inTx(ctx, s.db, func(tx *sql.Tx) error {
		q := s.q.WithTx(tx)
		for i := range list {
			list[i].RandomNumber = follow(list[i].RandomNumber)
			if err := q.UpdateWorld(ctx, sqlite.UpdateWorldParams{Number: list[i].RandomNumber, ID: list[i].ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlcSQLite) fortunes(ctx context.Context) ([]*Fortune, error) {
	rows, err := s.q.ListFortunes(ctx)
	list := make([]*Fortune, len(rows))
	for i := range rows {
		list[i] = (*Fortune)(&rows[i])
	}
	return list, err
}

func (s *sqlcSQLite) close() error { return errors.Join(s.q.Close(), s.db.Close()) }
