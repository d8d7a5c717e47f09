package migrate

import (
	"context"
	"errors"

	"github.com/ashlar-go/ashlar/db"
)

// query calls f for each row.
func query(ctx context.Context, c db.Conn, f func(db.Rows) error, sql string, args ...any) (err error) {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func queryInt(ctx context.Context, c db.Conn, sql string, args ...any) (n int64, err error) {
	err = query(ctx, c, func(rows db.Rows) error { return rows.Scan(&n) }, sql, args...)
	return n, err
}
