package sqlite

import (
	"context"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

var _ engine.Loader = (*session)(nil)

// Load runs one prepared INSERT for each row.
func (s *session) Load(ctx context.Context, table string, columns []string, next func(row []engine.Value) (bool, error)) (n int64, err error) {
	if err := s.script(ctx, "SAVEPOINT ashlar_load"); err != nil {
		return 0, s.translate(ctx, err)
	}
	undo := "ROLLBACK TO ashlar_load; RELEASE ashlar_load"
	defer func() { // after a panic of next, too
		if undo != "" {
			// SQLite may have rolled everything back by itself.
			_ = s.script(context.WithoutCancel(ctx), undo)
		}
	}()
	row := make([]engine.Value, len(columns))
	p, err := s.prepareOne(ctx, insertInto(table, columns), row)
	if err != nil {
		return 0, s.translate(ctx, err)
	}
	defer s.done(p)
	for {
		clear(row)
		more, err := next(row)
		if err != nil {
			return 0, err
		}
		if !more {
			break
		}
		if err := s.load(ctx, p, row); err != nil {
			return 0, s.translate(ctx, err)
		}
		n++
	}
	undo = ""
	return n, s.translate(ctx, s.script(ctx, "RELEASE ashlar_load"))
}

// load runs p for one row.
func (s *session) load(ctx context.Context, p *prepared, row []engine.Value) error {
	if err := p.bind(row); err != nil {
		return err
	}
	_, err := s.first(ctx, p)
	p.reset()
	return err
}

func insertInto(table string, columns []string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + quote(table) + " (")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(c))
	}
	b.WriteString(") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")")
	return b.String()
}

// quote returns an SQL name that is taken for nothing else.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
