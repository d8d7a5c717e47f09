package main

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ashlar-go/ashlar/bench/db/ent"
	"github.com/ashlar-go/ashlar/bench/db/ent/film"
	"github.com/ashlar-go/ashlar/bench/db/ent/review"
	"github.com/ashlar-go/ashlar/bench/db/ent/world"

	entsql "entgo.io/ent/dialect/sql"
)

// entStore reaches the films through what Ent generates, on database/sql with
// the settings of the others.
type entStore struct{ c *ent.Client }

// openEnt returns what opens one on the database/sql that open gives.
func openEnt(open func(string) (*sql.DB, error), dialect string) opener {
	return func(url string) (store, error) {
		d, err := open(url)
		if err != nil {
			return nil, err
		}
		return &entStore{ent.NewClient(ent.Driver(entsql.OpenDB(dialect, d)))}, nil
	}
}

type entFilm struct{ f *ent.Film }

func (f entFilm) film() *Film {
	own := &Film{f.f.ID, f.f.Title, f.f.Genre, f.f.Director, f.f.Price, f.f.Rating, f.f.InShop, f.f.Added, f.f.StudioID, nil, nil}
	if s := f.f.Edges.Studio; s != nil {
		own.Studio = &Studio{s.ID, s.Name, s.Country}
	}
	for _, r := range f.f.Edges.Reviews {
		own.Reviews = append(own.Reviews, &Review{r.ID, r.FilmID, r.Author, r.Stars, r.Body})
	}
	return own
}

type entFilms []*ent.Film

func (l entFilms) films() []*Film {
	var own []*Film
	for _, f := range l {
		own = append(own, entFilm{f}.film())
	}
	return own
}

func (s *entStore) get(ctx context.Context, id int64) (oneFilm, error) {
	f, err := s.c.Film.Get(ctx, id)
	return entFilm{f}, err
}

func (s *entStore) newest(genre string) *ent.FilmQuery {
	return s.c.Film.Query().Where(film.Genre(genre)).Order(ent.Desc(film.FieldID)).Limit(100)
}

func (s *entStore) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.newest(genre).All(ctx)
	return entFilms(films), err
}

func (s *entStore) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.newest(genre).
		WithStudio().
		WithReviews(func(q *ent.ReviewQuery) { q.Order(ent.Asc(review.FieldID)) }).
		All(ctx)
	return entFilms(films), err
}

func (s *entStore) creating(f *Film) *ent.FilmCreate {
	return s.c.Film.Create().SetTitle(f.Title).SetGenre(f.Genre).SetNillableDirector(f.Director).SetPrice(f.Price).
		SetNillableRating(f.Rating).SetInShop(f.InShop).SetAdded(f.Added).SetStudioID(f.StudioID)
}

func (s *entStore) insertOne(ctx context.Context, f *Film) error {
	created, err := s.creating(f).Save(ctx)
	if err == nil {
		f.ID = created.ID
	}
	return err
}

// insert is one statement, and so one transaction.
func (s *entStore) insert(ctx context.Context, films []*Film) error {
	builders := make([]*ent.FilmCreate, len(films))
	for i, f := range films {
		builders[i] = s.creating(f)
	}
	list, err := s.c.Film.CreateBulk(builders...).Save(ctx)
	for i, created := range list {
		films[i].ID = created.ID
	}
	return err
}

func (s *entStore) raise(ctx context.Context, id, by int64) error {
	return s.c.Film.Update().Where(film.ID(id)).AddPrice(by).Exec(ctx)
}

func (s *entStore) stock(ctx context.Context) ([]Stock, error) {
	var rows []struct {
		Genre string
		Count int64
		Max   int64
	}
	err := s.c.Film.Query().Order(ent.Asc(film.FieldGenre)).GroupBy(film.FieldGenre).
		Aggregate(ent.Count(), ent.Max(film.FieldPrice)).Scan(ctx, &rows)
	var list []Stock
	for _, r := range rows {
		list = append(list, Stock{r.Genre, r.Count, r.Max})
	}
	return list, err
}

func (s *entStore) trim(ctx context.Context, last int64) error {
	_, err := s.c.Film.Delete().Where(film.IDGT(last)).Exec(ctx)
	return err
}

func (s *entStore) world(ctx context.Context, id int64) (any, error) { return s.c.World.Get(ctx, id) }

func (s *entStore) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

func (s *entStore) read(ctx context.Context, ids []int64) ([]*ent.World, error) {
	list := make([]*ent.World, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = s.c.World.Get(ctx, id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *entStore) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	tx, err := s.c.Tx(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		w.RandomNumber = follow(w.RandomNumber)
		if err := tx.World.Update().Where(world.ID(w.ID)).SetRandomNumber(w.RandomNumber).Exec(ctx); err != nil {
			return nil, errors.Join(err, tx.Rollback())
		}
	}
	return list, tx.Commit()
}

func (s *entStore) fortunes(ctx context.Context) ([]*Fortune, error) {
	rows, err := s.c.Fortune.Query().All(ctx)
	own := make([]Fortune, len(rows))
	list := make([]*Fortune, len(rows))
	for i, r := range rows {
		own[i] = Fortune{r.ID, r.Message}
		list[i] = &own[i]
	}
	return list, err
}

func (s *entStore) close() error { return s.c.Close() }
