package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

const (
	slow    = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n"
	quicker = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT count(*) FROM n"
)

// A statement that takes longer than it may ends with an error that says so,
// and its connection goes on. Work on a connection of one's own has no limit.
func TestStatementTimeoutSetting(t *testing.T) {
	t.Parallel()
	d, err := db.Open(db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "limit.db"), StatementTimeout: 50 * time.Millisecond, MaxReaders: 1}, sqlite.Driver)
	want.NoErr(t, err)
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	for range 2 {
		_, err = db.SQL[*db.Row](ctx, slow)
		want.Equal(t, errs.KindOf(err), errs.Unavailable)
		want.Contains(t, err.Error(), "Config.StatementTimeout")
		_, err = db.SQL[*db.Row](ctx, "SELECT 1")
		want.NoErr(t, err)
		want.NoErr(t, d.WithConn(ctx, func(c db.Conn) error {
			rows, err := c.Query(ctx, quicker)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		}))
		_, err = db.Exec(ctx, slow) // the limit is back
		want.Equal(t, errs.KindOf(err), errs.Unavailable)
	}
	want.Equal(t, d.Stats().Readers.Opened, 1)
}
