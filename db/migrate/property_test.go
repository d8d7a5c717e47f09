package migrate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/randschema"
)

// A target is an engine for random schemas to be made on.
type target struct {
	migrate.Dialect
	open func(t testing.TB) *db.DB
	text string // SQL of a value as text, %s for the column
}

var onSQLite = target{migrate.SQLite{}, func(t testing.TB) *db.DB { return open(t, ":memory:") }, "quote(%s)"}

// TestRandomSchemas makes a random schema with rows, changes it at random,
// and lets the migrations lead there and back on a real database. Each seed is
// a test of its own: -run 'TestRandomSchemas/17$'.
func TestRandomSchemas(t *testing.T) {
	t.Parallel()
	n := 150
	if testing.Short() {
		n = 20
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			thereAndBack(t, onSQLite, randschema.New("sqlite", 1, uint64(seed)))
		})
	}
}

func thereAndBack(t *testing.T, on target, r *randschema.Random) {
	d := on.open(t)
	defer d.Close()
	files := fstest.MapFS{}
	m := migrate.New(files, on.Dialect, clock(), migrate.Config{})
	step := func(models schema.Schema) {
		t.Helper()
		f, err := m.Make(models, migrate.MakeOptions{AllowDrop: true})
		if err == migrate.ErrNoChanges {
			return
		}
		if err != nil {
			t.Fatalf("make: %v\n%+v", err, models)
		}
		files["migrations/"+f.ID()+".sql"] = &fstest.MapFile{Data: []byte(f.Text())}
		if _, err := m.Up(t.Context(), d); err != nil {
			t.Fatalf("up: %v\n%s", err, f.Text())
		}
		t.Logf("%s", f.Text())
		if err := m.Check(t.Context(), d, models); err != nil {
			t.Errorf("check: %v", err)
		}
		same(t, "inspected and models", inspectAs(t, on, d), models)
	}
	a := r.Schema()
	step(a)
	execute(t, d, strings.Join(r.Inserts(a), ";\n"))
	files2 := len(files)
	b, touched := r.Changed(a)
	kept := survivors(a, b, touched)
	before := contents(t, on, d, kept, true)
	step(b)
	if len(files) == files2 {
		return
	}
	if got := contents(t, on, d, kept, false); !slices.Equal(got, before) {
		t.Errorf("rows after up:\n got %q\nwant %q", got, before)
	}
	if _, err := m.Down(t.Context(), d, 1); err != nil {
		t.Fatalf("down: %v", err)
	}
	same(t, "inspected after down and models", inspectAs(t, on, d), a)
	if got := contents(t, on, d, kept, true); !slices.Equal(got, before) {
		t.Errorf("rows after down:\n got %q\nwant %q", got, before)
	}
	if _, err := m.Up(t.Context(), d); err != nil {
		t.Fatalf("up again: %v", err)
	}
	same(t, "inspected after up again and models", inspectAs(t, on, d), b)
}

// same fails unless nothing leads from one schema to the other.
func same(t *testing.T, what string, got, want schema.Schema) {
	t.Helper()
	want = want.Normal()
	for i := range want.Tables {
		want.Tables[i].Was = ""
		for j := range want.Tables[i].Columns {
			want.Tables[i].Columns[j].Was = ""
		}
	}
	ops, err := schema.Diff(got, want)
	if err != nil {
		t.Fatal(err)
	}
	if len(ops) > 0 {
		t.Errorf("%s differ by %+v\n got %+v\nwant %+v", what, ops, got, want)
	}
}

// A survivor is a table of both schemas with the columns that keep their
// values.
type survivor struct {
	before, after    string
	columns, renamed []string
}

func survivors(a, b schema.Schema, touched map[string]bool) []survivor {
	var list []survivor
	for _, t := range b.Tables {
		s := survivor{before: t.Name, after: t.Name}
		if t.Was != "" {
			s.before = t.Was
		}
		old := a.Table(s.before)
		if old == nil {
			continue
		}
		for _, c := range t.Columns {
			was := c.Name
			if c.Was != "" {
				was = c.Was
			}
			dirty := touched[t.Name+"."+c.Name] || touched[s.before+"."+c.Name] || touched[t.Name+"."+was] || touched[s.before+"."+was]
			if old.Column(was) != nil && !dirty {
				s.columns, s.renamed = append(s.columns, was), append(s.renamed, c.Name)
			}
		}
		if len(s.columns) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// contents returns all rows of the survivors, sorted.
func contents(t *testing.T, on target, d *db.DB, list []survivor, before bool) []string {
	t.Helper()
	var all []string
	quote := on.Dialect.(interface{ Quote(string) string }).Quote
	for _, s := range list {
		table, columns := s.after, s.renamed
		if before {
			table, columns = s.before, s.columns
		}
		var values []string
		for _, c := range columns {
			values = append(values, fmt.Sprintf(on.text, quote(c)))
		}
		for _, row := range rows(t, d, "SELECT "+strings.Join(values, ", ")+") FROM "+quote(table)) {
			all = append(all, s.before+": "+row)
		}
	}
	slices.Sort(all)
	return all
}
