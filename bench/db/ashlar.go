package main

import (
	"context"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/sqlite"
)

// ashlarStore reaches the films through the generated tables.
type ashlarStore struct {
	d   *db.DB
	url string
}

func openAshlar(url string) (store, error) {
	d, err := db.Open(db.Config{URL: url}, sqlite.Driver, postgres.Driver, mariadb.Driver)
	if err != nil {
		return nil, err
	}
	return &ashlarStore{d, url}, nil
}

func (s *ashlarStore) get(ctx context.Context, id int64) (oneFilm, error) {
	return Films.Get(db.NewContext(ctx, s.d), id)
}

func (s *ashlarStore) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := Films.Where(Films.Genre.Eq(genre)).OrderBy(Films.ID.Desc()).Limit(100).
		All(db.NewContext(ctx, s.d))
	return ownFilms(films), err
}

func (s *ashlarStore) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := Films.Where(Films.Genre.Eq(genre)).OrderBy(Films.ID.Desc()).Limit(100).
		With(Films.Studio(), Films.Reviews()).
		All(db.NewContext(ctx, s.d))
	return ownFilms(films), err
}

func (s *ashlarStore) insert(ctx context.Context, films []*Film) error {
	return Films.Insert(db.NewContext(ctx, s.d), films...)
}

func (s *ashlarStore) insertOne(ctx context.Context, f *Film) error {
	return Films.Insert(db.NewContext(ctx, s.d), f)
}

func (s *ashlarStore) raise(ctx context.Context, id, by int64) error {
	_, err := Films.Where(Films.ID.Eq(id)).Update(db.NewContext(ctx, s.d), Films.Price.Add(by))
	return err
}

func (s *ashlarStore) stock(ctx context.Context) ([]Stock, error) {
	type row struct {
		genre   string
		films   int64
		dearest *int64
	}
	rows, err := db.Into(Films.OrderBy(Films.Genre.Asc()), func(r *row) []db.Dest {
		return []db.Dest{Films.Genre.To(&r.genre), db.Count().To(&r.films), Films.Price.Max().To(&r.dearest)}
	}).All(db.NewContext(ctx, s.d))
	var list []Stock
	for _, r := range rows {
		list = append(list, Stock{r.genre, r.films, *r.dearest})
	}
	return list, err
}

func (s *ashlarStore) trim(ctx context.Context, last int64) error {
	_, err := Films.Where(Films.ID.GT(last)).Delete(db.NewContext(ctx, s.d))
	return err
}

func (s *ashlarStore) world(ctx context.Context, id int64) (any, error) {
	return Worlds.Get(db.NewContext(ctx, s.d), id)
}

func (s *ashlarStore) worlds(ctx context.Context, ids []int64) (any, error) {
	return readWorlds(db.NewContext(ctx, s.d), ids)
}

func (s *ashlarStore) change(ctx context.Context, ids []int64) (any, error) {
	return changeWorlds(db.NewContext(ctx, s.d), ids)
}

// readWorlds and its like find the database in the context, as an app does.
func readWorlds(ctx context.Context, ids []int64) ([]*World, error) {
	list, parts := make([]*World, len(ids)), make([]db.Part, len(ids))
	for i, id := range ids {
		parts[i] = Worlds.Where(Worlds.ID.Eq(id)).FirstTo(&list[i])
	}
	return list, db.Batch(ctx, parts...)
}

// changeWorlds writes with a batch, which is a transaction.
func changeWorlds(ctx context.Context, ids []int64) ([]*World, error) {
	list, err := readWorlds(ctx, ids)
	if err != nil {
		return nil, err
	}
	changed, parts := make([]int64, len(list)), make([]db.Part, len(list))
	for i, w := range list {
		w.RandomNumber = follow(w.RandomNumber)
		parts[i] = Worlds.Where(Worlds.ID.Eq(w.ID)).UpdateTo(ctx, &changed[i], Worlds.RandomNumber.Set(w.RandomNumber))
	}
	return list, db.Batch(ctx, parts...)
}

func (s *ashlarStore) fortunes(ctx context.Context) ([]*Fortune, error) {
	return Fortunes.All(db.NewContext(ctx, s.d))
}

func (s *ashlarStore) close() error { return s.d.Close() }
