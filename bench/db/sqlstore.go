package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	columns   = "id, title, genre, director, price, rating, in_shop, added"
	getSQL    = "SELECT " + columns + " FROM films WHERE id = ?"
	listSQL   = "SELECT " + columns + " FROM films WHERE genre = ? ORDER BY id DESC LIMIT 100"
	updateSQL = "UPDATE films SET price = price + ? WHERE id = ?"
	stockSQL  = "SELECT genre, count(*), max(price) FROM films GROUP BY genre ORDER BY genre"

	insertSQL = "INSERT INTO films (title, genre, director, price, rating, in_shop, added) VALUES " + insertRow
	insertRow = "(?, ?, ?, ?, ?, ?, ?)"
	batchRows = 100
)

// settings opens a file as Ashlar does: the same journal, the same promise
// that a commit is on the disk, the same checks.
const settings = "?_error_rc=1&_defensive=1&_dqs=0&_pragma=busy_timeout(50)&_pragma=foreign_keys(1)" +
	"&_pragma=trusted_schema(0)&_pragma=synchronous(FULL)&_pragma=journal_mode(WAL)"

// plainStore hands its SQL to database/sql each time, as most code does.
type plainStore struct{ db *sql.DB }

func openPlain(file string) (store, error) {
	s, err := open(file)
	return &s, err
}

func open(file string) (plainStore, error) {
	d, err := sql.Open("sqlite", "file:"+file+settings)
	if err == nil {
		err = d.Ping()
	}
	return plainStore{d}, err
}

func (s *plainStore) get(ctx context.Context, id int64) (*Film, error) {
	return scan(s.db.QueryRowContext(ctx, getSQL, id))
}

func (s *plainStore) list(ctx context.Context, genre string) ([]*Film, error) {
	rows, err := s.db.QueryContext(ctx, listSQL, genre)
	return scanAll(rows, err)
}

func (s *plainStore) insert(ctx context.Context, films []*Film) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		for _, f := range films {
			r, err := tx.ExecContext(ctx, insertSQL, values(f)...)
			if err == nil {
				f.ID, err = r.LastInsertId()
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *plainStore) insertOne(ctx context.Context, f *Film) error {
	r, err := s.db.ExecContext(ctx, insertSQL, values(f)...)
	if err == nil {
		f.ID, err = r.LastInsertId()
	}
	return err
}

func (s *plainStore) raise(ctx context.Context, id, by int64) error {
	_, err := s.db.ExecContext(ctx, updateSQL, by, id)
	return err
}

func (s *plainStore) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.db.QueryContext(ctx, stockSQL)
	return scanStock(rows, err)
}

func (s *plainStore) tx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (s *plainStore) trim(ctx context.Context, last int64) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM films WHERE id > ?", last)
	return err
}

func (s *plainStore) close() error { return s.db.Close() }

// preparedStore keeps its statements prepared, as careful code does.
type preparedStore struct {
	plainStore
	getStmt, listStmt, insertStmt, oneStmt, updateStmt, stockStmt *sql.Stmt
}

func openPrepared(file string) (store, error) { return prepare(file, insertSQL) }

func prepare(file, insert string) (*preparedStore, error) {
	plain, err := open(file)
	if err != nil {
		return nil, err
	}
	s := &preparedStore{plainStore: plain}
	for stmt, text := range map[**sql.Stmt]string{&s.getStmt: getSQL, &s.listStmt: listSQL, &s.insertStmt: insert,
		&s.oneStmt: insertSQL, &s.updateStmt: updateSQL, &s.stockStmt: stockSQL} {
		if *stmt, err = s.db.Prepare(text); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (s *preparedStore) get(ctx context.Context, id int64) (*Film, error) {
	return scan(s.getStmt.QueryRowContext(ctx, id))
}

func (s *preparedStore) list(ctx context.Context, genre string) ([]*Film, error) {
	rows, err := s.listStmt.QueryContext(ctx, genre)
	return scanAll(rows, err)
}

func (s *preparedStore) insertOne(ctx context.Context, f *Film) error {
	r, err := s.oneStmt.ExecContext(ctx, values(f)...)
	if err == nil {
		f.ID, err = r.LastInsertId()
	}
	return err
}

func (s *preparedStore) raise(ctx context.Context, id, by int64) error {
	_, err := s.updateStmt.ExecContext(ctx, by, id)
	return err
}

func (s *preparedStore) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.stockStmt.QueryContext(ctx)
	return scanStock(rows, err)
}

func (s *preparedStore) insert(ctx context.Context, films []*Film) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		stmt := tx.StmtContext(ctx, s.insertStmt)
		for _, f := range films {
			r, err := stmt.ExecContext(ctx, values(f)...)
			if err == nil {
				f.ID, err = r.LastInsertId()
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// batchedStore inserts batchRows rows with one statement, as Ashlar does.
type batchedStore struct{ *preparedStore }

func openBatched(file string) (store, error) {
	s, err := prepare(file, insertSQL+strings.Repeat(", "+insertRow, batchRows-1)+" RETURNING id")
	return batchedStore{s}, err
}

// insert takes a multiple of batchRows films.
func (s batchedStore) insert(ctx context.Context, films []*Film) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		stmt := tx.StmtContext(ctx, s.insertStmt)
		for ; len(films) > 0; films = films[batchRows:] {
			if err := insertBatch(ctx, stmt, films[:batchRows]); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertBatch(ctx context.Context, stmt *sql.Stmt, films []*Film) error {
	var args []any
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

// values are what is stored of a film.
func values(f *Film) []any {
	return []any{f.Title, f.Genre, f.Director, f.Price, f.Rating, f.InShop, f.Added}
}

// scan reads the current row.
func scan(row interface{ Scan(...any) error }) (*Film, error) {
	var f Film
	err := row.Scan(&f.ID, &f.Title, &f.Genre, &f.Director, &f.Price, &f.Rating, &f.InShop, &f.Added)
	return &f, err
}

func scanAll(rows *sql.Rows, err error) ([]*Film, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var films []*Film
	for rows.Next() {
		f, err := scan(rows)
		if err != nil {
			return nil, err
		}
		films = append(films, f)
	}
	return films, rows.Err()
}

func scanStock(rows *sql.Rows, err error) ([]Stock, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Stock
	for rows.Next() {
		var s Stock
		if err := rows.Scan(&s.Genre, &s.Films, &s.Dearest); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
