package mariadb_test

import (
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

const (
	slow    = "SELECT sleep(10)"
	quicker = "SELECT sleep(0.1)"
)

// A statement that takes longer than it may ends with an error that says so,
// and its connection goes on. Work on a connection of one's own has no limit.
func TestStatementTimeoutSetting(t *testing.T) {
	t.Parallel()
	d, err := db.Open(db.Config{URL: realdb.MariaDB(t), StatementTimeout: 50 * time.Millisecond, MaxReaders: 1}, mariadb.Driver)
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
