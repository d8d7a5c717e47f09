package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// inMemory is the path of a database in memory.
const inMemory = ":memory:"

// Options that sqlite3_db_config knows by number.
const (
	optionForeignKeys   = 1002
	optionStablePlans   = 1007 // SQLITE_DBCONFIG_ENABLE_QPSG
	optionDefensive     = 1010
	optionQuotedTextDML = 1013 // SQLITE_DBCONFIG_DQS_DML
	optionQuotedTextDDL = 1014
	optionTrustedSchema = 1017
)

// connect opens one connection.
func connect(ctx context.Context, path string, o engine.Options, write bool) (*session, error) {
	s, err := open(ctx, path, o, write)
	var e *Error
	switch {
	case err == nil:
		return s, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &e):
		return nil, openError(path, e, write)
	}
	return nil, err
}

// open is connect with SQLite's own errors.
func open(ctx context.Context, path string, o engine.Options, write bool) (_ *session, err error) {
	h, err := openHandle(path, write)
	if err != nil {
		return nil, err
	}
	s := &session{handle: h, options: o, write: write, cache: newCache()}
	defer func() {
		if err != nil {
			_ = s.Close()
		}
	}()
	if err := s.configure(ctx); err != nil {
		return nil, err
	}
	if write && path != inMemory {
		if err := s.useWAL(ctx, path); err != nil {
			return nil, err
		}
	}
	// This opens the journal too, so that the last to close removes it.
	return s, s.script(ctx, "SELECT 1 FROM sqlite_schema LIMIT 1")
}

// useWAL has readers and the writer not wait for each other.
func (s *session) useWAL(ctx context.Context, path string) error {
	if s.handle.readOnly() {
		return openFailure(path, nil, "the file cannot be written",
			"let the user that runs the program write the file and its folder")
	}
	mode, err := s.pragma(ctx, "PRAGMA journal_mode=WAL")
	if err == nil && mode != "wal" {
		err = openFailure(path, nil, fmt.Sprintf("it stays in the journal mode %q", mode),
			"put the file on a local disk: SQLite's WAL needs memory that processes share")
	}
	return err
}

// configure sets what every connection is set to, and what Reset restores.
func (s *session) configure(ctx context.Context) error {
	s.handle.limitTo(s.options.StatementTimeout)
	for _, option := range []struct {
		number int32
		on     bool
	}{
		{optionForeignKeys, true},
		{optionTrustedSchema, false}, // no functions with effects in views, checks and indexes
		{optionDefensive, true},      // SQL cannot damage the file or write hidden tables
		{optionQuotedTextDML, false}, // "x" is a name, never a text
		{optionQuotedTextDDL, false},
		// The plan of a statement does not hang on its arguments. Without this
		// SQLite prepares it anew whenever one of LIMIT ?, LIKE ? or of an
		// analysed column is bound, at ten times the cost of a read by key.
		{optionStablePlans, true},
	} {
		if err := s.handle.configure(option.number, option.on); err != nil {
			return err
		}
	}
	sync := "NORMAL"
	if s.options.Durable {
		sync = "FULL"
	}
	return s.script(ctx, "PRAGMA synchronous="+sync+"; PRAGMA cell_size_check=1; PRAGMA query_only=0")
}

// pragma returns the text that sql answers with.
func (s *session) pragma(ctx context.Context, sql string) (string, error) {
	p, err := s.prepareOne(ctx, sql, nil)
	if err != nil {
		return "", err
	}
	defer s.done(p)
	var row [1]engine.Value
	if _, err = s.first(ctx, p); err == nil {
		err = p.row(row[:])
	}
	return row[0].Text(), err
}

// openError says in the user's words why the database cannot be opened.
func openError(path string, e *Error, write bool) error {
	folder := filepath.Dir(path)
	switch e.Code.primary() {
	case CantOpen:
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return openFailure(path, e, fmt.Sprintf("the folder %q does not exist", folder),
				"create the folder, or set DATABASE_URL or --db.url to another file")
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return openFailure(path, e, "it is a folder", "name a file in DATABASE_URL or --db.url")
		}
		return openFailure(path, e, "the system refuses",
			"let the user that runs the program read and write the file and its folder")
	case NotDatabase:
		return openFailure(path, e, "the file is not an SQLite database",
			"set DATABASE_URL or --db.url to another file, or move the file away and a new database is made")
	case Corrupt:
		return openFailure(path, e, "the file is damaged",
			"put a copy from your backup in its place, or move it away and a new database is made")
	case ReadOnly:
		return openFailure(path, e, "the file or its folder cannot be written",
			"let the user that runs the program write both: SQLite keeps its journal beside the file")
	}
	return explain(e, write)
}

func openFailure(path string, cause error, what, mend string) error {
	setup := &errs.Setup{Code: "A1510", What: fmt.Sprintf("sqlite: open %q: %s", path, what), Mend: mend}
	if cause == nil {
		return &errs.Error{Kind: errs.Unavailable, Err: setup}
	}
	return &errs.Error{Kind: errs.Unavailable, Err: joined{setup, cause}}
}

// joined is an error with a cause that its text leaves out.
type joined struct{ setup, cause error }

func (j joined) Error() string   { return j.setup.Error() }
func (j joined) Unwrap() []error { return []error{j.setup, j.cause} }
