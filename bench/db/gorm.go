package main

import (
	"context"
	"database/sql"

	"gorm.io/driver/mysql"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// gormStore reaches the films through GORM with what its documentation has for
// speed: prepared statements, and no transaction around a single write.
type gormStore struct{ db *gorm.DB }

// openGorm returns what opens one on the database/sql that open gives.
func openGorm(open func(string) (*sql.DB, error), dialect func(*sql.DB) gorm.Dialector) opener {
	return func(url string) (store, error) {
		d, err := open(url)
		if err != nil {
			return nil, err
		}
		g, err := gorm.Open(dialect(d), &gorm.Config{PrepareStmt: true, SkipDefaultTransaction: true, Logger: logger.Discard})
		return &gormStore{g}, err
	}
}

func gormSQLite(d *sql.DB) gorm.Dialector   { return sqliteDialect{d} }
func gormPostgres(d *sql.DB) gorm.Dialector { return postgres.New(postgres.Config{Conn: d}) }
func gormMariaDB(d *sql.DB) gorm.Dialector  { return mysql.New(mysql.Config{Conn: d}) }

func (s *gormStore) get(ctx context.Context, id int64) (oneFilm, error) {
	f := new(Film)
	return f, s.db.WithContext(ctx).Take(f, id).Error
}

func (s *gormStore) list(ctx context.Context, genre string) (manyFilms, error) {
	var films []*Film
	err := s.db.WithContext(ctx).Where("genre = ?", genre).Order("id DESC").Limit(100).Find(&films).Error
	return ownFilms(films), err
}

func (s *gormStore) related(ctx context.Context, genre string) (manyFilms, error) {
	var films []*Film
	err := s.db.WithContext(ctx).Where("genre = ?", genre).Order("id DESC").Limit(100).
		Preload("Studio").
		Preload("Reviews", func(q *gorm.DB) *gorm.DB { return q.Order("id") }).
		Find(&films).Error
	return ownFilms(films), err
}

func (s *gormStore) insertOne(ctx context.Context, f *Film) error {
	return s.db.WithContext(ctx).Create(f).Error
}

// insert is one statement, and so one transaction.
func (s *gormStore) insert(ctx context.Context, films []*Film) error {
	return s.db.WithContext(ctx).Create(films).Error
}

func (s *gormStore) raise(ctx context.Context, id, by int64) error {
	return s.db.WithContext(ctx).Model(&Film{}).Where("id = ?", id).Update("price", gorm.Expr("price + ?", by)).Error
}

func (s *gormStore) stock(ctx context.Context) (list []Stock, err error) {
	err = s.db.WithContext(ctx).Model(&Film{}).Select("genre, count(*) AS films, max(price) AS dearest").
		Group("genre").Order("genre").Scan(&list).Error
	return list, err
}

func (s *gormStore) trim(ctx context.Context, last int64) error {
	return s.db.WithContext(ctx).Where("id > ?", last).Delete(&Film{}).Error
}

func (s *gormStore) world(ctx context.Context, id int64) (any, error) {
	w := new(World)
	return w, s.db.WithContext(ctx).Take(w, id).Error
}

func (s *gormStore) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

func (s *gormStore) read(ctx context.Context, ids []int64) ([]*World, error) {
	list := make([]*World, len(ids))
	for i, id := range ids {
		list[i] = new(World)
		if err := s.db.WithContext(ctx).Take(list[i], id).Error; err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *gormStore) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	return list, s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, w := range list {
			w.RandomNumber = follow(w.RandomNumber)
			if err := tx.Model(w).Update("random_number", w.RandomNumber).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *gormStore) fortunes(ctx context.Context) (list []*Fortune, err error) {
	err = s.db.WithContext(ctx).Find(&list).Error
	return list, err
}

func (s *gormStore) close() error {
	d, err := s.db.DB()
	if err != nil {
		return err
	}
	return d.Close()
}
