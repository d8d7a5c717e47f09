package db

import (
	"context"
	"io/fs"
	"log/slog"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// A Schema is what a module brings to the database: the tables of its models
// and the migrations that lead to them, in a folder "migrations" of the file
// system. A module adds it with Setup.Add; migrate.Module reads all of them.
type Schema struct {
	Models     []schema.Table
	Migrations fs.FS
}

// Module joins a database to an app: it opens the one that c.URL, or
// DATABASE_URL, names with the driver for it, and puts it into every context
// of the app. It provides *DB.
func Module(c Config, drivers ...Driver) ashlar.Module {
	return ashlar.Module{
		Name:   "db",
		Doc:    "the database of the app's models",
		Config: &c,
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
			})
			if developing {
				s.Use(ashlar.Stage{Name: "queries", Doc: "reports queries that are repeated, in development", After: "recover", Run: repeats(&c)})
			}
			if len(c.Replicas) > 0 {
				s.Use(ashlar.Stage{Name: "replicas", Doc: "lets visitors who have not written read from replicas", Run: pinned(&d)})
			}
			s.Need(&d)
			s.Add(func(d *DB) ashlar.ContextValue { return ashlar.ContextValue{Key: contextKey{}, Value: d} })
			s.Run(ashlar.Service{
				Start: func(ctx context.Context) error { return d.Ping(ctx) },
				Stop:  func(context.Context) error { return d.Close() },
			})
			return nil
		},
	}.At(errs.Caller(0))
}
