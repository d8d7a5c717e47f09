package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ashlar-go/ashlar/db/schema"
)

// WriteStatus prints the table of [Migrator.Status], and below it the problems
// that would stop Up.
func (m *Migrator) WriteStatus(ctx context.Context, w io.Writer, d Database) error {
	entries, err := m.Status(ctx, d)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		_, err := fmt.Fprintf(w, "no migrations in %s; run migrate make\n", m.config.Dir)
		return err
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "MIGRATION\tSTATE\tAPPLIED AT\tTOOK")
	for _, e := range entries {
		at, took := "-", "-"
		if !e.At.IsZero() {
			at, took = e.At.Format(time.RFC3339), e.Took.String()
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\n", e.ID, e.State, at, took)
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if err := m.verify(entries); err != nil {
		_, err := fmt.Fprintf(w, "\n%v\n", err)
		return err
	}
	return nil
}

// WriteUp runs [Migrator.UpN] and prints what it does.
func (m *Migrator) WriteUp(ctx context.Context, w io.Writer, d Database, n int) error {
	done, err := m.telling(w).UpN(ctx, d, n)
	return report(w, done, "migration ran", "migrations ran", "nothing to do: all migrations are applied", err)
}

// WriteDown runs [Migrator.Down] and prints what it does.
func (m *Migrator) WriteDown(ctx context.Context, w io.Writer, d Database, n int) error {
	done, err := m.telling(w).Down(ctx, d, n)
	return report(w, done, "migration undone", "migrations undone", "nothing to undo", err)
}

// WriteTo runs [Migrator.To] and prints what it does.
func (m *Migrator) WriteTo(ctx context.Context, w io.Writer, d Database, target string) error {
	undone, ran, err := m.telling(w).To(ctx, d, target)
	if len(undone) > 0 {
		fmt.Fprintln(w, plural(len(undone), "migration undone", "migrations undone"))
	}
	if len(ran) > 0 || err == nil && len(undone) == 0 {
		return report(w, ran, "migration ran", "migrations ran", "nothing to do: the database stands there", err)
	}
	return err
}

// WriteMake runs [Migrator.Make], writes the file to folder dir, and prints
// the file's path and its ops. Without changes it prints that and is content.
func (m *Migrator) WriteMake(w io.Writer, dir string, models schema.Schema, opts MakeOptions) error {
	if err := m.built(dir); err != nil {
		return err
	}
	f, err := m.Make(models, opts)
	if errors.Is(err, ErrNoChanges) {
		_, err := fmt.Fprintln(w, "no changes: the migrations lead to the models as they are")
		return err
	}
	if err != nil {
		return err
	}
	path, err := f.Write(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "wrote %s\n", path)
	for _, op := range f.Ops {
		fmt.Fprintf(&b, "  %s\n", strings.TrimSuffix(firstLine(formatOp(op)), " ("))
	}
	for _, note := range f.Notes {
		b.WriteString(note + "\n")
	}
	b.WriteString("read it, then build the program, which brings the file along, and run migrate up\n")
	_, err = io.WriteString(w, b.String())
	return err
}

// built refuses to make a migration that knows nothing of those in folder dir:
// the program was built before they were written, or stands in another folder.
func (m *Migrator) built(dir string) error {
	files, err := m.load()
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) && slices.ContainsFunc(files, func(f *File) bool { return f.code == nil }) {
		return setup("A1558", dir, "run it in the folder of the module, or name that of the migrations with --migrate.dir",
			"the program has migrations, and the folder to write to is not there")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("migrate: read folder %q: %w", dir, err)
	}
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ".sql")
		if ok && !slices.ContainsFunc(files, func(f *File) bool { return f.ID() == id }) {
			return setup("A1558", filepath.Join(dir, e.Name()), "build the program again, and run that; if it stays, the file is in no folder that a module embeds",
				"the program was built without migration %s", id)
		}
	}
	return nil
}

// telling returns a copy of m that prints each migration, once it is done.
func (m *Migrator) telling(w io.Writer) *Migrator {
	told := *m
	told.config.OnStep = func(s Step) {
		m.config.OnStep(s)
		if s.Done {
			verb := "applied"
			if s.Down {
				verb = "undid"
			}
			fmt.Fprintf(w, "%s %s (%v)\n", verb, s.Migration, s.Took.Round(time.Millisecond))
		}
	}
	return &told
}

func report(w io.Writer, done []string, one, many, nothing string, failed error) error {
	text := plural(len(done), one, many)
	if len(done) == 0 {
		if failed != nil {
			return failed
		}
		text = nothing
	}
	if _, err := fmt.Fprintln(w, text); err != nil && failed == nil {
		return err
	}
	return failed
}

// plural returns "1 one" or "2 many".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// idList names the first few.
func idList(files []*File) string {
	var list []string
	for i, f := range files {
		if i == 3 {
			list = append(list, "…")
			break
		}
		list = append(list, f.ID())
	}
	return strings.Join(list, ", ")
}
