package main

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// bunStore reaches the films through Bun, on database/sql with the settings of
// the others.
type bunStore struct{ db *bun.DB }

func openBun(file string) (store, error) {
	s, err := open(file)
	if err != nil {
		return nil, err
	}
	return &bunStore{bun.NewDB(s.db, sqlitedialect.New())}, nil
}

func (s *bunStore) get(ctx context.Context, id int64) (*Film, error) {
	f := new(Film)
	err := s.db.NewSelect().Model(f).Where("id = ?", id).Scan(ctx)
	return f, err
}

func (s *bunStore) list(ctx context.Context, genre string) (films []*Film, err error) {
	err = s.db.NewSelect().Model(&films).Where("genre = ?", genre).Order("id DESC").Limit(100).Scan(ctx)
	return films, err
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

func (s *bunStore) close() error { return s.db.Close() }
