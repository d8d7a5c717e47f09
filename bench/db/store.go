package main

import (
	"context"
	"path/filepath"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
)

// A store is one way to reach the films.
type store interface {
	// get returns the film with this key.
	get(ctx context.Context, id int64) (*Film, error)
	// list returns the 100 newest films of a genre.
	list(ctx context.Context, genre string) ([]*Film, error)
	// insert stores films without keys in one transaction and sets their keys.
	insert(ctx context.Context, films []*Film) error
	// insertOne stores a film without a key and sets it.
	insertOne(ctx context.Context, f *Film) error
	// raise adds to the price of the film with this key, in the database.
	raise(ctx context.Context, id, by int64) error
	// stock returns how many films each genre has and what the dearest costs.
	stock(ctx context.Context) ([]Stock, error)
	// trim deletes the films with keys above last.
	trim(ctx context.Context, last int64) error
	close() error
}

// A contender is a store by its name. Each opens a file that was seeded with
// the same films.
type contender struct {
	name, title string
	open        func(file string) (store, error)
}

// The baseline, with which the others are compared, is the first.
var contenders = [...]contender{
	{"prepared", "database/sql, prepared statements", openPrepared},
	{"plain", "database/sql, SQL each time", openPlain},
	{"batched", "database/sql, prepared, inserts of 100 rows", openBatched},
	{"ashlar", "Ashlar", openAshlar},
	{"bun", "Bun", openBun},
}

// seed makes a database with the films.
func seed(ctx context.Context, folder, name string) (file string, err error) {
	file = filepath.Join(folder, name+".db")
	s, err := openAshlar(file)
	if err != nil {
		return "", err
	}
	defer func() {
		if e := s.close(); err == nil {
			err = e
		}
	}()
	if err := createTable(ctx, s.(*ashlarStore).d); err != nil {
		return "", err
	}
	return file, s.insert(ctx, makeFilms(filmCount))
}

// createTable runs the DDL that a migration would.
func createTable(ctx context.Context, d *db.DB) error {
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: Models()})
	if err != nil {
		return err
	}
	plan, err := schema.SQLite{}.Plan(schema.Schema{}, ops)
	if err != nil {
		return err
	}
	return d.WithConn(ctx, func(c db.Conn) error {
		for _, sql := range plan.Statements {
			if _, err := c.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// ashlarStore reaches the films through the generated table.
type ashlarStore struct{ d *db.DB }

func openAshlar(file string) (store, error) {
	d, err := db.Open(db.Config{URL: "sqlite:" + file}, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	return &ashlarStore{d}, nil
}

func (s *ashlarStore) get(ctx context.Context, id int64) (*Film, error) {
	return Films.Get(db.NewContext(ctx, s.d), id)
}

func (s *ashlarStore) list(ctx context.Context, genre string) ([]*Film, error) {
	return Films.Where(Films.Genre.Eq(genre)).OrderBy(Films.ID.Desc()).Limit(100).
		All(db.NewContext(ctx, s.d))
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

func (s *ashlarStore) close() error { return s.d.Close() }
