package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// squashesWord begins a line of the head that names one of the migrations that
// the file stands for, and its checksum. A database that has applied all of
// them has applied the file; one that has applied none runs it.
const squashesWord = "squashes"

// squashed is a migration that another file stands for.
type squashed struct{ id, sum string }

// Squash returns one migration for those of the folder up to the one that last
// names, "" for all, and these. Where no file holds anything but what its ops
// say, it makes the schema in one step; else it holds their SQL one after the
// other, that of data, too.
func (m *Migrator) Squash(last, name string) (*File, []*File, error) {
	files, err := load(m.files, m.config.Dir)
	if err == nil {
		err = ordered(files)
	}
	if err != nil {
		return nil, nil, err
	}
	if last != "" {
		f, err := named(files, last)
		if err != nil {
			return nil, nil, err
		}
		files = files[:slices.Index(files, f)+1]
	}
	if len(files) < 2 {
		return nil, nil, fmt.Errorf("migrate: squash: there is nothing to do for %s", plural(len(files), "migration", "migrations"))
	}
	newest := files[len(files)-1]
	f := &File{Version: newest.Version, Name: fileName(name), dir: m.config.Dir}
	if f.Name == "" {
		f.Name = fmt.Sprintf("squash_of_%d", len(files))
	}
	for _, old := range files {
		if len(old.squashes) > 0 {
			return nil, nil, setup("A1557", old.at(0), "run migrate up on every database, then remove the lines "+directive+squashesWord+" from the file and squash again",
				"%s is a squash that some databases may not know yet", old.ID())
		}
		if old.ID() == f.ID() {
			return nil, nil, fmt.Errorf("migrate: squash: %s is the name of one of them; give another one", f.ID())
		}
		f.squashes = append(f.squashes, squashed{old.ID(), old.Checksum()})
	}
	f.Notes = []string{fmt.Sprintf("%d migrations in one. The lines above let a database that has applied them know this file;", len(files)),
		"remove those lines once every database has run migrate up with it."}
	return f, files, m.join(f, files)
}

// join fills f with what files do.
func (m *Migrator) join(f *File, files []*File) error {
	state, err := replay(files)
	if err != nil {
		return err
	}
	own, err := m.withOwnSQL(files)
	if err != nil {
		return err
	}
	if len(own) == 0 {
		err := m.plan(f, schema.Schema{}, state, MakeOptions{AllowDrop: true})
		if errors.Is(err, ErrNoChanges) {
			return fmt.Errorf("migrate: squash: nothing is left of these %d migrations", len(files))
		}
		return err
	}
	f.Notes = append(f.Notes, "Their SQL stands one after the other, since there is SQL by hand in "+idList(own)+".")
	var up, down []string
	undone := true
	for _, old := range files {
		f.Ops = append(f.Ops, old.Ops...)
		f.KeysOff, f.TxOff = f.KeysOff || old.KeysOff, f.TxOff || old.TxOff
		undone = undone && old.Down != ""
		up = append(up, "-- from "+old.ID()+"\n"+ended(old.Up))
		down = append([]string{"-- from " + old.ID() + "\n" + ended(old.Down)}, down...)
	}
	f.Up = strings.Join(up, "\n\n")
	if undone {
		f.Down = strings.Join(down, "\n\n")
	}
	if n := len(f.Text()); n > maxFile {
		return fmt.Errorf("migrate: squash: they are %d bytes together, and a migration has %d at most; squash fewer", n, maxFile)
	}
	return nil
}

// ended returns a script whose last statement ends.
func ended(script string) string {
	if script = strings.TrimSpace(script); !strings.HasSuffix(script, ";") {
		return script + "\n;" // behind a comment, too
	}
	return script
}

