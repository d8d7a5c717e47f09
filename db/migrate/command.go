package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// WriteUp runs [Migrator.Up] and prints what it does.
func (m *Migrator) WriteUp(ctx context.Context, w io.Writer, d Database) error {
	done, err := m.telling(w).Up(ctx, d)
	return report(w, done, "migration ran", "migrations ran", "nothing to do: all migrations are applied", err)
}

// WriteDown runs [Migrator.Down] and prints what it does.
func (m *Migrator) WriteDown(ctx context.Context, w io.Writer, d Database, n int) error {
	done, err := m.telling(w).Down(ctx, d, n)
	return report(w, done, "migration undone", "migrations undone", "nothing to undo", err)
}

// WriteMake runs [Migrator.Make], writes the file to folder dir, and prints
// the file's path and its ops. Without changes it prints that and is content.
func (m *Migrator) WriteMake(w io.Writer, dir string, models schema.Schema, opts MakeOptions) error {
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
	for line := range strings.Lines(f.Up) {
		if note, ok := strings.CutPrefix(line, "-- loses "); ok {
			fmt.Fprintf(&b, "warning: it loses %s", note)
		}
	}
	b.WriteString("read it, then run migrate up\n")
	_, err = io.WriteString(w, b.String())
	return err
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
