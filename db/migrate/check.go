package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// Check reports all that keeps the models, the migrations and the database
// from being of one mind: edited, missing and pending migrations, and models
// that the migrations do not lead to. It changes nothing. The error is an
// *[errs.Setup] or a list of them.
func (m *Migrator) Check(ctx context.Context, d Database, models schema.Schema) error {
	entries, err := m.Status(ctx, d)
	if err != nil {
		return err
	}
	var list errs.List
	list.Add(m.verify(entries))
	if waiting := pending(entries); len(waiting) > 0 {
		list.Add(setup("A1552", waiting[0].at(0), "run migrate up",
			"%s in the database: %s", plural(len(waiting), "migration is not", "migrations are not"), idList(waiting)))
	}
	list.Add(m.CheckModels(models))
	return list.Err()
}

// WriteCheck prints that [Migrator.Check] and [Migrator.Verify] find nothing,
// or returns all that they find.
func (m *Migrator) WriteCheck(ctx context.Context, w io.Writer, d Database, models schema.Schema) error {
	var list errs.List
	list.Add(m.Check(ctx, d, models))
	drift := m.Verify(ctx, d)
	unread := errors.Is(drift, ErrNoInspect)
	if !unread {
		list.Add(drift)
	}
	if err := list.Err(); err != nil {
		return err
	}
	text := "the models, the migrations and the tables of the database are of one mind"
	if unread {
		text = "the models and the migrations are of one mind, and all of these are applied; the tables of MySQL are not read"
	}
	_, err := fmt.Fprintln(w, text)
	return err
}

// CheckModels reports models that differ from what the migrations lead to. It
// asks no database. The error is an *[errs.Setup] that lists the ops.
func (m *Migrator) CheckModels(models schema.Schema) error {
	state, err := m.Replay()
	if err != nil {
		return err
	}
	ops, err := schema.Diff(state, models)
	if err != nil || len(ops) == 0 {
		return err
	}
	return setup("A1553", m.config.Dir, "run migrate make, which writes these ops:"+opList(ops),
		"the models differ from what the migrations lead to")
}

// Verify compares the schema that the database has with the one that the
// applied migrations lead to. Tables that no migration names are left alone.
// The error is an *[errs.Setup] that says in ops what would lead to the schema
// as it should be.
func (m *Migrator) Verify(ctx context.Context, d Database) error {
	files, err := m.load()
	if err != nil {
		return err
	}
	return d.WithConn(ctx, func(c db.Conn) error {
		entries, err := m.status(ctx, c, files)
		if err != nil {
			return err
		}
		waiting := pending(entries)
		done := slices.DeleteFunc(slices.Clone(files), func(f *File) bool { return slices.Contains(waiting, f) })
		want, err := replay(done)
		if err != nil {
			return err
		}
		got, err := m.dialect.Inspect(ctx, c)
		if err != nil {
			return err
		}
		got.Tables = slices.DeleteFunc(got.Tables, func(t schema.Table) bool { return want.Table(t.Name) == nil })
		if d, ok := m.dialect.(Rewriter); ok {
			if want, err = rewrite(ctx, c, d, got, want); err != nil {
				return err
			}
		}
		ops, err := schema.Diff(got, want)
		if err != nil || len(ops) == 0 {
			return err
		}
		return setup("A1554", m.config.Dir, "put the change into a migration, or undo it in the database; these ops would:"+opList(ops),
			"the database differs from what its migrations made: it was changed by hand, or SQL does not do what its ops say")
	})
}

// A Rewriter is a [Dialect] whose engine does not keep conditions as they were
// written, but in words of its own.
type Rewriter interface {
	// Rewrite returns the table with its checks in the words that Inspect would
	// find. It changes nothing in the database that stays.
	Rewrite(ctx context.Context, c db.Conn, t schema.Table) (schema.Table, error)
}

// rewrite returns want with the checks of those tables rewritten that differ
// from got's.
func rewrite(ctx context.Context, c db.Conn, d Rewriter, got, want schema.Schema) (schema.Schema, error) {
	ops, err := schema.Diff(got, want)
	if err != nil {
		return want, err
	}
	want = want.Normal()
	done := map[string]bool{}
	for _, op := range ops {
		add, ok := op.(schema.AddCheck)
		if !ok || done[add.Table] {
			continue
		}
		done[add.Table] = true
		t := want.Table(add.Table)
		if *t, err = d.Rewrite(ctx, c, *t); err != nil {
			return want, fmt.Errorf("migrate: verify table %q: %w", t.Name, err)
		}
	}
	return want.Normal(), nil
}
