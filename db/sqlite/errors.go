package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"

	sqlite3 "modernc.org/sqlite"
)

// Result codes, see https://www.sqlite.org/rescode.html.
const (
	codeBusy       = 5
	codeLocked     = 6
	codeReadOnly   = 8
	codeCorrupt    = 11
	codeFull       = 13
	codeCantOpen   = 14
	codeConstraint = 19
	codeNotADB     = 26

	codeCheck      = codeConstraint | 1<<8
	codeForeignKey = codeConstraint | 3<<8
	codeNotNull    = codeConstraint | 5<<8
	codePrimaryKey = codeConstraint | 6<<8
	codeUnique     = codeConstraint | 8<<8
	codeRowID      = codeConstraint | 10<<8
)

// extended returns SQLite's extended result code of err, 0 if it has none.
func extended(err error) int {
	if err == nil {
		return 0
	}
	var e *sqlite3.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// code returns SQLite's primary result code of err, 0 if it has none.
func code(err error) int { return extended(err) & 0xff }

// retry calls f until it does not find the database locked by another process,
// ctx is done, or patience is over.
func retry(ctx context.Context, patience time.Duration, f func() error) error {
	err := f()
	if c := code(err); c != codeBusy && c != codeLocked {
		return err
	}
	over := time.NewTimer(patience)
	defer over.Stop()
	for pause := time.Millisecond; ; pause = min(2*pause, slice) {
		again := time.NewTimer(pause)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return ctx.Err()
		case <-over.C:
			again.Stop()
			return err
		}
		err = f()
		if c := code(err); c != codeBusy && c != codeLocked {
			return err
		}
	}
}

// translate turns SQLite's errors into those that package engine promises.
func translate(err error) error {
	if err == nil {
		return nil
	}
	switch extended(err) {
	case codeUnique, codePrimaryKey, codeRowID:
		return constraint(engine.Unique, err)
	case codeForeignKey:
		return constraint(engine.ForeignKey, err)
	case codeCheck:
		return constraint(engine.Check, err)
	case codeNotNull:
		return constraint(engine.NotNull, err)
	}
	switch code(err) {
	case codeBusy, codeLocked:
		return unavailable("another process holds the database", err)
	case codeFull:
		return unavailable("the disk is full", err)
	}
	return err
}

func unavailable(why string, err error) error {
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("sqlite: %s: %w", why, err)}
}

// constraint reads SQLite's message, such as "constraint failed: UNIQUE
// constraint failed: films.slug (2067)", or for a check "… failed: its_name".
func constraint(kind engine.Constraint, err error) error {
	broken := &engine.ConstraintError{Kind: kind, Err: err}
	_, subject, ok := cutLast(err.Error(), "constraint failed: ")
	if !ok {
		return broken
	}
	if i := strings.LastIndex(subject, " ("); i >= 0 {
		subject = subject[:i]
	}
	switch kind {
	case engine.Check:
		broken.Name = subject
	case engine.Unique, engine.NotNull:
		if name, isIndex := strings.CutPrefix(subject, "index "); isIndex { // of expressions
			broken.Name = strings.Trim(name, "'")
			return broken
		}
		for _, column := range strings.Split(subject, ", ") {
			if table, name, ok := strings.Cut(column, "."); ok {
				broken.Table = table
				broken.Columns = append(broken.Columns, name)
			}
		}
	}
	return broken
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
