package migrate_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/sqlite"
)

// The test binary runs itself as a process that migrates: childEnv then holds
// the ID of the migration to die in, or "none", the database, and the folder.
const childEnv = "ASHLAR_MIGRATE_TEST_CHILD"

func TestMain(m *testing.M) {
	if args := os.Getenv(childEnv); args != "" {
		child(strings.Split(args, "\n"))
	}
	os.Exit(m.Run())
}

// child runs Up and kills its own process in the middle of a migration.
func child(args []string) {
	var dialect migrate.Dialect = migrate.SQLite{}
	url := "sqlite:" + args[1]
	if strings.HasPrefix(args[1], "mariadb:") {
		dialect, url = migrate.MariaDB{}, args[1]
	}
	if strings.HasPrefix(args[1], "postgres") {
		dialect, url = migrate.Postgres{}, args[1]
	}
	d, err := db.Open(db.Config{URL: url}, sqlite.Driver, mariadb.Driver, postgres.Driver)
	if err == nil {
		first := -1 // statements that earlier runs did
		c := migrate.Config{OnStep: func(s migrate.Step) {
			if first < 0 || s.Statement == 0 {
				first = s.Statement
			}
			if s.Migration == args[0] && s.Statement == first+1 && !s.Done {
				self, _ := os.FindProcess(os.Getpid())
				_ = self.Kill()
				select {} // until the signal arrives
			}
		}}
		_, err = migrate.New(os.DirFS(args[2]), dialect, clock(), c).Up(context.Background(), d)
	}
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(0)
}

func start(t *testing.T, dieIn, path, dir string) (wait func() (string, error)) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join([]string{dieIn, path, dir}, "\n"))
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() (string, error) {
		err := cmd.Wait()
		return out.String(), err
	}
}

func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;", "")
	p.write(two, "-- ashlar:foreign_keys off\n", "CREATE TABLE b (x INTEGER) STRICT;\nINSERT INTO b VALUES (1);", "")
	p.write(three, "", "CREATE TABLE c (x INTEGER) STRICT;", "")
	path := filepath.Join(t.TempDir(), "killed.db")
	if out, err := start(t, two, path, p.dir)(); err == nil || out != "" {
		t.Fatalf("child: got error %v and output %q, want it killed", err, out)
	}
	p.db = open(t, path)
	if got, want := p.states(migrate.Config{}), []string{"one applied", "two pending", "three pending"}; !slices.Equal(got, want) {
		t.Errorf("states after the kill: got %q, want %q", got, want)
	}
	done, err := p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	if err != nil || !slices.Equal(done, []string{two, three}) {
		t.Errorf("up after the kill: got %q and error %v, want the second and the third", done, err)
	}
	if got, want := rows(t, p.db, "SELECT x) FROM b"), []string{"1"}; !slices.Equal(got, want) {
		t.Errorf("rows: got %q, want %q", got, want)
	}
}

func TestRaceOfProcesses(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	manyMigrations(p)
	path := filepath.Join(t.TempDir(), "race.db")
	var waits []func() (string, error)
	for range 3 {
		waits = append(waits, start(t, "none", path, p.dir))
	}
	for _, wait := range waits {
		if out, err := wait(); err != nil {
			t.Errorf("child: %v: %s", err, out)
		}
	}
	wantEachOnce(t, open(t, path))
}
