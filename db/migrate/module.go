package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// Options is the configuration of the module.
type Options struct {
	// Database is the [db.Config].Name of the database. Each has a module of its
	// own, whose command for the one named "reports" is migrate_reports.
	// Defaults to "", the one that has no name.
	Database string `config:"-"`

	// Apply lets a start of the app apply pending migrations. Defaults to
	// false: such a start is refused, and `app migrate up` applies them.
	Apply bool `doc:"apply pending migrations at start"`

	// Dir is the folder that `app migrate make` writes to. Defaults to
	// "migrations".
	Dir string `default:"migrations" doc:"folder that migrate make writes to"`

	// OutOfOrder lets a migration run that is older than one that was applied
	// already. Defaults to refusing.
	OutOfOrder bool `doc:"apply migrations older than the newest applied one"`
}

// Module joins migrations to an app: the command migrate, a check that models
// and migrations agree, and at start one that the database is up to date. It
// reads every [db.Schema] and every [Go] of the list, so it may stand anywhere
// behind db.Module; what uses the tables at start stands behind it.
func Module(o Options) ashlar.Module {
	name := "migrate"
	if o.Database != "" {
		name += "_" + o.Database
	}
	return ashlar.Module{
		Name:   name,
		Doc:    "migrations of the database",
		Config: &o,
		Setup: func(s *ashlar.Setup) error {
			j := &joined{options: &o}
			s.Need(&j.schemas, &j.code, &j.clock)
			if o.Database == "" {
				s.Need(&j.d)
			} else {
				s.Need(&j.all)
			}
			s.Check("models", func(context.Context) error {
				m, models, err := j.migrator()
				if err != nil {
					return err
				}
				return m.CheckModels(models)
			})
			s.Run(ashlar.Service{Start: j.start})
			s.Command(ashlar.Command{
				Name: name, Usage: usage, Doc: "makes, applies and lists migrations", Run: j.run, Help: help,
				// `make` is for models that the migrations do not lead to yet.
				Broken: true,
			})
			return nil
		},
	}.At(errs.Caller(0))
}

// joined is the module in an app.
type joined struct {
	options *Options
	d       *db.DB
	all     []*db.DB // to find d in, if it has a name
	schemas []db.Schema
	code    []Go
	clock   ashlar.Clock
}

// migrator returns the migrations and the models of all modules.
func (j *joined) migrator() (*Migrator, schema.Schema, error) {
	var models schema.Schema
	var files union
	if err := j.find(); err != nil {
		return nil, models, err
	}
	for _, s := range j.schemas {
		if s.Database != j.options.Database {
			continue
		}
		models.Tables = append(models.Tables, s.Models...)
		if s.Migrations != nil {
			files = append(files, s.Migrations)
		}
	}
	code := slices.DeleteFunc(slices.Clone(j.code), func(g Go) bool { return g.Database != j.options.Database })
	var dialect Dialect
	switch scheme := j.d.Scheme(); scheme {
	case "sqlite":
		dialect = SQLite{}
	case "postgres":
		dialect = Postgres{}
	case "mariadb":
		dialect = MariaDB{}
	case "mysql":
		dialect = MySQL{}
	default:
		return nil, models, fmt.Errorf("migrate: no dialect for databases of kind %q", scheme)
	}
	return New(files, dialect, j.clock, Config{OutOfOrder: j.options.OutOfOrder, Source: files.source, Go: code}), models, nil
}

// find finds the database by its name.
func (j *joined) find() error {
	name := j.options.Database
	if i := slices.IndexFunc(j.all, func(d *db.DB) bool { return d.Name() == name }); i >= 0 {
		j.d = j.all[i]
	}
	if j.d == nil {
		return &errs.Setup{Code: "A1503", What: fmt.Sprintf("migrate.Options.Database: there is no database %q", name),
			Mend: fmt.Sprintf("list db.Module(db.Config{Name: %q, …}) before migrate.Module", name)}
	}
	return nil
}

func (j *joined) start(ctx context.Context) error {
	m, models, err := j.migrator()
	if err != nil {
		return err
	}
	if j.options.Apply {
		_, err = m.Up(ctx, j.d)
		return err
	}
	return m.Check(ctx, j.d, models)
}

// union is the migrations of several modules as one folder. Their names begin
// with a time, so they sort into one order.
type union []fs.FS

// source names the module that brings a migration: an app may add a module
// whose migrations are older than those that it has applied.
func (u union) source(id string) string {
	for i, f := range u {
		if _, err := fs.Stat(f, path.Join("migrations", id+".sql")); err == nil {
			return strconv.Itoa(i)
		}
	}
	return ""
}

// Open finds a file in the first file system that has it; a folder is all of
// theirs.
func (u union) Open(name string) (fs.File, error) {
	for _, f := range u {
		file, err := f.Open(name)
		if err == nil {
			return file, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists a folder of all file systems. One name in two of them is an
// error: only one file could be found by it.
func (u union) ReadDir(name string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	for _, f := range u {
		entries, err := fs.ReadDir(f, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a module that has models and no migrations yet
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if slices.ContainsFunc(all, func(o fs.DirEntry) bool { return o.Name() == e.Name() }) {
				return nil, fmt.Errorf("migrate: two modules bring %s", path.Join(name, e.Name()))
			}
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int {
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	return all, nil
}
