package db

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Import adds the rows of seq, all of them or none, in the fastest way that the
// engine has, and returns how many there were. It is for rows that come by the
// thousands, such as those of a file; they are sent while they are read, and
// none of them is kept:
//
//	n, err := Films.Import(ctx, slices.Values(films))
//
// Columns of [Roles] are set in each row, and rules of the model are asked, as
// by Insert; keys that the database makes are not set. A model with hooks is
// imported by Insert, a batch of rows at a time, with all of its hooks. What
// ends seq early, such as an error of the file, is for the transaction around
// Import: see the example.
//
// seq must not use ctx's transaction, whose connection takes the rows.
//
//go:noinline
func (t *Table[P]) Import(ctx context.Context, seq iter.Seq[P]) (int64, error) {
	return t.q.t.importRows(ctx, func(yield func(any) bool) {
		for p := range seq {
			if !yield(p) {
				return
			}
		}
	})
}

// errNoLoader says that a session has no [engine.Loader].
var errNoLoader = errors.New("db: the driver has no Loader")

// importRows is Import without the type.
func (t *table) importRows(ctx context.Context, seq iter.Seq[any]) (n int64, err error) {
	d, err := FromContext(ctx)
	if err != nil {
		return 0, err
	}
	next, stop := iter.Pull(seq)
	defer stop()
	im := &importer{t: t, d: d, next: next}
	im.ahead, im.more = next()
	if !im.more {
		return 0, nil
	}
	err = Tx(ctx, func(ctx context.Context) error {
		if !t.hooks.any() {
			if err := im.load(ctx); !errors.Is(err, errNoLoader) {
				return err
			}
		}
		return im.insert(ctx)
	})
	if err != nil {
		return 0, err
	}
	return im.n, nil
}

// An importer is one Import.
type importer struct {
	t    *table
	d    *DB
	next func() (any, bool)

	ahead any  // the row that comes next,
	more  bool // if there is one
	n     int64
	top   int64 // the highest key that came with its row
	wrong error // of a row, before it was sent
}

// take returns the row that comes next and looks for the one behind it.
func (im *importer) take() any {
	p := im.ahead
	im.ahead, im.more = im.next()
	im.n++
	return p
}

// keyless reports whether the database makes the key of the row that comes
// next.
func (im *importer) keyless() bool { return im.t.keyless([]any{im.ahead}, 0) }

// load hands the rows to the engine's Loader: each run of rows that have a key,
// or all have not, at once.
func (im *importer) load(ctx context.Context) error {
	for im.more {
		if err := im.loadRun(ctx); err != nil {
			return err
		}
	}
	return im.t.keysAbove(ctx, im.d, im.top)
}

func (im *importer) loadRun(ctx context.Context) error {
	t, made := im.t, im.keyless()
	columns := t.all
	if made {
		columns = t.rest
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = t.def.Columns[c].Name
	}
	fill := func(row []engine.Value) (bool, error) {
		if !im.more || im.keyless() != made {
			return false, nil
		}
		p := im.take()
		if err := t.before(ctx, im.d, Created, []any{p}); err != nil {
			im.wrong = fmt.Errorf("db: import row %d of %s: %w", im.n, t.def.Name, err)
			return false, im.wrong
		}
		for i, c := range columns {
			row[i] = t.rows.encode(p, c)
			err := im.d.seal(&row[i])
			if err == nil {
				err = row[i].Check()
			}
			if err != nil {
				im.wrong = fmt.Errorf("db: import row %d of %s: column %q: %w", im.n, t.def.Name, names[i], err)
				return false, im.wrong
			}
		}
		if t.auto && !made {
			im.top = max(im.top, t.rows.encode(p, t.key[0]).Int())
		}
		return true, nil
	}
	st := statement{sql: "INSERT INTO " + t.ident + " (" + t.names(columns, "") + ") VALUES …", write: true, part: im.n > 0, t: t}
	tx := im.d.transaction(ctx)
	supported := false
	_, err := im.d.use(ctx, st, func(s engine.Session) (n int64, err error) {
		var l engine.Loader
		if l, supported = s.(engine.Loader); !supported {
			return 0, nil
		}
		tx.loading.Store(true)
		defer tx.loading.Store(false)
		if n, err = l.Load(ctx, t.def.Name, names, fill); im.wrong != nil {
			return 0, nil // the transaction goes on: it is not the database's
		}
		return n, err
	})
	switch {
	case err != nil:
		return err
	case !supported:
		return errNoLoader
	}
	return im.wrong
}

// insert sends the rows by Insert.
func (im *importer) insert(ctx context.Context) error {
	for im.more {
		var rows []any
		for im.more && len(rows) < maxBatch {
			rows = append(rows, im.take())
		}
		if err := im.t.create(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

// keysAbove has the database make keys above top, the highest one that rows
// were inserted with, where it would not do so by itself.
func (t *table) keysAbove(ctx context.Context, d *DB, top int64) error {
	if top <= 0 || d.dialect.KeysAbove == "" {
		return nil
	}
	st := statement{sql: d.dialect.KeysAbove, write: true, part: true, t: t, args: []engine.Value{
		engine.Text(t.ident), engine.Text(t.def.Columns[t.key[0]].Name), engine.Int(top),
	}}
	return d.query(ctx, st, func([]engine.Value) error { return nil })
}
