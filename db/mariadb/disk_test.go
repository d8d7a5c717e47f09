package mariadb_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestDiskFull fills the server's disk while money is moved: who writes is
// told, nothing of their transaction stays, and when there is room again,
// writing goes on. The server may end: 10.11 was seen to, with "Out of disk
// space in rollback". Then it is started again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	disk := realdb.SmallDisk(t, 160)
	s := disk.MariaDB(t)
	u := *s.URL
	u.Path = "/mysql"
	d := open(t, db.Config{URL: u.String(), MaxWriters: 1})
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	fill(t, ctx)
	_, err := db.Exec(ctx, "CREATE TABLE films (poster VARBINARY(4000) NOT NULL) ENGINE = InnoDB")
	want.NoErr(t, err)
	poster := bytes.Repeat([]byte("ashlar"), 600)
	write := func() error { // a film in exchange for one
		return db.Tx(ctx, func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "UPDATE accounts SET amount = amount + IF(id = 1, 1, -1) WHERE id IN (1, 2)"); err != nil {
				return err
			}
			for range 16 {
				if _, err := db.Exec(ctx, "INSERT INTO films VALUES (?)", poster); err != nil {
					return err
				}
			}
			return nil
		})
	}
	whole := func(done int) {
		t.Helper()
		want.Equal(t, number(t, ctx, "SELECT count(*) FROM films"), 16*done)
		want.Equal(t, number(t, ctx, "SELECT amount FROM accounts WHERE id = 1"), 100+done)
		want.Equal(t, number(t, ctx, sum), 1000)
	}
	want.NoErr(t, write())
	done := 1
	disk.Fill(t, 2)
	for err = write(); err == nil && done < 100; err = write() { // account 2 has 100
		done++
	}
	t.Logf("%d transactions, then: %v", done, err)
	want.Err(t, err, errs.Unavailable)
	_, ended := db.SQL[int](ctx, "SELECT 1")
	if ended == nil {
		whole(done)
	}
	disk.Free(t)
	if ended != nil {
		want.Err(t, ended, engine.ErrGone)
		want.NoErr(t, s.Kill())
		want.NoErr(t, s.Start())
		whole(done)
	}
	want.NoErr(t, write())
	whole(done + 1)
}

// What the server says of its disk becomes the error that all engines have.
func TestDiskFullErrors(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	for _, code := range []int{1021, 1114} {
		_, err := db.Exec(ctx, fmt.Sprintf("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = %d, MESSAGE_TEXT = 'is it so?'", code))
		want.Err(t, err, errs.Unavailable)
		want.Contains(t, err.Error(), "mariadb: the server's disk or table is full", "is it so?")
	}
}
