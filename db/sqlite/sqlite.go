package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"

	sqlite3 "modernc.org/sqlite"
)

// Driver is the driver for URLs that begin with "sqlite:".
var Driver engine.Driver = sqliteDriver{}

type sqliteDriver struct{}

func (sqliteDriver) Scheme() string { return "sqlite" }

func (sqliteDriver) Open(o engine.Options) (engine.Pool, error) {
	path := strings.TrimPrefix(o.URL, "sqlite:")
	if strings.HasPrefix(path, "///") {
		path = path[2:]
	}
	switch {
	case path == "":
		return nil, badURL(o.URL, "no file", `"sqlite:app.db" is a file beside the program, "sqlite::memory:" needs none`)
	case strings.HasPrefix(path, "//"):
		return nil, badURL(o.URL, "a host", `SQLite has no hosts: write "sqlite:app.db" or "sqlite:/var/lib/app/app.db"`)
	case strings.ContainsAny(path, "?\x00"):
		return nil, badURL(o.URL, "settings after ?", "the settings are the other fields of db.Config")
	}
	return newPool(path, o), nil
}

func badURL(url, what, mend string) error {
	return &errs.Setup{Code: "A1502", What: fmt.Sprintf("db.Config.URL: %s in %q", what, url), Mend: mend}
}

// memory is the path of a database in memory.
const memory = ":memory:"

// slice is how long SQLite itself waits for a lock held by another process:
// it cannot be cancelled meanwhile. The rest of the wait is ours.
const slice = 50 * time.Millisecond

// settings are what every connection is set to, and what Reset restores.
func settings(o engine.Options) []string {
	sync := "NORMAL"
	if o.Durable {
		sync = "FULL"
	}
	return []string{
		fmt.Sprintf("busy_timeout(%d)", min(slice, o.BusyTimeout).Milliseconds()),
		"foreign_keys(1)", "trusted_schema(0)", "synchronous(" + sync + ")",
	}
}

// dsn returns the name that SQLite opens the database by.
func dsn(path string, o engine.Options, write bool) string {
	var b strings.Builder
	if path == memory {
		b.WriteString("file::memory:?")
	} else {
		// Characters that would end the path or stand for others in a URI.
		b.WriteString("file:" + strings.NewReplacer("%", "%25", "#", "%23").Replace(path) + "?")
		if !write {
			b.WriteString("mode=ro&")
		}
	}
	b.WriteString("_error_rc=1&_defensive=1&_dqs=0")
	for _, s := range settings(o) {
		b.WriteString("&_pragma=" + s)
	}
	if write && path != memory {
		b.WriteString("&_pragma=journal_mode(WAL)")
	}
	return b.String()
}

// connect opens one connection.
func connect(ctx context.Context, path string, o engine.Options, write bool) (*session, error) {
	connector, err := sqlite3.NewConnector(dsn(path, o, write))
	if err != nil {
		return nil, err
	}
	var c driver.Conn
	// Another process may be switching the same new file to WAL.
	err = retry(ctx, o.BusyTimeout, func() (err error) {
		c, err = connector.Connect(ctx)
		return err
	})
	if err != nil {
		return nil, openError(path, err)
	}
	s := newSession(c, o, write)
	if !write {
		return s, nil
	}
	if ro, ok := c.(interface{ IsReadOnly(string) (bool, error) }); ok {
		if readOnly, err := ro.IsReadOnly("main"); err == nil && readOnly {
			return nil, openFailure(path, s.close(), "the file cannot be written",
				"let the user that runs the program write the file and its folder")
		}
	}
	return s, nil
}

// openError says in the user's words why the database cannot be opened.
func openError(path string, err error) error {
	folder := filepath.Dir(path)
	switch code(err) {
	case codeCantOpen:
		if _, e := os.Stat(folder); os.IsNotExist(e) {
			return openFailure(path, err, fmt.Sprintf("the folder %q does not exist", folder),
				"create the folder, or set DATABASE_URL or --db.url to another file")
		}
		if info, e := os.Stat(path); e == nil && info.IsDir() {
			return openFailure(path, err, "it is a folder", "name a file in DATABASE_URL or --db.url")
		}
		return openFailure(path, err, "the system refuses",
			"let the user that runs the program read and write the file and its folder")
	case codeNotADB:
		return openFailure(path, err, "the file is not an SQLite database",
			"set DATABASE_URL or --db.url to another file, or move the file away and a new database is made")
	case codeCorrupt:
		return openFailure(path, err, "the file is damaged",
			"put a copy from your backup in its place, or move it away and a new database is made")
	case codeReadOnly:
		return openFailure(path, err, "the file or its folder cannot be written",
			"let the user that runs the program write both: SQLite keeps its journal beside the file")
	}
	return translate(err)
}

func openFailure(path string, cause error, what, mend string) error {
	setup := &errs.Setup{Code: "A1510", What: fmt.Sprintf("sqlite: open %q: %s", path, what), Mend: mend}
	return &errs.Error{Kind: errs.Unavailable, Err: joined{setup, cause}}
}

// joined is an error with a cause that its text leaves out.
type joined struct{ setup, cause error }

func (j joined) Error() string   { return j.setup.Error() }
func (j joined) Unwrap() []error { return []error{j.setup, j.cause} }
