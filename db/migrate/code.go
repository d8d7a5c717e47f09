package migrate

import (
	"context"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
)

// Go is a migration of data that is written in Go. It stands among the SQL
// files in the order of its version, and a module adds it with Setup.Add:
//
//	s.Add(migrate.Go{ID: "20260131093000_fill_slugs", Up: func(ctx context.Context) error {
//		_, err := db.Exec(ctx, "UPDATE films SET slug = lower(title) WHERE slug = ?", "")
//		return err
//	}})
//
// What it does with ctx is part of the transaction that records it. It uses
// SQL and structs of its own, not the models: those are of today, and this runs
// on tables of its time. On MariaDB it changes data only, since a change of
// tables would end the transaction.
//
// The database keeps its ID and no sum of what it does: an edited function is
// not noticed and does not run again.
type Go struct {
	ID string // time in UTC and what it does, as the name of a file without .sql

	// Database is the [db.Config].Name of the one that it is for.
	Database string

	// Up does it. A database without tables of data runs it, too.
	Up func(ctx context.Context) error

	// Batch does it piece by piece, in place of Up: it is called in one
	// transaction after the other until it returns 0, the rows that it found
	// left. A process that dies leaves what was committed, and the next one
	// goes on, so Batch finds what is left by looking at the data.
	Batch func(ctx context.Context) (int64, error)

	// Down undoes it; nil: there is no way back.
	Down func(ctx context.Context) error

	at string // where it was added
}

// file returns g as a migration.
func (g *Go) file() (*File, error) {
	f, err := fromName(g.ID + ".sql")
	switch {
	case err != nil:
		return nil, setup("A1540", g.at, "name it by the time in UTC and what it does, such as 20260131093000_fill_slugs",
			"%q is no name of a migration", clip(g.ID))
	case (g.Up == nil) == (g.Batch == nil):
		return nil, setup("A1540", g.at, "give it one of Up and Batch", "migration %s has neither of Up and Batch, or both", g.ID)
	}
	f.code, f.text = g, "-- in Go: "+g.ID+"\n"
	if g.at == "" {
		g.at = g.ID + " (in Go)"
	}
	return f, nil
}

// call runs f's function, forth or back, and reports whether it is to be called
// again.
func (f *File) call(ctx context.Context, c db.Conn, down bool) (more bool, err error) {
	err = c.Within(ctx, func(ctx context.Context) error {
		switch {
		case down:
			return f.code.Down(ctx)
		case f.code.Batch != nil:
			n, err := f.code.Batch(ctx)
			more = n > 0
			return err
		}
		return f.code.Up(ctx)
	})
	if err == nil || errs.KindOf(err) == errs.Unavailable || ctx.Err() != nil {
		return more, err
	}
	e := setup("A1548", f.at(0), "nothing of this call was kept; mend the function and run "+commandOf(down)+" again", "run migration %s", f.ID())
	e.Err = err
	return false, e
}

func commandOf(down bool) string {
	if down {
		return "migrate down"
	}
	return "migrate up"
}

// runCode runs a migration in Go, each call in a transaction of its own, the
// last one together with the record of it.
func (r *runner) runCode(ctx context.Context, f *File) error {
	start, step := r.now(), Step{Migration: f.ID(), Down: r.down, Of: 1}
	for more := true; more; {
		err := r.dialect.Tx(ctx, r.conn, TxOptions{Wait: r.config.Wait}, func() error {
			if err := r.begin(ctx, f); err != nil {
				return err
			}
			r.config.OnStep(step)
			return r.transacted(ctx, func() (err error) {
				if more, err = f.call(ctx, r.conn, r.down); err != nil || more {
					return err
				}
				return r.record(ctx, f, r.now().Sub(start))
			})
		})
		if err != nil {
			return located(err, f)
		}
		step.Statement, step.Took = step.Statement+1, r.now().Sub(start)
		step.Of = max(step.Of, step.Statement)
	}
	step.Done = true
	r.config.OnStep(step)
	return nil
}

// transacted calls f in a transaction, which the dialect has opened or, if its
// engine is a Resumer for all, has not.
func (r *runner) transacted(ctx context.Context, f func() error) error {
	d, ok := r.dialect.(Resumer)
	if !ok || !d.Always() {
		return f()
	}
	if _, err := r.conn.Exec(ctx, sqlTransaction); err != nil {
		return err
	}
	err := f()
	if err == nil {
		_, err = r.conn.Exec(ctx, sqlCommitChange)
	}
	if err != nil {
		_, _ = r.conn.Exec(context.WithoutCancel(ctx), "ROLLBACK") // the connection may be gone, and the transaction with it
	}
	return err
}
