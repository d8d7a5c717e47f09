package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"

	"github.com/jackc/pgx/v5/pgconn"
)

// maxPrepared is how many statements a connection keeps prepared.
const maxPrepared = 256

// A prepared statement, and how its results are read.
type prepared struct {
	sql         string // as it came
	description *pgconn.StatementDescription
	fields      []field
	formats     []int16
	writes      bool
}

// cacheable reports whether a statement that begins with word is worth keeping
// prepared. The server prepares no others.
func cacheable(word string) bool {
	return changes(word) || word == "SELECT" || word == "WITH" || word == "VALUES" || word == "TABLE"
}

// changes reports whether word is one that changes rows.
func changes(word string) bool {
	switch word {
	case "INSERT", "UPDATE", "DELETE", "MERGE":
		return true
	}
	return false
}

// writes reports whether a statement that begins with word changes rows by
// itself. A WITH may hold what does.
func writes(word, sql string) bool {
	if word != "WITH" {
		return changes(word)
	}
	for i := 0; i < len(sql); {
		n := max(opaque(sql, i), 1)
		if isWord(sql[i]) && changes(strings.ToUpper(sql[i:i+n])) {
			return true
		}
		i += n
	}
	return false
}

// prepare returns the statement for sql, from the cache if it is there.
func (s *session) prepare(ctx context.Context, word, sql string, args bool) (*prepared, error) {
	if e := s.cache[sql]; e != nil {
		s.used.MoveToFront(e)
		return e.Value.(*prepared), nil
	}
	d, err := s.conn.Prepare(ctx, s.name(0), numbered(sql, args), nil)
	s.made++
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, word, sql, d)
}

// name returns the name of the next statement to prepare, or of the one that
// comes so many later.
func (s *session) name(later int) string { return "ashlar_" + strconv.Itoa(s.made+later) }

// keep puts a statement into the cache, in the place of the one that was not
// used for the longest time.
func (s *session) keep(ctx context.Context, word, sql string, d *pgconn.StatementDescription) (*prepared, error) {
	p := &prepared{sql: sql, description: d, writes: writes(word, sql)}
	p.fields, p.formats = fieldsOf(d.Fields, true)
	s.cache[sql] = s.used.PushFront(p)
	if s.used.Len() > maxPrepared {
		last := s.used.Back().Value.(*prepared)
		if err := s.forget(ctx, last.sql); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// forget takes a statement out of the cache.
func (s *session) forget(ctx context.Context, sql string) error {
	e := s.cache[sql]
	if e == nil {
		return nil
	}
	s.used.Remove(e)
	delete(s.cache, sql)
	return s.conn.Deallocate(ctx, e.Value.(*prepared).description.Name)
}

// start sends a statement and returns the cursor of its answer.
func (s *session) start(ctx context.Context, word, sql string, args []engine.Value) (*cursor, error) {
	if s.settings.simple || !cacheable(word) {
		return s.startOnce(ctx, word, sql, args)
	}
	p, err := s.prepare(ctx, word, sql, len(args) > 0)
	if err != nil {
		return nil, err
	}
	if err := s.args.set(args, p.description.ParamOIDs); err != nil {
		return nil, err
	}
	if p.writes && s.conn.TxStatus() == 'T' {
		return s.guarded(ctx, func(pipe *pgconn.Pipeline) {
			pipe.SendQueryStatement(p.description, s.args.values, s.args.formats, p.formats)
		}, p.fields)
	}
	rows := s.conn.ExecStatement(ctx, p.description, s.args.values, s.args.formats, p.formats)
	c := &cursor{session: s, rows: rows, fields: p.fields}
	s.active = c
	return c, nil
}

// startOnce is start for a statement that is not prepared: all values go and
// come as text, since their types are not known before.
func (s *session) startOnce(ctx context.Context, word, sql string, args []engine.Value) (*cursor, error) {
	if err := s.args.set(args, nil); err != nil {
		return nil, err
	}
	text := numbered(sql, len(args) > 0)
	send := func(pipe *pgconn.Pipeline) {
		pipe.SendQueryParams(text, s.args.values, s.args.oids, s.args.formats, nil)
	}
	switch status := s.conn.TxStatus(); {
	case status == 'T' && writes(word, sql):
		return s.guarded(ctx, send, nil)
	case status == 'I' && !s.write:
		return s.between(ctx, "BEGIN READ ONLY", send, "COMMIT", nil)
	}
	rows := s.conn.ExecParams(ctx, text, s.args.values, s.args.oids, s.args.formats, nil)
	c := &cursor{session: s, rows: rows}
	s.active = c
	return c, nil
}

// guarded runs a statement behind a savepoint, all in one round trip, so that
// one that violates a constraint does not end the transaction.
func (s *session) guarded(ctx context.Context, send func(*pgconn.Pipeline), fields []field) (*cursor, error) {
	c, err := s.between(ctx, savepoint, send, release, fields)
	if err != nil {
		return nil, errors.Join(err, s.takeBack(ctx, err))
	}
	return c, nil
}

const (
	savepoint = "SAVEPOINT ashlar_statement"
	release   = "RELEASE ashlar_statement"
	takeBack  = "ROLLBACK TO ashlar_statement; RELEASE ashlar_statement"
)

// takeBack goes back to the savepoint if err is a constraint's.
func (s *session) takeBack(ctx context.Context, err error) error {
	code := state(err)
	if len(code) != 5 || code[:2] != constraintViolations || s.conn.TxStatus() != 'E' {
		return nil
	}
	_, err = s.script(ctx, takeBack)
	return err
}

// between sends a statement with one before and one behind it, and reads all
// that comes back.
func (s *session) between(ctx context.Context, before string, send func(*pgconn.Pipeline), after string, fields []field) (*cursor, error) {
	pipe := s.conn.StartPipeline(ctx)
	pipe.SendQueryParams(before, nil, nil, nil, nil)
	send(pipe)
	pipe.SendQueryParams(after, nil, nil, nil, nil)
	if err := pipe.Sync(); err != nil {
		return nil, errors.Join(err, pipe.Close())
	}
	c := &cursor{session: s, fields: fields}
	var failure error
	for i := range 3 {
		r, err := pipe.GetResults()
		if err != nil {
			failure = err
			break
		}
		rows, ok := r.(*pgconn.ResultReader)
		if !ok {
			continue
		}
		if i != 1 {
			_, failure = rows.Close()
			continue
		}
		c.rows = rows
		if failure = c.drain(); failure != nil {
			break
		}
	}
	closing := pipe.Close()
	if failure == nil {
		failure = closing
	}
	if failure != nil {
		return nil, failure
	}
	return c, nil
}
