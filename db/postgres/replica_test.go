package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// copied opens a database with one replica, with a table and a clock that the
// test moves on.
func copied(t *testing.T) (ctx context.Context, d *db.DB, replica *realdb.PostgresServer, wait func()) {
	t.Helper()
	server := realdb.NewPostgres(t)
	at := server.Database(t)
	replica = server.Replica(t)
	clock := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	d, err := db.Open(db.Config{URL: at, Replicas: []string{replica.At(t, at)}, Now: func() time.Time { return clock }}, postgres.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx = db.NewContext(t.Context(), d)
	run(t, ctx, "CREATE TABLE notes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)")
	run(t, ctx, "INSERT INTO notes (id) VALUES (1)")
	wait = func() { clock = clock.Add(time.Minute) }
	return ctx, d, replica, wait
}

const whether = "SELECT count(*) FROM notes WHERE pg_is_in_recovery()"

// caughtUp waits until the replica has what was written.
func caughtUp(t *testing.T, ctx context.Context, wait func(), n int64) {
	t.Helper()
	for range 2000 {
		wait()
		rows, err := db.SQL[*db.Row](db.ReadReplicas(ctx), whether)
		if err == nil {
			var got int64
			want.NoErr(t, rows[0].Scan(&got))
			if got == n {
				return
			}
		}
		one(t, ctx, "SELECT count(*) FROM (SELECT pg_sleep(0.01)) AS x")
	}
	t.Fatal("the replica did not catch up")
}

func TestReplica(t *testing.T) {
	t.Parallel()
	ctx, d, replica, wait := copied(t)
	want.Equal(t, one(t, ctx, whether), 0) // a context that nobody asked about
	caughtUp(t, ctx, wait, 1)

	// After a write the same context, and those made of it, read the primary.
	mine := db.ReadReplicas(ctx)
	want.Equal(t, one(t, mine, whether), 1)
	run(t, db.Primary(mine), "INSERT INTO notes (id) VALUES (2)")
	want.Equal(t, one(t, mine, "SELECT count(*) FROM notes"), 2)
	want.Equal(t, one(t, mine, whether), 0)
	want.Equal(t, one(t, db.Primary(db.ReadReplicas(ctx)), whether), 0)

	// A transaction is the primary's, also one that only reads.
	for _, options := range [][]db.TxOption{nil, {db.ReadOnly()}} {
		want.NoErr(t, db.Tx(db.ReadReplicas(ctx), func(ctx context.Context) error {
			want.Equal(t, one(t, ctx, whether), 0)
			return nil
		}, options...))
	}
	stats := d.Stats().Replicas
	want.Equal(t, len(stats), 1)
	want.Equal(t, stats[0].Problem, "")

	// One that does not replay falls behind, and is not read from.
	caughtUp(t, ctx, wait, 2)
	pause, err := db.Open(db.Config{URL: replica.At(t, "postgres:///postgres")}, postgres.Driver)
	want.NoErr(t, err)
	defer pause.Close()
	there := db.NewContext(ctx, pause)
	one(t, there, "SELECT count(*) FROM (SELECT pg_wal_replay_pause()) AS x")
	run(t, ctx, "INSERT INTO notes (id) VALUES (3)")
	one(t, ctx, "SELECT count(*) FROM (SELECT pg_sleep(2.2)) AS x")
	wait()
	want.Equal(t, one(t, db.ReadReplicas(ctx), whether), 0)
	want.Contains(t, d.Stats().Replicas[0].Problem, "behind, Config.ReplicaLag is 2s")
	one(t, there, "SELECT count(*) FROM (SELECT pg_wal_replay_resume()) AS x")
	want.NoErr(t, pause.Close())
	caughtUp(t, ctx, wait, 3)

	// One that is gone is not missed, in the middle of its work or before.
	reading := db.ReadReplicas(ctx)
	want.Equal(t, one(t, reading, whether), 3)
	replica.Stop()
	want.Equal(t, one(t, reading, "SELECT count(*) FROM notes"), 3)
	for range 3 {
		wait()
		want.Equal(t, one(t, reading, "SELECT count(*) FROM notes"), 3)
	}
	if d.Stats().Replicas[0].Problem == "" {
		t.Error("got no problem of a replica that is gone")
	}
	want.NoErr(t, replica.Start())
	caughtUp(t, ctx, wait, 3)
}

// A server that copies nobody is not read from: what it holds may be anything.
func TestReplicaThatIsNone(t *testing.T) {
	t.Parallel()
	at, other := realdb.Postgres(t), realdb.Postgres(t)
	d, err := db.Open(db.Config{URL: at, Replicas: []string{other}, Now: time.Now}, postgres.Driver)
	want.NoErr(t, err)
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	run(t, ctx, "CREATE TABLE notes (id bigint)")
	want.Equal(t, one(t, db.ReadReplicas(ctx), "SELECT count(*) FROM notes"), 0)
	want.Contains(t, d.Stats().Replicas[0].Problem, "the server is no replica")
	cancelled, cancel := context.WithCancel(db.ReadReplicas(ctx))
	cancel()
	_, err = db.SQL[*db.Row](cancelled, "SELECT 1")
	want.Equal(t, errors.Is(err, context.Canceled), true)
}

// A visitor who writes reads what was written, also in the requests that follow.
func TestReplicaOfAnApp(t *testing.T) {
	t.Parallel()
	first, _, replica, wait := copied(t)
	caughtUp(t, first, wait, 1)
	d, err := db.FromContext(first)
	want.NoErr(t, err)
	var at string
	want.NoErr(t, d.WithConn(first, func(c db.Conn) error {
		rows, err := c.Query(first, "SELECT current_database(), inet_server_port()")
		if err != nil {
			return err
		}
		defer rows.Close()
		var name string
		var port int
		rows.Next()
		err = rows.Scan(&name, &port)
		at = fmt.Sprintf("postgres://ashlar@127.0.0.1:%d/%s", port, name)
		return err
	}))
	app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler), LookupEnv: func(string) (string, bool) { return "", false }},
		db.Module(db.Config{URL: at, Replicas: []string{replica.At(t, at)}}, postgres.Driver))
	where := func(c *ashlar.Ctx) error {
		rows, err := db.SQL[*db.Row](c, "SELECT pg_is_in_recovery()")
		if err != nil {
			return err
		}
		var copied bool
		if err := rows[0].Scan(&copied); err != nil {
			return err
		}
		return c.Text(fmt.Sprint(copied))
	}
	app.Get("/", where)
	app.Post("/", where, ashlar.InsecureNoCSRF())
	app.Get("/write", func(c *ashlar.Ctx) error {
		if _, err := db.Exec(c, "UPDATE notes SET n = n + 1"); err != nil {
			return err
		}
		return where(c)
	})
	want.NoErr(t, app.Start(t.Context()))
	t.Cleanup(func() { want.NoErr(t, app.Stop(context.Background())) })
	ask := func(method, path, cookie string) (string, string) {
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Cookie", cookie)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		return w.Body.String(), w.Header().Get("Set-Cookie")
	}
	body, cookie := ask("GET", "/", "")
	want.Equal(t, body, "true")
	want.Equal(t, cookie, "")
	body, cookie = ask("GET", "/write", "")
	want.Equal(t, body, "false")
	want.Contains(t, cookie, "primary=1; Path=/; Max-Age=3; HttpOnly; SameSite=Lax")
	body, _ = ask("GET", "/", "primary=1")
	want.Equal(t, body, "false")
	body, cookie = ask("POST", "/", "") // what it is about to write may rest on what it reads
	want.Equal(t, body, "false")
	want.Equal(t, cookie, "") // it wrote nothing
}
