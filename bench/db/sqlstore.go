package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// The SQL of the stores that are written by hand. PostgreSQL numbers its
// arguments.
const (
	columns      = "id, title, genre, director, price, rating, in_shop, added, studio_id"
	getSQL       = "SELECT " + columns + " FROM films WHERE id = ?"
	listSQL      = "SELECT " + columns + " FROM films WHERE genre = ? ORDER BY id DESC LIMIT 100"
	studiosSQL   = "SELECT id, name, country FROM studios WHERE id IN "
	reviewsSQL   = "SELECT id, film_id, author, stars, body FROM reviews WHERE film_id IN "
	updateSQL    = "UPDATE films SET price = price + ? WHERE id = ?"
	stockSQL     = "SELECT genre, count(*), max(price) FROM films GROUP BY genre ORDER BY genre"
	trimSQL      = "DELETE FROM films WHERE id > ?"
	worldSQL     = "SELECT id, random_number FROM worlds WHERE id = ?"
	setWorldSQL  = "UPDATE worlds SET random_number = ? WHERE id = ?"
	fortunesSQL  = "SELECT id, message FROM fortunes"
	insertSQL    = "INSERT INTO films (title, genre, director, price, rating, in_shop, added, studio_id) VALUES "
	insertOneSQL = insertSQL + insertRow
	insertRow    = "(?, ?, ?, ?, ?, ?, ?, ?)"
	batchRows    = 100 // in one INSERT
)

// sqlStore is database/sql by hand, as careful code has it: all statements are
// prepared.
type sqlStore struct {
	db        *sql.DB
	prepared  map[string]*sql.Stmt // by text; complete before the store is used
	insertSQL string               // of batchRows rows
}

// openSQL returns what opens one on the database/sql that open gives.
func openSQL(open func(string) (*sql.DB, error)) opener {
	return func(url string) (store, error) {
		d, err := open(url)
		if err != nil {
			return nil, err
		}
		s := &sqlStore{db: d, prepared: map[string]*sql.Stmt{},
			insertSQL: insertSQL + strings.Repeat(insertRow+", ", batchRows-1) + insertRow + " RETURNING id"}
		texts := []string{getSQL, listSQL, updateSQL, stockSQL, trimSQL, worldSQL, setWorldSQL, fortunesSQL, insertOneSQL, s.insertSQL}
		for n := range batchRows {
			texts = append(texts, studiosSQL+list(n+1), reviewsSQL+list(n+1)+" ORDER BY id")
		}
		for _, text := range texts {
			if s.prepared[text], err = d.Prepare(text); err != nil {
				return nil, errors.Join(err, d.Close())
			}
		}
		return s, nil
	}
}

// list is room for n arguments.
func list(n int) string { return "(" + strings.Repeat("?, ", n-1) + "?)" }

func (s *sqlStore) get(ctx context.Context, id int64) (oneFilm, error) {
	return scan(s.prepared[getSQL].QueryRowContext(ctx, id))
}

func (s *sqlStore) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.newest(ctx, genre)
	return ownFilms(films), err
}

func (s *sqlStore) newest(ctx context.Context, genre string) ([]*Film, error) {
	rows, err := s.prepared[listSQL].QueryContext(ctx, genre)
	return scanAll(rows, err, scan)
}

func (s *sqlStore) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.newest(ctx, genre)
	if err != nil || len(films) == 0 {
		return nil, err
	}
	r := relate(films)
	rows, err := s.prepared[studiosSQL+list(len(r.studios))].QueryContext(ctx, r.studioArgs()...)
	studios, err := scanAll(rows, err, scanStudio)
	if err != nil {
		return nil, err
	}
	rows, err = s.prepared[reviewsSQL+list(len(films))+" ORDER BY id"].QueryContext(ctx, r.filmArgs()...)
	reviews, err := scanAll(rows, err, scanReview)
	if err != nil {
		return nil, err
	}
	r.join(studios, reviews)
	return ownFilms(films), nil
}

func (s *sqlStore) insertOne(ctx context.Context, f *Film) error {
	r, err := s.prepared[insertOneSQL].ExecContext(ctx, values(f)...)
	if err == nil {
		f.ID, err = r.LastInsertId()
	}
	return err
}

// insert takes a multiple of batchRows films.
func (s *sqlStore) insert(ctx context.Context, films []*Film) error {
	return inTx(ctx, s.db, func(tx *sql.Tx) error {
		stmt := tx.StmtContext(ctx, s.prepared[s.insertSQL])
		for ; len(films) > 0; films = films[batchRows:] {
			if err := insertBatch(ctx, stmt, films[:batchRows]); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertBatch(ctx context.Context, stmt *sql.Stmt, films []*Film) error {
	args := make([]any, 0, batchRows*8)
	for _, f := range films {
		args = append(args, values(f)...)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		if err := rows.Scan(&films[i].ID); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *sqlStore) raise(ctx context.Context, id, by int64) error {
	_, err := s.prepared[updateSQL].ExecContext(ctx, by, id)
	return err
}

func (s *sqlStore) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.prepared[stockSQL].QueryContext(ctx)
	return scanAll(rows, err, scanStock)
}

func (s *sqlStore) trim(ctx context.Context, last int64) error {
	_, err := s.prepared[trimSQL].ExecContext(ctx, last)
	return err
}

func (s *sqlStore) world(ctx context.Context, id int64) (any, error) {
	return scanWorld(s.prepared[worldSQL].QueryRowContext(ctx, id))
}

func (s *sqlStore) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

func (s *sqlStore) read(ctx context.Context, ids []int64) ([]World, error) {
	list := make([]World, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = scanWorld(s.prepared[worldSQL].QueryRowContext(ctx, id)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *sqlStore) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	return list, inTx(ctx, s.db, func(tx *sql.Tx) error {
		stmt := tx.StmtContext(ctx, s.prepared[setWorldSQL])
		for i := range list {
			list[i].RandomNumber = follow(list[i].RandomNumber)
			if _, err := stmt.ExecContext(ctx, list[i].RandomNumber, list[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlStore) fortunes(ctx context.Context) ([]*Fortune, error) {
	rows, err := s.prepared[fortunesSQL].QueryContext(ctx)
	return scanAll(rows, err, scanFortune)
}

func (s *sqlStore) close() error { return s.db.Close() }

func inTx(ctx context.Context, d *sql.DB, f func(*sql.Tx) error) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
