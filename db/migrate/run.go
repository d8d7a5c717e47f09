package migrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/errs"
)

// Up runs the pending migrations, oldest first, and returns the IDs of those
// that it committed: [Migrator.UpN] without a limit.
func (m *Migrator) Up(ctx context.Context, d Database) ([]string, error) {
	return m.UpN(ctx, d, 0)
}

// UpN runs the first n pending migrations, all if n is 0, oldest first, and returns the IDs
// of those that it committed. Each runs in a transaction of its own: one that fails, or
// whose process dies, leaves nothing of itself, and those before it stay; where
// the engine cannot do that, the next Up goes on with the statement that failed
// (see [Resumer]). Any number of processes may call Up at the same time: each
// migration runs once.
//
// Nothing runs while an applied migration was edited or has no file, or a
// pending one is older than an applied one (see [Config.OutOfOrder]), or while
// the ops of all migrations do not fit together. The error is an *[errs.Setup]
// or a list of them.
func (m *Migrator) UpN(ctx context.Context, d Database, n int) ([]string, error) {
	if n == 0 {
		n = math.MaxInt
	}
	return m.forth(ctx, d, n, func(*File) bool { return true })
}

// forth runs the first n pending migrations that are wanted.
func (m *Migrator) forth(ctx context.Context, d Database, n int, wanted func(*File) bool) ([]string, error) {
	files, err := m.load()
	if err != nil {
		return nil, err
	}
	if _, err := replay(files); err != nil {
		return nil, err
	}
	return m.loop(ctx, d, files, false, n, func(entries []Entry) (*File, error) {
		if err := m.verify(entries); err != nil {
			return nil, err
		}
		for _, f := range pending(entries) {
			if wanted(f) {
				return f, nil
			}
		}
		return nil, nil
	})
}

// Down undoes the last n applied migrations, by version, newest first, and
// returns the IDs of those that it undid. It stops at one that was edited, has
// no file, or has no way back.
func (m *Migrator) Down(ctx context.Context, d Database, n int) ([]string, error) {
	return m.back(ctx, d, n, func(Entry) bool { return true })
}

// back undoes the last n applied migrations, as long as they are wanted.
func (m *Migrator) back(ctx context.Context, d Database, n int, wanted func(Entry) bool) ([]string, error) {
	files, err := m.load()
	if err != nil {
		return nil, err
	}
	return m.loop(ctx, d, files, true, n, func(entries []Entry) (*File, error) {
		for _, e := range slices.Backward(entries) {
			if e.State == Pending || e.State == OutOfOrder {
				continue
			}
			if !wanted(e) {
				return nil, nil
			}
			if err := m.problem(e); err != nil {
				return nil, err
			}
			return e.file, e.file.wayBack()
		}
		return nil, nil
	})
}

// To leads to the migration that target names, by ID, by version or by name:
// it undoes what was applied after that, newest first, and runs what is pending
// up to it, oldest first. The target "0" is before all migrations. It returns
// the IDs of those that it undid and of those that it ran.
func (m *Migrator) To(ctx context.Context, d Database, target string) (undone, ran []string, err error) {
	files, err := m.load()
	if err != nil {
		return nil, nil, err
	}
	version := "0"
	if target != version {
		f, err := named(files, target)
		if err != nil {
			return nil, nil, err
		}
		version = f.Version
	}
	undone, err = m.back(ctx, d, math.MaxInt, func(e Entry) bool { return e.version > version })
	if err == nil {
		ran, err = m.forth(ctx, d, math.MaxInt, func(f *File) bool { return f.Version <= version })
	}
	return undone, ran, err
}

