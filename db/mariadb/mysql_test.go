package mariadb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestMySQL shows what MySQL is told, which has no server here.
func TestMySQL(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, d := range []engine.Driver{mariadb.Driver, mariadb.MySQL} {
		p, err := d.Open(engine.Options{URL: d.Scheme() + "://u:p@h/shop", BusyTimeout: 1500e6, MaxReaders: 4})
		want.NoErr(t, err)
		fmt.Fprintf(&b, "## %s\n%+v\nwrite: %s\nread:  %s\n\n", d.Scheme(), p.Dialect(), mariadb.Setup(p, true), mariadb.Setup(p, false))
	}
	b.WriteString("## RETURNING\n")
	for _, sql := range []string{
		`INSERT INTO "films" ("title") VALUES (?), (?) RETURNING "id"`,
		`INSERT INTO "films" ("title") VALUES (?) RETURNING "id", "title"`,
		`INSERT INTO "films" ("title") VALUES (' RETURNING ')`,
		`INSERT INTO "films" ("title") VALUES (?) ON DUPLICATE KEY UPDATE "title" = VALUES("title") RETURNING "id"`,
		`INSERT INTO "films" ("title") SELECT "title" FROM "old" RETURNING "id"`,
		`DELETE FROM "films" WHERE "id" = ? RETURNING "id"`,
	} {
		bare, ok := mariadb.CutReturning(sql)
		fmt.Fprintf(&b, "%s\n\t%v %s\n", sql, ok, bare)
	}
	b.WriteString("\n## errors\n")
	for _, e := range []struct {
		code         uint16
		message, sql string
	}{
		{1062, "Duplicate entry 'it's' for key 'films.films_slug_key'", `INSERT INTO "films" VALUES (?)`},
		{1062, "Duplicate entry 'for key 'x'' for key 'films.PRIMARY'", `INSERT INTO "films" VALUES (?)`},
		{1451, "Cannot delete or update a parent row: a foreign key constraint fails (`shop`.`reviews`, CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`))", `DELETE FROM "films"`},
		{1452, "Cannot add or update a child row: a foreign key constraint fails (`shop`.`reviews`, CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`))", `INSERT INTO "reviews"`},
		{3819, "Check constraint 'films_stock_check' is violated.", `UPDATE "films" SET`},
		{1048, "Column 'title' cannot be null", `UPDATE "films" SET`},
		{1364, "Field 'title' doesn't have a default value", `INSERT INTO "shop"."films" () VALUES ()`},
		{1406, "Data too long for column 'title' at row 1", `REPLACE INTO films VALUES (?)`},
		{1213, "Deadlock found when trying to get lock; try restarting transaction", ""},
		{1205, "Lock wait timeout exceeded; try restarting transaction", ""},
		{3572, "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.", ""},
		{3024, "Query execution was interrupted, maximum statement execution time exceeded", ""},
		{1114, "The table 'films' is full", ""},
		{1021, "Disk full (/tmp); waiting for someone to free some space...", ""},
		{1041, "Out of memory", ""},
		{1290, "The MySQL server is running with the --super-read-only option so it cannot execute this statement", ""},
		{1053, "Server shutdown in progress", "COMMIT"},
		{1292, "Incorrect datetime value: 'x' for column 'at' at row 1", ""},
		{1064, "You have an error in your SQL syntax", ""},
	} {
		err := mariadb.Translate(e.code, e.message, e.sql)
		fmt.Fprintf(&b, "%v\n", err)
		var broken *db.ConstraintError
		if errors.As(err, &broken) {
			fmt.Fprintf(&b, "\t%s, table %q, columns %q, name %q\n", broken.Kind, broken.Table, broken.Columns, broken.Name)
		} else {
			fmt.Fprintf(&b, "\tretry %v, gone %v\n", errors.Is(err, engine.ErrRetry), errors.Is(err, engine.ErrGone))
		}
	}
	golden.Equal(t, "mysql.txt", b.String())
}

func TestVersions(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, v := range []struct{ scheme, version string }{
		{"mariadb", "10.11.19-MariaDB-0+deb12u1"}, {"mariadb", "10.11.0-MariaDB"}, {"mariadb", "11.4.2-MariaDB-log"}, {"mariadb", "10.6.18-MariaDB"},
		{"mariadb", "8.0.36"}, {"mysql", "8.0.36"}, {"mysql", "9.1.0-commercial"}, {"mysql", "8.0.18"}, {"mysql", "5.7.44-log"}, {"mysql", "11.4.2-MariaDB"},
	} {
		fmt.Fprintf(&b, "%s: %s: %v\n", v.scheme, v.version, mariadb.CheckVersion(v.scheme, v.version))
	}
	golden.Equal(t, "versions.txt", b.String())
}

func TestURLErrors(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, url := range []string{
		"mariadb:", "mariadb:shop", "mariadb://host", "mariadb://host/", "mariadb://host/a/b", "mariadb://u:p%zz@host/shop", "mariadb://u:p#q@host/shop",
		"mariadb://host/shop?sslmode=on", "mariadb://host/shop?tls=maybe", "mariadb://host/shop?socket=/s", "mysql://secret@/",
	} {
		_, err := db.Open(db.Config{URL: url}, mariadb.Driver, mariadb.MySQL)
		fmt.Fprintln(&b, err)
	}
	for _, url := range []string{"mariadb://host/shop", "mariadb://u:p%40@[::1]:3307/shop?tls=skip-verify", "mariadb:///shop?socket=/run/mysqld/mysqld.sock", "mysql://u@host/shop"} {
		_, err := db.Open(db.Config{URL: url}, mariadb.Driver, mariadb.MySQL)
		want.NoErr(t, err)
	}
	golden.Equal(t, "url_errors.txt", b.String())
}

// FuzzMessage: no message of a server makes the driver fail, and what was
// violated is always said.
func FuzzMessage(f *testing.F) {
	f.Add(uint16(1062), "Duplicate entry 'a' for key 'films.slug'", `INSERT INTO "films"`)
	f.Add(uint16(1452), "constraint fails (`a`.`b`, CONSTRAINT `c` FOREIGN KEY (`d`) REFERENCES `e`.`f` (`g`))", "UPDATE a.b SET")
	f.Add(uint16(4025), "CONSTRAINT `t.ok` failed for `x`.`t`", "DELETE")
	f.Add(uint16(1048), "'", "")
	f.Fuzz(func(t *testing.T, code uint16, message, sql string) {
		err := mariadb.Translate(code, message, sql)
		if err == nil || err.Error() == "" {
			t.Fatalf("%d %q: got %v, want an error with a text", code, message, err)
		}
	})
}
