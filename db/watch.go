package db

import (
	"context"
	"log/slog"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/queries"
)

// What an app's module does with the events of its database: in development
// all of them are in the log and on the error page, in production slow ones
// are in the log.

// logKey is the key of a request's *queries.Log.
type logKey struct{}

// record shows queries on the error page and in the log, in development. Those
// of a start and of background services are in the log at level debug.
func record(log *slog.Logger) func(context.Context, QueryEvent) {
	return func(ctx context.Context, e QueryEvent) {
		ashlar.Record(ctx, ashlar.Event{Kind: "sql", Text: queries.Short(e.SQL), Args: e.Args, Rows: e.Rows, Took: e.Duration, Where: e.Caller, Err: e.Err})
		level := slog.LevelDebug
		if l, ok := ctx.Value(logKey{}).(*queries.Log); ok {
			level = slog.LevelInfo
			if !e.Control {
				l.Add(e.query())
			}
		}
		if e.Slow {
			level = slog.LevelWarn
		}
		log.LogAttrs(ctx, level, "query", e.attrs()...)
	}
}

// query is e for the log of a request.
func (e *QueryEvent) query() queries.Query {
	return queries.Query{SQL: queries.Short(e.SQL), Args: e.Args, At: e.Caller, Table: e.Table, Rows: e.Rows, Took: e.Duration, Part: e.Part,
		Loop: e.Loop, Mend: e.Mend}
}

func (e *QueryEvent) attrs() []slog.Attr {
	list := []slog.Attr{slog.String("sql", queries.Short(e.SQL))}
	if len(e.Args) > 0 {
		list = append(list, slog.Any("args", e.Args))
	}
	list = append(list, slog.Int64("rows", e.Rows), slog.Duration("took", e.Duration), slog.String("at", e.Caller))
	if e.Slow {
		list = append(list, slog.Bool("slow", true))
	}
	if e.Err != nil {
		list = append(list, slog.String("error", e.Err.Error()))
	}
	return list
}

// slow writes slow queries to the log.
func slow(log *slog.Logger) func(context.Context, QueryEvent) {
	return func(ctx context.Context, e QueryEvent) {
		log.LogAttrs(ctx, slog.LevelWarn, "slow query", e.attrs()...)
	}
}

// repeats is a stage that reports what a request asked again and again.
func repeats(c *Config) func(*ashlar.Ctx) error {
	return func(ctx *ashlar.Ctx) error {
		var l queries.Log
		ctx.Set(logKey{}, &l)
		defer func() { // also when it panics: the error page comes afterwards
			for _, r := range l.Repeats(c.RepeatedQuery) {
				err := repeated(&r)
				ctx.Log().LogAttrs(ctx, slog.LevelWarn, "repeated query", slog.String("problem", err.Error()),
					slog.Int("times", r.Times), slog.Duration("took", r.Took))
				ashlar.Record(ctx, ashlar.Event{Kind: "sql", Hint: err.Error()})
			}
		}()
		return ctx.Next()
	}
}

// warn shows the misuse of transactions in the log, in development.
func warn(log *slog.Logger) func(context.Context, error) {
	return func(ctx context.Context, err error) {
		log.LogAttrs(ctx, slog.LevelWarn, "transaction", slog.String("problem", err.Error()))
	}
}
