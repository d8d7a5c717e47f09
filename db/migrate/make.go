package migrate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/schema"
)

// MakeOptions are for [Migrator.Make].
type MakeOptions struct {
	Name      string // what it does; defaults to a name made of the ops
	Empty     bool   // make a file without ops, for SQL by hand, whatever the models say
	AllowDrop bool   // see [schema.ReviewOptions]

	// Online writes SQL that lets others read and write meanwhile, as far as
	// the engine can: on PostgreSQL indexes CONCURRENTLY, and keys and checks
	// that are validated apart. The file runs outside of a transaction then.
	// The way back is written as without it.
	Online bool

	// Ask, if not nil, is asked whether something new is something old under
	// another name. It returns one of r.From, or "" for neither. What it denies
	// is dropped.
	Ask func(r schema.Rename) (string, error)
}

// Make returns the migration that leads from what the migrations lead to, to
// the models, or [ErrNoChanges]. It asks no database and writes no file: that
// is [File.Write]. What [schema.Diff] and [schema.Review] refuse is an error.
func (m *Migrator) Make(models schema.Schema, opts MakeOptions) (*File, error) {
	files, err := m.load()
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
	ops, err := changes(state, models, opts)
	if err != nil {
		return err
	}
	if len(ops) == 0 {
		return ErrNoChanges
	}
	back, err := schema.Invert(state, ops)
	if err != nil {
		return err
	}
	after, err := schema.Apply(state, ops...)
	if err != nil {
		return err
	}
	forth, alone := m.way(opts)
	up, err := forth.Plan(state, ops)
	if err != nil {
		return err
	}
	down, err := m.dialect.Plan(after, back)
	if err != nil {
		return err
	}
	f.Ops, f.KeysOff, f.TxOff = ops, up.KeysOff || down.KeysOff, alone
	f.Up, f.Down = formatScript(up.Statements), formatScript(down.Statements)
	warnings, err := schema.Warn(forth, state, ops)
	f.Notes = append(f.Notes, noted(warnings)...)
	return err
}

// way returns the dialect that plans the way forth, and whether that runs
// outside of a transaction.
func (m *Migrator) way(opts MakeOptions) (d schema.Dialect, alone bool) {
	if _, ok := m.dialect.(Postgres); ok && opts.Online {
		return schema.Postgres{Online: true}, true
	}
	return m.dialect, false
}

// noted writes warnings as comments of a file's head.
func noted(warnings []schema.Warning) []string {
	var lines []string
	for _, w := range warnings {
		lines = append(lines, warningWord+w.What)
		for i, step := range w.Safe {
			lines = append(lines, fmt.Sprintf("  %d. %s", i+1, step))
		}
	}
	return lines
}

// warningWord begins the first line of a warning.
const warningWord = "warning: "

// changes returns the ops that lead from state to models, renames among them
// as they are asked for.
func changes(state, models schema.Schema, opts MakeOptions) ([]schema.Op, error) {
	models.Tables = slices.Clone(models.Tables)
	for i := range models.Tables {
		models.Tables[i].Columns = slices.Clone(models.Tables[i].Columns)
	}
	denied := map[[2]string]bool{}
	for {
		ops, err := schema.Diff(state, models)
		if err != nil {
			return nil, err
		}
		renames, err := schema.Renames(state, ops)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(renames, func(r schema.Rename) bool { return !denied[[2]string{r.Table, r.Column}] })
		if opts.Ask == nil || opts.AllowDrop || i < 0 {
			return ops, schema.Review(state, ops, schema.ReviewOptions{AllowDrop: opts.AllowDrop || opts.Ask != nil})
		}
		r := renames[i]
		was, err := opts.Ask(r)
		switch {
		case err != nil:
			return nil, err
		case was == "":
			denied[[2]string{r.Table, r.Column}] = true
		case r.Column == "":
			models.Table(r.Table).Was = was
		default:
			models.Table(r.Table).Column(r.Column).Was = was
		}
	}
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
