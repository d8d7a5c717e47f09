package mariadb_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestReplica reads from a copy, and from the primary when the copy stands
// still.
func TestReplica(t *testing.T) {
	t.Parallel()
	start := func(settings ...string) *realdb.MariaDBServer {
		s, err := realdb.StartMariaDB(settings...)
		if err != nil {
			t.Skipf("no MariaDB of its own: %v", err)
		}
		t.Cleanup(s.Close)
		return s
	}
	primary, replica := start("--log-bin=bin", "--server-id=1"), start("--server-id=2")
	want.NoErr(t, primary.Query("CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE TABLE shop.notes (id BIGINT PRIMARY KEY); INSERT INTO shop.notes VALUES (1)"))
	want.NoErr(t, replica.Query(fmt.Sprintf("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=%s, MASTER_USER='root', MASTER_USE_GTID=slave_pos; START SLAVE", primary.URL.Port())))
	at := func(s *realdb.MariaDBServer) string {
		u := *s.URL
		u.Path = "/shop"
		return u.String()
	}
	clock := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	d := open(t, db.Config{URL: at(primary), Replicas: []string{at(replica)}, Now: func() time.Time { return clock }})
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	caughtUp := func(rows int) {
		t.Helper()
		for range 2000 {
			clock = clock.Add(time.Minute)
			if got, err := db.SQL[*db.Row](db.ReadReplicas(ctx), "SELECT count(*) FROM notes WHERE @@server_id = 2"); err == nil {
				var n int
				want.NoErr(t, got[0].Scan(&n))
				if n == rows {
					return
				}
			}
			number(t, ctx, "SELECT sleep(0.01)")
		}
		t.Fatalf("the replica did not catch up: %+v", d.Stats().Replicas)
	}
	caughtUp(1)
	mine := db.ReadReplicas(ctx)
	want.Equal(t, number(t, mine, "SELECT @@server_id"), 2)
	_, err := db.Exec(mine, "INSERT INTO notes VALUES (2)")
	want.NoErr(t, err)
	want.Equal(t, number(t, mine, "SELECT @@server_id"), 1)
	caughtUp(2)

	want.NoErr(t, replica.Query("STOP SLAVE"))
	clock = clock.Add(time.Minute)
	want.Equal(t, number(t, db.ReadReplicas(ctx), "SELECT @@server_id"), 1)
	want.Contains(t, d.Stats().Replicas[0].Problem, "its replication has stopped")
	want.NoErr(t, replica.Query("START SLAVE"))
	caughtUp(2)
	want.NoErr(t, replica.Kill())
	want.Equal(t, number(t, db.ReadReplicas(ctx), "SELECT @@server_id"), 1)
}
