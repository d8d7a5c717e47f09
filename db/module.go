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
			s.Provide(func(clock ashlar.Clock, log *slog.Logger) (*DB, error) {
				if c.Now == nil {
					c.Now = clock
				}
				if s.Env() == ashlar.Development {
					if c.OnQuery == nil {
						c.OnQuery = record(log)
					}
					if c.OnMisuse == nil {
						c.OnMisuse = warn(log)
					}
				}
				return Open(c, drivers...)
			})
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

// record shows queries on the error page and in the log, in development.
func record(log *slog.Logger) func(context.Context, QueryEvent) {
	return func(ctx context.Context, e QueryEvent) {
		ashlar.Record(ctx, ashlar.Event{Kind: "sql", Text: e.SQL, Took: e.Duration, Where: e.Caller, Err: e.Err})
		level := slog.LevelDebug
		if e.Slow {
			level = slog.LevelWarn
		}
		log.LogAttrs(ctx, level, "query", slog.String("sql", e.SQL), slog.Int64("rows", e.Rows),
			slog.Duration("took", e.Duration), slog.String("at", e.Caller), slog.Bool("slow", e.Slow))
	}
}

// warn shows the misuse of transactions in the log, in development.
func warn(log *slog.Logger) func(context.Context, error) {
	return func(ctx context.Context, err error) {
		log.LogAttrs(ctx, slog.LevelWarn, "transaction", slog.String("problem", err.Error()))
	}
}
