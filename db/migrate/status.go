package migrate

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
)

// A State says how a migration stands to a database.
type State string

// The states.
const (
	Applied    State = "applied"
	Pending    State = "pending"
	OutOfOrder State = "out of order" // pending, but a later one is applied
	Edited     State = "edited"       // applied, but the file was another one
	Missing    State = "missing"      // applied, but there is no file
	Partial    State = "partial"      // some of those that the file squashes are applied, and some not
)

// An Entry is one migration in a [Migrator.Status].
type Entry struct {
	ID      string
	State   State
	Sum     string        // checksum of the file; "" if it is missing
	WasSum  string        // checksum that was applied; "" if it is pending
	At      time.Time     // when it was applied, in UTC
	Took    time.Duration // to the millisecond
	version string
	file    *File

	replaces []string // versions in the database that it stands for
}

// Status returns how all migrations stand, oldest first. It changes nothing.
func (m *Migrator) Status(ctx context.Context, d Database) ([]Entry, error) {
	files, err := m.load()
	if err != nil {
		return nil, err
	}
	var entries []Entry
	err = d.WithConn(ctx, func(c db.Conn) error {
		entries, err = m.status(ctx, c, files)
		return err
	})
	return entries, err
}

// status compares files with what the database says was applied.
func (m *Migrator) status(ctx context.Context, c db.Conn, files []*File) ([]Entry, error) {
	entries, err := applied(ctx, c, m.dialect)
	if err != nil {
		return nil, fmt.Errorf("migrate: read table %s: %w", table, err)
	}
	newest := map[string]string{} // applied version by source
	for _, e := range entries {
		source := m.config.Source(e.ID)
		newest[source] = max(newest[source], e.version)
	}
	for _, f := range files {
		if len(f.squashes) > 0 {
			var known bool
			if entries, known = f.known(entries); known {
				continue
			}
		}
		i := slices.IndexFunc(entries, func(e Entry) bool { return e.version == f.Version })
		if i < 0 {
			e := Entry{ID: f.ID(), State: Pending, Sum: f.Checksum(), version: f.Version, file: f}
			if f.Version < newest[m.config.Source(f.ID())] {
				e.State = OutOfOrder
			}
			entries = append(entries, e)
			continue
		}
		e := &entries[i]
		e.Sum, e.file, e.State = f.Checksum(), f, Applied
		if e.Sum != e.WasSum {
			e.State = Edited
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.version, b.version) })
	return entries, nil
}

// verify reports what forbids to run more migrations: edited, missing and
// out-of-order ones.
func (m *Migrator) verify(entries []Entry) error {
	var list errs.List
	for _, e := range entries {
		if err := m.problem(e); err != nil {
			list.Add(err)
		}
	}
	return list.Err()
}

func (m *Migrator) problem(e Entry) error {
	switch {
	case e.State == Edited:
		return setup("A1545", e.file.at(0), "restore the file as it was, and say what you want changed in a new migration (migrate make)",
			"the file was edited after it was applied: it has checksum %s, applied was %s", short(e.Sum), short(e.WasSum))
	case e.State == Missing:
		return setup("A1546", path.Join(m.config.Dir, e.ID+".sql"), "restore the file, or run the version of the program that has it",
			"the database has applied migration %s (checksum %s), but its file is missing", e.ID, short(e.WasSum))
	case e.State == Partial:
		return setup("A1557", e.file.at(0), "run the version of the program from before the squash on this database (migrate up), then this one",
			"the database has applied %d of the %d migrations that %s stands for", len(e.replaces), len(e.file.squashes), e.ID)
	case e.State == OutOfOrder && !m.config.OutOfOrder:
		return setup("A1547", e.file.at(0), "give it a later time, in its name and its first line; or, if it does not matter which runs first, set OutOfOrder",
			"migration %s is older than one that is applied already", e.ID)
	}
	return nil
}

// short is enough of a checksum to tell two apart.
func short(sum string) string { return sum[:min(len(sum), 12)] }

// pending returns the migrations to run, oldest first.
func pending(entries []Entry) []*File {
	var list []*File
	for _, e := range entries {
		if e.State == Pending || e.State == OutOfOrder {
			list = append(list, e.file)
		}
	}
	return list
}
