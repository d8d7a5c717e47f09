package realdb

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/postgres"
)

// shared is the server of the databases that Postgres gives.
var shared = sync.OnceValues(func() (*PostgresServer, error) {
	if at := os.Getenv("ASHLAR_TEST_POSTGRES_URL"); at != "" {
		return &PostgresServer{admin: at}, nil
	}
	return StartPostgres()
})

// databases numbers the databases of this process.
var databases atomic.Int64

// Postgres returns the URL of an empty database of the test's own. The server
// is the one that ASHLAR_TEST_POSTGRES_URL names, as a user who may create
// databases, or one that is started.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		skip(t, "realdb: no PostgreSQL: "+err.Error()+"; install postgresql, or set ASHLAR_TEST_POSTGRES_URL")
	}
	return s.Database(t)
}

// A PostgresServer is a server that a test may stop.
type PostgresServer struct {
	admin   string // URL of a database to make others from
	command []string
	as, dir string
	daemon  *daemon
}

// NewPostgres starts a server for one test alone.
func NewPostgres(t testing.TB) *PostgresServer {
	t.Helper()
	s, err := StartPostgres()
	if err != nil {
		skip(t, "realdb: no PostgreSQL to start: "+err.Error()+"; install postgresql")
	}
	t.Cleanup(s.Close)
	return s
}

// Replica starts a server that copies s, for one test.
func (s *PostgresServer) Replica(t testing.TB) *PostgresServer {
	t.Helper()
	dir, err := folder(s.as, "ashlar-postgres-")
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	data, program := filepath.Join(dir, "data"), filepath.Join(filepath.Dir(s.command[0]), "pg_basebackup")
	if err := run(s.as, program, "--pgdata="+data, "--dbname="+s.admin, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"); err != nil {
		t.Fatalf("realdb: %v", err)
	}
	c, err := postgresIn(s.as, dir, s.command[0])
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	t.Cleanup(func() {
		c.Stop()
		_ = os.RemoveAll(dir)
	})
	return c
}

// At returns the URL of a database that is on the server by the name that it
// has in another URL.
func (s *PostgresServer) At(t testing.TB, other string) string {
	t.Helper()
	u, err := url.Parse(s.admin)
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	o, err := url.Parse(other)
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	u.Path = o.Path
	return u.String()
}

// StartPostgres makes a server with its files in a folder of its own and starts
// it, for programs; tests call [NewPostgres]. It ends, and its files go, when
// it is closed, forgotten, or this process ends.
func StartPostgres() (*PostgresServer, error) {
	return startPostgres(func(as string) (string, error) { return folder(as, "ashlar-postgres-") })
}

func startPostgres(folder func(as string) (string, error)) (*PostgresServer, error) {
	initdb := find("initdb", "/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
	if initdb == "" {
		return nil, fmt.Errorf("initdb is not installed")
	}
	as, err := account("postgres", "nobody")
	if err != nil {
		return nil, err
	}
	dir, err := folder(as)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := run(as, initdb, "--pgdata="+data, "--username=ashlar", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return nil, err
	}
	s, err := postgresIn(as, dir, filepath.Join(filepath.Dir(initdb), "postgres"))
	if err != nil {
		return nil, err
	}
	return s, s.Start()
}

// postgresIn is a server that is not running, with its data in a folder.
func postgresIn(as, dir, program string) (*PostgresServer, error) {
	at, err := port()
	if err != nil {
		return nil, err
	}
	s := &PostgresServer{as: as, dir: dir, admin: fmt.Sprintf("postgres://ashlar@127.0.0.1:%d/postgres", at)}
	s.command = []string{program, "-D", filepath.Join(dir, "data")}
	for _, setting := range []string{
		fmt.Sprint("port=", at), "listen_addresses=127.0.0.1", "unix_socket_directories=" + dir, "max_connections=200",
		"shared_buffers=64MB", "fsync=off", "full_page_writes=off", "log_min_messages=fatal", "log_min_error_statement=panic",
	} {
		s.command = append(s.command, "-c", setting)
	}
	return s, nil
}

// URL returns the URL of a database that is always there, as a user who may
// create others.
func (s *PostgresServer) URL() string { return s.admin }

// Start starts the server, which was stopped, and waits until it answers.
func (s *PostgresServer) Start() (err error) {
	if s.daemon, err = start(s.as, s.dir, s.command...); err != nil {
		return err
	}
	for range 300 {
		if err = s.do("SELECT 1"); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Stop()
	return err
}

// Stop ends the server: connections are cut, and transactions rolled back.
func (s *PostgresServer) Stop() {
	if s.daemon != nil {
		s.daemon.stop()
		s.daemon = nil
	}
}

// Close ends the server and removes its files.
func (s *PostgresServer) Close() {
	s.Stop()
	_ = os.RemoveAll(s.dir)
}

// do runs SQL as the server's first user.
func (s *PostgresServer) do(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	d, err := db.Open(db.Config{URL: s.admin}, postgres.Driver)
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = db.Exec(db.NewContext(ctx, d), sql)
	return err
}

// Database returns the URL of an empty database that is dropped when the test
// ends.
func (s *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), databases.Add(1))
	if err := s.do("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		t.Fatalf("realdb: %v", err)
	}
	t.Cleanup(func() {
		if s.daemon == nil && s.dir != "" {
			return // stopped by the test
		}
		if err := s.do("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("realdb: %v", err)
		}
	})
	u, err := url.Parse(s.admin)
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	u.Path = "/" + name
	return u.String()
}