// withOwnSQL returns the files whose SQL is not what their ops alone make.
func (m *Migrator) withOwnSQL(files []*File) ([]*File, error) {
	var own []*File
	var state schema.Schema
	for _, f := range files {
		plan, err := m.dialect.Plan(state, f.Ops)
		if err != nil {
			return nil, err
		}
		if f.TxOff || formatScript(plan.Statements) != f.Up {
			own = append(own, f)
		}
		if state, err = schema.Apply(state, f.Ops...); err != nil {
			return nil, err
		}
	}
	return own, nil
}

// WriteSquash runs [Migrator.Squash] on the files in folder dir, writes the one
// file there, removes those that it stands for, and prints what it did. A
// migration of another module, or one in Go, must not stand between them.
func (m *Migrator) WriteSquash(w io.Writer, dir, last, name string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	disk := New(os.DirFS(filepath.Dir(dir)), m.dialect, m.now, Config{Dir: filepath.Base(dir)})
	f, old, err := disk.Squash(last, name)
	if err != nil {
		return err
	}
	all, err := m.load()
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Version > old[0].Version && other.Version < f.Version && !slices.ContainsFunc(old, func(o *File) bool { return o.ID() == other.ID() }) {
			return setup("A1557", other.at(0), "squash up to one before it (migrate squash --to …)",
				"migration %s stands between those to squash and is not of their folder", other.ID())
		}
	}
	path, err := f.Write(dir)
	if err != nil {
		return err
	}
	for _, o := range old {
		if err := os.Remove(filepath.Join(dir, o.ID()+".sql")); err != nil {
			return fmt.Errorf("migrate: squash: %s is written; remove what it stands for by hand: %w", path, err)
		}
	}
	_, err = fmt.Fprintf(w, "wrote %s in place of %d migrations, from %s to %s\n"+
		"databases that have applied all of them know it; one that has applied a part needs the program as it was before\n",
		filepath.Join(filepath.Base(dir), filepath.Base(path)), len(old), old[0].ID(), old[len(old)-1].ID())
	return err
}

// known replaces the entries that f stands for by one for f, if all of them are
// applied. Some without the others are a state that nothing leads on from.
func (f *File) known(entries []Entry) (list []Entry, known bool) {
	var whole Entry
	rest := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool {
		i := slices.IndexFunc(f.squashes, func(s squashed) bool { return s.id == e.ID })
		if i < 0 {
			return false
		}
		whole.replaces = append(whole.replaces, e.version)
		whole.At, whole.Took = e.At, whole.Took+e.Took
		if whole.State == "" && e.WasSum != f.squashes[i].sum {
			whole.State, whole.WasSum = Edited, e.WasSum
		}
		return true
	})
	if len(whole.replaces) == 0 {
		return entries, false
	}
	whole.ID, whole.version, whole.file, whole.Sum = f.ID(), f.Version, f, f.Checksum()
	switch {
	case len(whole.replaces) < len(f.squashes):
		whole.State = Partial
	case whole.State == "":
		whole.State, whole.WasSum = Applied, whole.Sum
	}
	return append(rest, whole), true
}

// adopt writes squashes into the database's list of migrations, in place of
// those that they stand for.
func (r *runner) adopt(ctx context.Context) error {
	replaced := func(e Entry) bool { return e.State == Applied && len(e.replaces) > 0 }
	entries, err := r.status(ctx, r.conn, r.files)
	if err != nil || !slices.ContainsFunc(entries, replaced) {
		return err
	}
	return r.dialect.Tx(ctx, r.conn, TxOptions{Wait: r.config.Wait}, func() error {
		entries, err := r.status(ctx, r.conn, r.files)
		if err != nil {
			return err
		}
		return r.transacted(ctx, func() error {
			for _, e := range entries {
				if !replaced(e) {
					continue
				}
				for _, version := range e.replaces {
					if _, err := r.conn.Exec(ctx, sqlDelete, version); err != nil {
						return err
					}
				}
				if _, err := r.conn.Exec(ctx, sqlInsert, e.version, e.file.Name, e.Sum, e.At, e.Took.Milliseconds()); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
