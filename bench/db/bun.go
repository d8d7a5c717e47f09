package main

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/mysqldialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// bunStore reaches the films through Bun, on database/sql with the settings of
// the others.
type bunStore struct {
	db   *bun.DB
	bulk bool // UPDATE … FROM of a list
}

// openBun returns what opens one on the database/sql that open gives.
func openBun(open func(string) (*sql.DB, error), dialect func() schema.Dialect, bulk bool) opener {
	return func(url string) (store, error) {
		d, err := open(url)
		if err != nil {
			return nil, err
		}
		return &bunStore{bun.NewDB(d, dialect()), bulk}, nil
	}
}

func bunSQLite() schema.Dialect   { return sqlitedialect.New() }
func bunPostgres() schema.Dialect { return pgdialect.New() }
func bunMariaDB() schema.Dialect  { return mysqldialect.New() }

func (s *bunStore) get(ctx context.Context, id int64) (oneFilm, error) {
	f := new(Film)
	err := s.db.NewSelect().Model(f).Where("id = ?", id).Scan(ctx)
	return f, err
}

func (s *bunStore) list(ctx context.Context, genre string) (manyFilms, error) {
	var films []*Film
	err := s.db.NewSelect().Model(&films).Where("genre = ?", genre).Order("id DESC").Limit(100).Scan(ctx)
	return ownFilms(films), err
}

func (s *bunStore) related(ctx context.Context, genre string) (manyFilms, error) {
	var films []*Film
	err := s.db.NewSelect().Model(&films).Where("genre = ?", genre).OrderExpr("film.id DESC").Limit(100).
		Relation("Studio").
		Relation("Reviews", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("id") }).
		Scan(ctx)
	return ownFilms(films), err
}

func (s *bunStore) insertOne(ctx context.Context, f *Film) error {
	_, err := s.db.NewInsert().Model(f).Exec(ctx)
	return err
}

// insert is one statement, and so one transaction.
func (s *bunStore) insert(ctx context.Context, films []*Film) error {
	_, err := s.db.NewInsert().Model(&films).Exec(ctx)
	return err
}

func (s *bunStore) raise(ctx context.Context, id, by int64) error {
	_, err := s.db.NewUpdate().Model((*Film)(nil)).Set("price = price + ?", by).Where("id = ?", id).Exec(ctx)
	return err
}

func (s *bunStore) stock(ctx context.Context) (list []Stock, err error) {
	err = s.db.NewSelect().Model((*Film)(nil)).ColumnExpr("genre, count(*) AS films, max(price) AS dearest").
		Group("genre").Order("genre").Scan(ctx, &list)
	return list, err
}

func (s *bunStore) trim(ctx context.Context, last int64) error {
	_, err := s.db.NewDelete().Model((*Film)(nil)).Where("id > ?", last).Exec(ctx)
	return err
}

func (s *bunStore) world(ctx context.Context, id int64) (any, error) {
	w := new(World)
	return w, s.db.NewSelect().Model(w).Where("id = ?", id).Scan(ctx)
}

func (s *bunStore) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

func (s *bunStore) read(ctx context.Context, ids []int64) ([]*World, error) {
	list := make([]*World, len(ids))
	for i, id := range ids {
		list[i] = new(World)
		if err := s.db.NewSelect().Model(list[i]).Where("id = ?", id).Scan(ctx); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *bunStore) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		w.RandomNumber = follow(w.RandomNumber)
	}
	if s.bulk {
		_, err = s.db.NewUpdate().Model(&list).Column("random_number").Bulk().Exec(ctx)
		return list, err
	}
	return list, s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, w := range list {
			if _, err := tx.NewUpdate().Model(w).Column("random_number").WherePK().Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *bunStore) fortunes(ctx context.Context) (list []*Fortune, err error) {
	err = s.db.NewSelect().Model(&list).Scan(ctx)
	return list, err
}

func (s *bunStore) close() error { return s.db.Close() }
