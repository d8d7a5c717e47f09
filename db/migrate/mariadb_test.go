package migrate_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/randschema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

func openMariaDB(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: url}, mariadb.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	return d
}

var onMariaDB = target{
	migrate.MariaDB{}, func(t testing.TB) *db.DB { return openMariaDB(t, realdb.MariaDB(t)) }, "coalesce(convert(%s USING utf8mb4), 'NULL')",
}

// TestRandomSchemasMariaDB is TestRandomSchemas on MariaDB.
func TestRandomSchemasMariaDB(t *testing.T) {
	t.Parallel()
	n := 60
	if testing.Short() {
		n = 10
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			thereAndBack(t, onMariaDB, randschema.New("mariadb", 3, uint64(seed)))
		})
	}
}

// onMaria is a project on MariaDB, and the URL of its database.
func onMaria(t *testing.T) (p *project, url string) {
	url = realdb.MariaDB(t)
	return &project{t, t.TempDir(), clock(), openMariaDB(t, url)}, url
}

func (p *project) maria() *migrate.Migrator {
	return migrate.New(os.DirFS(p.dir), migrate.MariaDB{}, p.now, migrate.Config{})
}

// exec runs a statement and returns the integer in its first row, if any.
func (p *project) exec(sql string, args ...any) (n int) {
	p.Helper()
	want.NoErr(p, p.db.WithConn(p.Context(), func(c db.Conn) error {
		rows, err := c.Query(p.Context(), sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&n); err != nil {
				return err
			}
		}
		return rows.Err()
	}))
	return n
}

func (p *project) fingerprint() (sum string) {
	p.Helper()
	want.NoErr(p, p.db.WithConn(p.Context(), func(c db.Conn) (err error) {
		sum, err = migrate.MariaDB{}.Fingerprint(p.Context(), c)
		return err
	}))
	return sum
}

// TestMariaDBResumes: a failed migration goes on with the statement that
// failed, once that was mended.
func TestMariaDBResumes(t *testing.T) {
	t.Parallel()
	p, url := onMaria(t)
	first := "SET @ten = 10;\nCREATE TABLE a (x BIGINT NOT NULL);\nINSERT INTO a VALUES (1), (2);\n"
	p.write(one, "", first+"INSERT INTO a VALUES (3), ('ten');\nINSERT INTO a VALUES (@ten);", "DROP TABLE a;")
	_, err := p.maria().Up(t.Context(), p.db)
	var out strings.Builder
	fmt.Fprintln(&out, err)
	want.Equal(t, p.exec("SELECT count(*) FROM a"), 2)
	want.Equal(t, p.exec("SELECT ran FROM ashlar_migrations_progress"), 3)

	p.write(one, "", strings.Replace(first, "(2)", "(7)", 1)+"INSERT INTO a VALUES (3);", "")
	_, err = p.maria().Up(t.Context(), p.db)
	fmt.Fprintln(&out, err)
	golden.Equal(t, "errors/A1548_A1556_mariadb.txt", strings.ReplaceAll(out.String(), url[strings.LastIndex(url, "/")+1:], "shop"))

	p.write(one, "", first+"INSERT INTO a VALUES (3);\nALTER TABLE a ADD COLUMN y INT;\nINSERT INTO a VALUES (@ten, 0);", "DROP TABLE a;")
	done, err := p.maria().Up(t.Context(), p.db)
	want.NoErr(t, err)
	want.Equal(t, done, []string{one})
	want.Equal(t, p.exec("SELECT CAST(sum(x) AS INTEGER) FROM a"), 16)
	want.Equal(t, p.exec("SELECT count(*) FROM ashlar_migrations_progress"), 0)
	done, err = p.maria().Down(t.Context(), p.db, 1)
	want.NoErr(t, err)
	want.Equal(t, done, []string{one})
	done, err = p.maria().Up(t.Context(), p.db)
	want.NoErr(t, err)
	want.Equal(t, done, []string{one})
}

// TestMariaDBKilledBetween stands for a process that died after a statement
// was done and before that was noted.
func TestMariaDBKilledBetween(t *testing.T) {
	t.Parallel()
	p, url := onMaria(t)
	p.write(one, "", "CREATE TABLE a (x BIGINT);\nALTER TABLE a ADD COLUMN y BIGINT;\nALTER TABLE a ADD COLUMN z BIGINT;", "")
	self := start(t, one, url, p.dir) // dies after the first statement
	if out, err := self(); err == nil || out != "" {
		t.Fatalf("child: got error %v and output %q, want it killed", err, out)
	}
	want.Equal(t, p.exec("SELECT ran FROM ashlar_migrations_progress"), 1)
	p.exec("UPDATE ashlar_migrations_progress SET begun = ?", p.fingerprint())
	p.exec("ALTER TABLE a ADD COLUMN y BIGINT")
	done, err := p.maria().Up(t.Context(), p.db)
	want.NoErr(t, err)
	want.Equal(t, done, []string{one})
	want.Equal(t, p.exec("SELECT count(*) FROM information_schema.columns WHERE table_schema = database() AND table_name = 'a'"), 3)
}

