package mariadb

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// cutReturning takes RETURNING off the end of an INSERT that MySQL's
// LAST_INSERT_ID can answer for: one of rows that give values, and of one
// column. Package db writes such statements alone; others go to the server,
// which says that it does not know the word.
func cutReturning(sql string) (bare string, ok bool) {
	const word = " RETURNING "
	at := strings.LastIndex(sql, word)
	if at < 0 || !strings.HasPrefix(sql, "INSERT INTO ") || strings.Contains(sql, " ON DUPLICATE KEY ") {
		return "", false
	}
	column := strings.TrimSpace(sql[at+len(word):])
	if strings.ContainsAny(column, ", ()*'") || !strings.Contains(sql[:at], " VALUES ") {
		return "", false
	}
	return sql[:at], true
}

// insertKeys runs an INSERT and gives the keys that the server made as rows.
func (s *session) insertKeys(ctx context.Context, sql string, args []engine.Value) (engine.Cursor, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	stop := s.watch(ctx)
	r, err := s.exec(sql, args)
	if err := s.unwatch(ctx, stop, sql, err); err != nil {
		return nil, err
	}
	first, err := r.LastInsertId()
	if err != nil {
		return nil, err
	}
	n, err := r.RowsAffected()
	if err != nil {
		return nil, err
	}
	if first == 0 && n > 0 {
		return nil, errors.New("mariadb: insert: the server made no key; the column is not AUTO_INCREMENT, or the rows had keys")
	}
	return &keys{next: first, step: s.step, left: n}, nil
}

// keys are the rows of an INSERT … RETURNING on a server that has none.
type keys struct{ next, step, left int64 }

func (k *keys) Columns() int { return 1 }

func (k *keys) Next(ctx context.Context, row []engine.Value) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if k.left == 0 {
		return io.EOF
	}
	row[0] = engine.Int(k.next)
	k.next += k.step
	k.left--
	return nil
}

func (k *keys) Close() error {
	k.left = 0
	return nil
}

var _ engine.Cursor = (*keys)(nil)
