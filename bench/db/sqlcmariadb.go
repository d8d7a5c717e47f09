package main

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ashlar-go/ashlar/bench/db/sqlc/mariadb"
)

// sqlcMariaDB reaches the films through what sqlc generates for database/sql, with
// its prepared statements.
type sqlcMariaDB struct {
	db *sql.DB
	q  *mariadb.Queries
}

func openSqlcMariaDB(url string) (store, error) {
	d, err := openMariaDB(url)
	if err != nil {
		return nil, err
	}
	q, err := mariadb.Prepare(context.Background(), d)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return &sqlcMariaDB{d, q}, nil
}

type mariaFilm struct {
	mariadb.Film
	studio  *mariadb.Studio
	reviews []mariadb.Review
}

func (f *mariaFilm) film() *Film {
	own := &Film{f.ID, f.Title, f.Genre, nil, f.Price, nil, f.InShop, f.Added, f.StudioID, (*Studio)(f.studio), nil}
	if f.Director.Valid {
		own.Director = &f.Director.String
	}
	if f.Rating.Valid {
		own.Rating = &f.Rating.Float64
	}
	for i := range f.reviews {
		own.Reviews = append(own.Reviews, (*Review)(&f.reviews[i]))
	}
	return own
}

type mariaFilms []mariadb.Film

func (l mariaFilms) films() []*Film {
	var own []*Film
	for _, f := range l {
		own = append(own, (&mariaFilm{Film: f}).film())
	}
	return own
}

type mariaRelated []mariaFilm

func (l mariaRelated) films() []*Film {
	var own []*Film
	for i := range l {
		own = append(own, l[i].film())
	}
	return own
}

func (s *sqlcMariaDB) get(ctx context.Context, id int64) (oneFilm, error) {
	f, err := s.q.GetFilm(ctx, id)
	return &mariaFilm{Film: f}, err
}

func (s *sqlcMariaDB) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.q.ListFilms(ctx, genre)
	return mariaFilms(films), err
}

func (s *sqlcMariaDB) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.q.ListFilms(ctx, genre)
	if err != nil {
		return nil, err
	}
	list := make(mariaRelated, len(films))
	ids, studios := make([]int64, len(films)), []int64(nil)
	byID, at := make(map[int64]*mariaFilm, len(films)), map[int64]*mariadb.Studio{}
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

func mariaParams(f *Film) mariadb.InsertFilmParams {
	p := mariadb.InsertFilmParams{Title: f.Title, Genre: f.Genre, Price: f.Price, InShop: f.InShop, Added: f.Added, StudioID: f.StudioID}
	if f.Director != nil {
		p.Director = sql.NullString{String: *f.Director, Valid: true}
	}
	if f.Rating != nil {
		p.Rating = sql.NullFloat64{Float64: *f.Rating, Valid: true}
	}
	return p
}

func (s *sqlcMariaDB) insertOne(ctx context.Context, f *Film) (err error) {
	f.ID, err = s.q.InsertFilm(ctx, mariaParams(f))
	return err
}

func (s *sqlcMariaDB) insert(ctx context.Context, films []*Film) error {
	return inTx(ctx, s.db, func(tx *sql.Tx) (err error) {
		q := s.q.WithTx(tx)
		for _, f := range films {
			if f.ID, err = q.InsertFilm(ctx, mariaParams(f)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlcMariaDB) raise(ctx context.Context, id, by int64) error {
	return s.q.RaisePrice(ctx, mariadb.RaisePriceParams{Raise: by, ID: id})
}

func (s *sqlcMariaDB) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.q.StockByGenre(ctx)
	var list []Stock
	for _, r := range rows {
		list = append(list, Stock(r))
	}
	return list, err
}

func (s *sqlcMariaDB) trim(ctx context.Context, last int64) error { return s.q.TrimFilms(ctx, last) }

func (s *sqlcMariaDB) world(ctx context.Context, id int64) (any, error) { return s.q.GetWorld(ctx, id) }

func (s *sqlcMariaDB) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

func (s *sqlcMariaDB) read(ctx context.Context, ids []int64) ([]mariadb.World, error) {
	list := make([]mariadb.World, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = s.q.GetWorld(ctx, id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *sqlcMariaDB) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	return list, inTx(ctx, s.db, func(tx *sql.Tx) error {
		q := s.q.WithTx(tx)
		for i := range list {
			list[i].RandomNumber = follow(list[i].RandomNumber)
			if err := q.UpdateWorld(ctx, mariadb.UpdateWorldParams{Number: list[i].RandomNumber, ID: list[i].ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlcMariaDB) fortunes(ctx context.Context) ([]*Fortune, error) {
	rows, err := s.q.ListFortunes(ctx)
	list := make([]*Fortune, len(rows))
	for i := range rows {
		list[i] = (*Fortune)(&rows[i])
	}
	return list, err
}

func (s *sqlcMariaDB) close() error { return errors.Join(s.q.Close(), s.db.Close()) }