// TestMariaDBKilledAnywhere kills processes that migrate until one is done.
func TestMariaDBKilledAnywhere(t *testing.T) {
	t.Parallel()
	p, url := onMaria(t)
	var up strings.Builder
	const n = 40
	up.WriteString("CREATE TABLE a (x BIGINT NOT NULL);\n")
	for i := range n {
		fmt.Fprintf(&up, "ALTER TABLE a ADD COLUMN c%d BIGINT;\nINSERT INTO a (x) VALUES (%d);\n", i, i)
	}
	p.write(one, "", up.String(), "")
	killed := 0
	for {
		self, err := os.Executable()
		want.NoErr(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(30+3*killed)*time.Millisecond)
		cmd := exec.CommandContext(ctx, self) // which kills it
		cmd.Env = append(os.Environ(), childEnv+"="+strings.Join([]string{"none", url, p.dir}, "\n"))
		out, err := cmd.CombinedOutput()
		cancel()
		if err == nil {
			break
		}
		if len(out) > 0 {
			t.Fatalf("child: %s", out)
		}
		killed++
		entries, err := p.maria().Status(t.Context(), p.db)
		want.NoErr(t, err)
		if entries[0].State == migrate.Applied {
			break // it was about to end
		}
		if killed > 200 {
			t.Fatal("200 processes came to no end")
		}
	}
	t.Logf("%d processes were killed", killed)
	want.Equal(t, p.exec("SELECT count(*) FROM a"), n)
	want.Equal(t, p.exec("SELECT count(DISTINCT x) FROM a"), n)
	want.Equal(t, p.exec("SELECT count(*) FROM information_schema.columns WHERE table_schema = database() AND table_name = 'a'"), n+1)
}

// TestMariaDBRace: each migration runs once, whoever is first.
func TestMariaDBRace(t *testing.T) {
	t.Parallel()
	p, url := onMaria(t)
	p.write(one, "", "CREATE TABLE a (x BIGINT);", "")
	p.write(two, "", "INSERT INTO a VALUES (1);", "")
	p.write(three, "", "INSERT INTO a VALUES (2);", "")
	var waits []func() (string, error)
	for range 3 {
		waits = append(waits, start(t, "none", url, p.dir))
	}
	for _, wait := range waits {
		if out, err := wait(); err != nil {
			t.Errorf("child: %v: %s", err, out)
		}
	}
	want.Equal(t, p.exec("SELECT count(*) FROM a"), 2)
}

// TestMariaDBVerify finds what was changed by hand and nothing else, in checks
// that the server writes in its own words too.
func TestMariaDBVerify(t *testing.T) {
	t.Parallel()
	p, _ := onMaria(t)
	s := shop()
	s.Tables[1].Columns[1].Size = 30
	s.Tables[1].Checks = []schema.Check{
		{Name: "a", Expr: `NOT (name = 'it''s \') AND (length(name) > 0 OR name LIKE 'x%')`},
		{Name: "b", Expr: "name != 'a' OR NOT name > 'b' OR (name || 'x') BETWEEN 'a' AND 'c'"},
	}
	f, err := p.maria().Make(s, migrate.MakeOptions{})
	want.NoErr(t, err)
	_, err = f.Write(filepath.Join(p.dir, "migrations"))
	want.NoErr(t, err)
	_, err = p.maria().Up(t.Context(), p.db)
	want.NoErr(t, err)
	want.NoErr(t, p.maria().Check(t.Context(), p.db, s))
	want.NoErr(t, p.maria().Verify(t.Context(), p.db))
	for _, hand := range []struct{ change, back string }{
		{"ALTER TABLE studios DROP CONSTRAINT a, ADD CONSTRAINT a CHECK (name <> 'b')", ""},
		{"ALTER TABLE films MODIFY COLUMN in_stock TINYINT(1) NOT NULL DEFAULT 1", "ALTER TABLE films MODIFY COLUMN in_stock TINYINT(1) NOT NULL DEFAULT 1 CHECK (in_stock IN (0, 1))"},
		{"ALTER TABLE studios MODIFY COLUMN name VARCHAR(30) COLLATE utf8mb4_general_ci NOT NULL", ""},
		{"ALTER TABLE films ADD INDEX (rating)", ""},
	} {
		p.exec(hand.change)
		if got := code(p.maria().Verify(t.Context(), p.db)); got != "A1554" {
			t.Errorf("%s: got %s, want A1554", hand.change, got)
		}
		if hand.back != "" {
			p.exec(hand.back)
		}
	}
}

// TestMariaDBOrphans: what was written with foreign keys off is looked at.
func TestMariaDBOrphans(t *testing.T) {
	t.Parallel()
	p, _ := onMaria(t)
	p.write(one, "", "CREATE TABLE a (id BIGINT PRIMARY KEY);\nCREATE TABLE b (a_id BIGINT, CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id));", "")
	insert := "INSERT INTO b VALUES (7), (NULL);"
	p.write(two, "-- ashlar:foreign_keys off\n", insert, "")
	_, err := p.maria().Up(t.Context(), p.db)
	want.Equal(t, code(err), "A1549")
	want.Contains(t, err.Error(), "1 of table b in table a")
	want.Equal(t, p.exec("SELECT count(*) FROM ashlar_migrations"), 1)
	p.write(two, "-- ashlar:foreign_keys off\n", insert+"\nDELETE FROM b WHERE a_id = 7;", "")
	_, err = p.maria().Up(t.Context(), p.db)
	want.NoErr(t, err)
	want.Equal(t, p.exec("SELECT count(*) FROM b"), 1)
}