// named returns the migration that has target as its ID, version or name.
func named(files []*File, target string) (*File, error) {
	var found []*File
	for _, f := range files {
		switch strings.TrimSuffix(target, ".sql") {
		case f.ID(), f.Version, f.Name:
			found = append(found, f)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("migrate: there is no migration %q; migrate status lists them", clip(target))
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("migrate: several migrations are called %q: %s; name one by its version", clip(target), idList(found))
}

// wayBack says why a migration cannot be undone, or nil.
func (f *File) wayBack() error {
	switch {
	case f.code != nil && f.code.Down == nil:
		return setup("A1551", f.at(0), "undo it by hand in a new migration, or give it a Down", "migration %s has no way back", f.ID())
	case f.code == nil && f.Down == "":
		return setup("A1551", f.at(0), "undo it by hand in a new migration", "migration %s has no down section", f.ID())
	}
	return nil
}

// errMoved says that another process ran a migration in between.
var errMoved = errors.New("migrate: another process was faster")

// loop runs what choose chooses until that is nothing, or n were run.
func (m *Migrator) loop(ctx context.Context, d Database, files []*File, down bool, n int, choose func([]Entry) (*File, error)) ([]string, error) {
	var done []string
	err := d.WithConn(ctx, func(c db.Conn) error {
		r := &runner{Migrator: m, conn: c, files: files, down: down, choose: choose}
		if err := r.adopt(ctx); err != nil {
			return err
		}
		for len(done) < n {
			f, err := r.choice(ctx)
			if err != nil || f == nil {
				return err
			}
			switch err := r.run(ctx, f); {
			case errors.Is(err, errMoved):
				continue
			case err != nil:
				return err
			}
			done = append(done, f.ID())
		}
		return nil
	})
	return done, err
}

// A runner runs migrations on one connection.
type runner struct {
	*Migrator
	conn   db.Conn
	files  []*File
	down   bool
	choose func([]Entry) (*File, error)
}

// choice asks which migration is next, as the database stands now.
func (r *runner) choice(ctx context.Context) (*File, error) {
	entries, err := r.status(ctx, r.conn, r.files)
	if err != nil {
		return nil, err
	}
	return r.choose(entries)
}

// run runs f, if that is still the next one when the lock is held.
func (r *runner) run(ctx context.Context, f *File) error {
	if f.code != nil {
		return r.runCode(ctx, f)
	}
	script, err := r.script(f)
	if err != nil {
		return err
	}
	start := r.now()
	step := Step{Migration: f.ID(), Down: r.down, Of: len(script)}
	tell := func(ran int) {
		step.Statement, step.Took = ran, r.now().Sub(start)
		r.config.OnStep(step)
	}
	resumer, resumes := r.dialect.(Resumer)
	resumes = resumes && (f.TxOff || resumer.Always())
	err = r.dialect.Tx(ctx, r.conn, TxOptions{Off: f.TxOff, KeysOff: f.KeysOff, Wait: r.config.Wait}, func() error {
		if err := r.begin(ctx, f); err != nil {
			return err
		}
		start = r.now() // the wait for the lock does not count
		record := func() error { return r.record(ctx, f, r.now().Sub(start)) }
		if resumes {
			return r.resume(ctx, resumer, f, script, tell, record)
		}
		tell(0)
		for i, s := range script {
			if _, err := r.conn.Exec(ctx, s.Text); err != nil {
				return failed(f, s, r.statement(i, script), r.down, err)
			}
			tell(i + 1)
		}
		return record()
	})
	if err != nil {
		return located(err, f)
	}
	step.Done = true
	tell(len(script))
	return nil
}

// script returns the statements of f, of which there must be some: a file that
// is not finished would else count as applied.
func (r *runner) script(f *File) ([]sqlscan.Statement, error) {
	script, err := f.script(r.down)
	if err != nil || len(script) > 0 {
		return script, err
	}
	line := f.upLine
	if r.down {
		line = f.downLine
	}
	return nil, setup("A1544", f.at(line), "write the SQL that it shall run, or remove the file",
		"migration %s has no statement to run", f.ID())
}

// begin makes sure, under the lock, that f is the next one.
func (r *runner) begin(ctx context.Context, f *File) error {
	if err := createTable(ctx, r.conn, r.dialect, tableSchema); err != nil {
		return err
	}
	next, err := r.choice(ctx)
	if err == nil && (next == nil || next.ID() != f.ID()) {
		return errMoved
	}
	return err
}

// record writes to the table of migrations that f ran.
func (r *runner) record(ctx context.Context, f *File, took time.Duration) error {
	if r.down {
		_, err := r.conn.Exec(ctx, sqlDelete, f.Version)
		return err
	}
	_, err := r.conn.Exec(ctx, sqlInsert, f.Version, f.Name, f.Checksum(), r.now(), took.Milliseconds())
	return err
}

// failed tells which statement the engine did not take. A request to stop is
// no fault of the statement.
func failed(f *File, s sqlscan.Statement, which string, down bool, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("migrate: stop in %s, of which nothing was kept: %w", f.ID(), err)
	}
	e := setup("A1548", f.at(s.Line), "nothing of this migration was kept; mend the statement and run "+commandOf(down)+" again",
		"run migration %s: %s", f.ID(), which)
	e.Err = engineWords(err)
	return e
}

// statement says which one of a script it is, and how it begins.
func (r *runner) statement(i int, script []sqlscan.Statement) string {
	begins := ""
	for line := range strings.Lines(script[i].Text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			begins = clip(line)
			break
		}
	}
	return fmt.Sprintf("statement %d of %d, %s", i+1, len(script), begins)
}

// engineWords returns err with what the engine said, where err is said in words
// of its own.
func engineWords(err error) error {
	var broken *engine.ConstraintError
	if errors.As(err, &broken) && broken.Err != nil && !strings.Contains(err.Error(), broken.Err.Error()) {
		return fmt.Errorf("%w: %v", err, broken.Err)
	}
	return err
}

// located adds the migration's name to errors that do not have it yet.
func located(err error, f *File) error {
	var s *errs.Setup
	if !errors.As(err, &s) {
		return fmt.Errorf("migrate: run %s: %w", f.ID(), err)
	}
	if s.Where == "" {
		s.Where = f.at(0)
	}
	return err
}
