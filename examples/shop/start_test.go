package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestStartFails starts the shop where it cannot start: it says what is wrong
// and what to do, in a line or a few, and ends with exit code 1.
func TestStartFails(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	t.Cleanup(func() { taken.Close() })
	file := copied(t)

	for _, tt := range []struct {
		name    string
		files   map[string]string // in the folder that the shop starts in
		env     []string
		what    string // the first line
		mention []string
	}{
		{name: "malformed configuration", files: map[string]string{"config.json": `{"addr": "localhost:1",}`},
			what: `config.json: unexpected "}" after a comma`, mention: []string{"at config.json:1:24", "A1306"}},
		{name: "unknown setting", files: map[string]string{"config.json": `{"adr": "localhost:1"}`},
			what: `adr: no such setting`, mention: []string{"at config.json:1", "did you mean addr?"}},
		{name: "setting of another type", files: map[string]string{"config.json": `{"db": {"url": 3}}`},
			what: `db.url: want a string, got the number 3`, mention: []string{"at config.json:1"}},
		{name: "migration that does not run", env: []string{"SHOP_PROCESS=broken migration"},
			what: `migrate: run migration 20260102030405_break: `, mention: []string{`near "TABEL": syntax error`}},
		{name: "port that is taken", env: []string{"DATABASE_URL=sqlite:" + file, "ASHLAR_ADDR=" + taken.Addr().String()},
			what:    `listen on ` + taken.Addr().String() + `: bind: address already in use; `,
			mention: []string{"another program listens there: stop it, or set ASHLAR_ADDR or --addr to another port"}},
		{name: "port that is none", env: []string{"DATABASE_URL=sqlite:" + file, "ASHLAR_ADDR=localhost:http:80"},
			what: `listen on localhost:http:80: `, mention: []string{"set ASHLAR_ADDR or --addr to an address of this machine"}},
		{name: "folder in place of the database", env: []string{"DATABASE_URL=sqlite:."},
			what: `start db: sqlite: open ".": it is a folder`, mention: []string{"mend: name a file"}},
		{name: "file that is no database", files: map[string]string{"reel.db": strings.Repeat("no database", 1000)},
			what: `start db: sqlite: open "reel.db": the file is not an SQLite database`, mention: []string{"move the file away"}},
		{name: "database that was cut off", files: map[string]string{"reel.db": cutOff(t, file)},
			what: `start db: sqlite: open "reel.db": the file is damaged`, mention: []string{"backup"}},
		{name: "folder of the database is missing", env: []string{"DATABASE_URL=sqlite:data/reel.db"},
			what: `start db: sqlite: open "data/reel.db": the folder "data" does not exist`, mention: []string{"create the folder"}},
		{name: "database of another kind", env: []string{"DATABASE_URL=postgres://localhost/reel"},
			what: `no driver for "postgres:", got sqlite`, mention: []string{"mend: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range tt.files {
				want.NoErr(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
			}
			code, said := runIn(t, dir, nil, tt.env...).exit()
			complaint(t, code, said, tt.what, tt.mention...)
		})
	}
}

// complaint holds that a process ended with code 1 and, as its last words, a
// complaint whose first line has what in it.
func complaint(t *testing.T, code int, said, what string, mention ...string) {
	t.Helper()
	want.Equal(t, code, 1)
	i := strings.LastIndex("\n"+said, "\nreel: ")
	if i < 0 {
		t.Fatalf("got no complaint in:\n%s", said)
	}
	said = said[i:]
	first, _, _ := strings.Cut(said, "\n")
	want.Contains(t, first, what)
	want.Contains(t, said, mention...)
	if strings.Count(said, "\n") > 5 || strings.Contains(said, "goroutine") {
		t.Errorf("got more than a few lines:\n%s", said)
	}
}

// cutOff returns the first half of a file.
func cutOff(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	want.NoErr(t, err)
	return string(b[:len(b)/2])
}

// brokenShop is a shop with a migration that is no SQL.
func brokenShop() *ashlar.App {
	return ashlar.New(ashlar.Config{Name: "reel"},
		db.Module(db.Config{URL: "sqlite:reel.db"}, sqlite.Driver),
		ashlar.Module{Name: "broken", Setup: func(s *ashlar.Setup) error {
			s.Add(db.Schema{Migrations: fstest.MapFS{"migrations/20260102030405_break.sql": {Data: []byte(
				"-- ashlar:migration 20260102030405_break\n-- ashlar:up\nCREATE TABEL films (id INTEGER);\n-- ashlar:down\nDROP TABLE films;\n")}}})
			return nil
		}},
		migrate.Module(migrate.Options{Apply: true}),
	)
}

// TestStartReadOnly starts the shop as a user who must not write the database.
func TestStartReadOnly(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "shop") // t.TempDir lies in a folder that others may not enter
	want.NoErr(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	b, err := os.ReadFile(copied(t))
	want.NoErr(t, err)
	want.NoErr(t, os.WriteFile(filepath.Join(dir, "reel.db"), b, 0o444))
	var change func(*exec.Cmd)
	if os.Geteuid() == 0 { // may write everything: be somebody else
		change = func(cmd *exec.Cmd) {
			program, err := os.ReadFile(cmd.Path)
			want.NoErr(t, err)
			cmd.Path = filepath.Join(dir, "shop")
			want.NoErr(t, os.WriteFile(cmd.Path, program, 0o755))
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
	}
	want.NoErr(t, os.Chmod(dir, 0o555))
	code, said := runIn(t, dir, change).exit()
	complaint(t, code, said, `start db: sqlite: open "reel.db": the file or its folder cannot be written`,
		"let the user that runs the program write both")
	got, err := os.ReadFile(filepath.Join(dir, "reel.db"))
	want.NoErr(t, err)
	want.Equal(t, string(got) == string(b), true)
}

// TestSecondStart holds that a shop with its films serves soon. The bound is
// for a busy machine under the race detector; by itself it takes a tenth of a
// second.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	file := copied(t)
	began := time.Now()
	p := run(t, "DATABASE_URL=sqlite:"+file)
	c := newShopper(p.url())
	res, err := c.http.Get(c.url)
	want.NoErr(t, err)
	res.Body.Close()
	want.Equal(t, res.StatusCode, 200)
	took := time.Since(began)
	t.Logf("the second start serves after %v", took.Round(time.Millisecond))
	if took > 5*time.Second {
		t.Errorf("got the first page after %v, want it within 5s", took)
	}
}

// TestFirstStartTells holds that somebody who starts the shop for the first
// time sees what happens.
func TestFirstStartTells(t *testing.T) {
	t.Parallel()
	p := run(t)
	p.url()
	want.Contains(t, p.stderr.String(), "Importing films: 3,201 films in ", "3201 films read, 3200 kept, 1 dropped")
	want.NoErr(t, p.cmd.Process.Signal(syscall.SIGTERM))
	code, said := p.exit()
	want.Equal(t, code, 0)
	want.Equal(t, strings.Contains(said, "panic"), false)
	left, err := filepath.Glob(filepath.Join(p.cmd.Dir, "*"))
	want.NoErr(t, err)
	want.Equal(t, left, []string{filepath.Join(p.cmd.Dir, "reel.db")}) // the journal went into it
}

// TestTwoShops runs two shops in one process: they share nothing.
func TestTwoShops(t *testing.T) {
	t.Parallel()
	a, b := opened(t), opened(t)
	f := a.film(9)
	add(a.Client, f, 2)
	want.Equal(t, b.rows().Carts, 0)
	for _, c := range []*ashlartest.Client{a.Client, b.Client} {
		want.Equal(t, c.Get("/").Status, 200)
	}
}
