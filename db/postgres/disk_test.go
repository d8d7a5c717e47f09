package postgres_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestDiskFull fills the server's disk while money is moved: who writes is
// told, nothing of their transaction stays, reading goes on, and so does
// writing when there is room again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	disk := realdb.SmallDisk(t, 256)
	s := disk.Postgres(t)
	d, err := db.Open(db.Config{URL: s.Database(t), MaxWriters: 1}, postgres.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	// Films are not logged, so that it is the table for which there is no room,
	// and not the server's log.
	run(t, ctx, "CREATE TABLE notes (id bigint PRIMARY KEY, n bigint NOT NULL); INSERT INTO notes VALUES (1, 1000), (2, 1000);"+
		"CREATE UNLOGGED TABLE films (poster bytea NOT NULL)")
	poster := make([]byte, 64<<10) // that cannot be compressed
	_, err = rand.NewChaCha8([32]byte{}).Read(poster)
	want.NoErr(t, err)
	write := func() error { // a film in exchange for one
		return db.Tx(ctx, func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "UPDATE notes SET n = n + CASE id WHEN 1 THEN 1 ELSE -1 END"); err != nil {
				return err
			}
			_, err := db.Exec(ctx, "INSERT INTO films VALUES (?)", poster)
			return err
		})
	}
	whole := func(done int64) {
		t.Helper()
		want.Equal(t, one(t, ctx, "SELECT count(*) FROM films"), done)
		want.Equal(t, one(t, ctx, "SELECT n FROM notes WHERE id = 1"), 1000+done)
		want.Equal(t, one(t, ctx, "SELECT sum(n) FROM notes"), 2000)
	}
	want.NoErr(t, write())
	done := int64(1)
	disk.Fill(t, 4)
	for err = write(); err == nil && done < 1000; err = write() {
		done++
	}
	for range 3 {
		want.Err(t, err, errs.Unavailable)
		want.Contains(t, err.Error(), "postgres: the server's disk is full: make room there")
		whole(done)
		err = write()
	}
	disk.Free(t)
	want.NoErr(t, write())
	whole(done + 1)
	want.Equal(t, d.Stats().Writers.Opened, 1) // a full disk is no reason to leave a connection
}
