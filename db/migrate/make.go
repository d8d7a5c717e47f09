package migrate

import (
	"fmt"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/schema"
)

// MakeOptions are for [Migrator.Make].
type MakeOptions struct {
	Name      string // what it does; defaults to a name made of the ops
	Empty     bool   // make a file without ops, for SQL by hand, whatever the models say
	AllowDrop bool   // see [schema.ReviewOptions]
}

// Make returns the migration that leads from what the migrations lead to, to
// the models, or [ErrNoChanges]. It asks no database and writes no file: that
// is [File.Write]. What [schema.Diff] and [schema.Review] refuse is an error.
func (m *Migrator) Make(models schema.Schema, opts MakeOptions) (*File, error) {
	files, err := load(m.files, m.config.Dir)
	if err != nil {
		return nil, err
	}
	state, err := replay(files)
	if err != nil {
		return nil, err
	}
	f := &File{Version: m.version(files), dir: m.config.Dir}
	if opts.Empty {
		f.Up = "-- SQL that changes no table needs no op line: UPDATE films SET …;"
		f.Down = "-- SQL of the way back"
	} else if err := m.plan(f, state, models, opts); err != nil {
		return nil, err
	}
	f.Name = fileName(opts.Name)
	if f.Name == "" {
		f.Name = opsName(f.Ops)
	}
	return f, nil
}

// plan fills f with the ops that lead from state to models, and their SQL.
func (m *Migrator) plan(f *File, state, models schema.Schema, opts MakeOptions) error {
	ops, err := schema.Diff(state, models)
	if err != nil {
		return err
	}
	if len(ops) == 0 {
		return ErrNoChanges
	}
	if err := schema.Review(state, ops, schema.ReviewOptions{AllowDrop: opts.AllowDrop}); err != nil {
		return err
	}
	back, err := schema.Invert(state, ops)
	if err != nil {
		return err
	}
	after, err := schema.Apply(state, ops...)
	if err != nil {
		return err
	}
	up, err := m.dialect.Plan(state, ops)
	if err != nil {
		return err
	}
	down, err := m.dialect.Plan(after, back)
	if err != nil {
		return err
	}
	f.Ops, f.KeysOff = ops, up.KeysOff || down.KeysOff
	f.Up, f.Down = formatScript(up.Statements), formatScript(down.Statements)
	return nil
}

// version returns the time now, or, when the newest migration is not older,
// the second after that: a new migration is always the last.
func (m *Migrator) version(files []*File) string {
	v := m.now().UTC().Format(versionLayout)
	if len(files) == 0 || files[len(files)-1].Version < v {
		return v
	}
	newest, _ := time.Parse(versionLayout, files[len(files)-1].Version) // was read by this layout
	return newest.Add(time.Second).Format(versionLayout)
}

// opList returns ops on lines of their own, up to a number that can be read.
func opList(ops []schema.Op) string {
	const most = 20
	var b strings.Builder
	for i, op := range ops {
		if i == most {
			fmt.Fprintf(&b, "\n\t  and %d more", len(ops)-most)
			break
		}
		b.WriteString("\n\t  " + strings.TrimSuffix(firstLine(formatOp(op)), " ("))
	}
	return b.String()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
