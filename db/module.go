package db

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"reflect"
	"strings"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/inject"
)

// A Schema is what a module brings to the database: the tables of its models
// and the migrations that lead to them, in a folder "migrations" of the file
// system. A module adds it with Setup.Add; migrate.Module reads all of them.
type Schema struct {
	Database   string // Config.Name of theirs
	Models     []schema.Table
	Migrations fs.FS
}

// Module joins a database to an app: it opens the one that c.URL, or
// DATABASE_URL, names with the driver for it, and puts it into every context
// of the app. It provides *DB, unless c has a name: an app has one database of
// each name, and that without one is whose *DB others need. The group []*DB
// holds all of them.
func Module(c Config, drivers ...Driver) ashlar.Module {
	name, doc, visible := "db", "the database of the app's models", []inject.Option{}
	if c.Name != "" {
		name, doc = "db_"+c.Name, fmt.Sprintf("the database %q", c.Name)
		visible = append(visible, inject.Private)
	}
	return ashlar.Module{
		Name:   name,
		Doc:    doc,
		Config: c.section(),
		Setup: func(s *ashlar.Setup) error {
			var d *DB
			developing := s.Env() == ashlar.Development
			s.Provide(func(clock ashlar.Clock, log *slog.Logger) (*DB, error) {
				if c.Now == nil {
					c.Now = clock
				}
				if c.OnSlow == nil && !developing {
					c.OnSlow = slow(log)
				}
				if c.OnMisuse == nil && developing {
					c.OnMisuse = warn(log)
				}
				c.ShowArgs = c.ShowArgs || developing
				d, err := Open(c, drivers...)
				if err == nil && developing {
					d.Watch(record(log))
				}
				return d, err
			}, visible...)
			if developing && c.Name == "" {
				s.Use(ashlar.Stage{Name: "queries", Doc: "reports queries that are repeated, in development", After: "recover", Run: repeats(&c)})
			}
			if len(c.Replicas) > 0 {
				s.Use(ashlar.Stage{Name: strings.TrimPrefix(name+"_replicas", "db_"), Doc: "lets visitors who have not written read from replicas", Run: pinned(&d)})
			}
			s.Need(&d)
			s.Add(func(d *DB) ashlar.ContextValue { return ashlar.ContextValue{Key: contextKey{c.Name}, Value: d} })
			s.Add(func(d *DB) *DB { return d })
			s.Run(ashlar.Service{
				Start: func(ctx context.Context) error { return d.Ping(ctx) },
				Stop:  func(context.Context) error { return d.Close() },
			})
			return nil
		},
	}.At(errs.Caller(0))
}

// section is what the configuration of a module fills: c itself. For a database
// with a name DATABASE_URL would be the URL of another one, so the tag of that
// field names a variable of its own.
func (c *Config) section() any {
	if c.Name == "" {
		return c
	}
	own := reflect.TypeFor[Config]()
	var fields []reflect.StructField
	for f := range own.Fields() {
		if f.Name == "URL" {
			f.Tag = reflect.StructTag(fmt.Sprintf(`env:"DATABASE_%s_URL" doc:"%s"`, strings.ToUpper(c.Name), f.Tag.Get("doc")))
		}
		fields = append(fields, f)
	}
	// Types that differ in their tags alone are converted into each other.
	return reflect.ValueOf(c).Convert(reflect.PointerTo(reflect.StructOf(fields))).Interface()
}
