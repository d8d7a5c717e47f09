package sqlite

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

const (
	maxPrepared = 128     // statements that a connection keeps prepared
	maxKept     = 1 << 15 // bytes of SQL of a statement that is kept
)

// prepared is a statement with what the cache knows of it.
type prepared struct {
	stmt
	sql    string
	writes bool // a connection that reads must not run it
	kept   bool // the cache has it
	busy   bool // it is running, or its rows are being read
}

// cache holds prepared statements by their SQL, the least recently used at the
// back of used.
type cache struct {
	bySQL map[string]*list.Element // of *prepared
	used  *list.List
}

func newCache() cache { return cache{bySQL: map[string]*list.Element{}, used: list.New()} }

// get returns the statement for sql, nil if it is not there or in use.
func (c *cache) get(sql string) *prepared {
	e := c.bySQL[sql]
	if e == nil || e.Value.(*prepared).busy {
		return nil
	}
	c.used.MoveToFront(e)
	return e.Value.(*prepared)
}

// add keeps p, unless there is one of its SQL, which is in use.
func (c *cache) add(p *prepared) {
	if c.bySQL[p.sql] != nil {
		return
	}
	p.kept = true
	c.bySQL[p.sql] = c.used.PushFront(p)
	for e := c.used.Back(); e != nil && c.used.Len() > maxPrepared; {
		before := e.Prev()
		if old := e.Value.(*prepared); !old.busy && old != p {
			c.used.Remove(e)
			delete(c.bySQL, old.sql)
			old.finalize()
		}
		e = before
	}
}

func (c *cache) close() {
	for e := c.used.Front(); e != nil; e = e.Next() {
		e.Value.(*prepared).finalize()
	}
	*c = newCache()
}

// cacheable reports whether sql is worth keeping prepared. Changes of the
// schema come once, and a PRAGMA may do its work while it is prepared.
func cacheable(sql string) bool {
	word := firstWord(sql)
	switch {
	case len(sql) > maxKept:
		return false
	case strings.EqualFold(word, "SELECT"), strings.EqualFold(word, "INSERT"), strings.EqualFold(word, "UPDATE"),
		strings.EqualFold(word, "DELETE"), strings.EqualFold(word, "WITH"), strings.EqualFold(word, "BEGIN"),
		strings.EqualFold(word, "COMMIT"), strings.EqualFold(word, "ROLLBACK"), strings.EqualFold(word, "SAVEPOINT"),
		strings.EqualFold(word, "RELEASE"):
		return true
	}
	return false
}

func firstWord(sql string) string {
	sql = strings.TrimLeft(sql, " \t\r\n")
	if i := strings.IndexFunc(sql, func(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' }); i >= 0 {
		sql = sql[:i]
	}
	return sql
}

// errNUL: SQLite would take what is before the NUL byte for the whole.
var errNUL = errors.New("sqlite: SQL with a NUL byte")

// prepare returns the first statement of sql, nil if there is none, and what
// follows it. The statement is in use until it is given to done.
func (s *session) prepare(ctx context.Context, sql string) (*prepared, string, error) {
	p, rest := s.cache.get(sql), ""
	if p == nil {
		var err error
		if p, rest, err = s.compile(ctx, sql); p == nil {
			return nil, rest, err
		}
	}
	p.busy = true
	if p.writes && !s.write {
		s.done(p)
		return nil, "", errReader
	}
	return p, rest, nil
}

// compile is prepare for SQL that the cache does not have.
func (s *session) compile(ctx context.Context, sql string) (*prepared, string, error) {
	if strings.IndexByte(sql, 0) >= 0 {
		return nil, "", errNUL
	}
	p, keep, rest := &prepared{sql: sql}, cacheable(sql), ""
	err := s.retry(ctx, func() (err error) {
		p.stmt, rest, err = s.handle.prepare(sql, keep)
		return err
	})
	if err != nil || p.p == 0 {
		return nil, rest, err
	}
	p.writes = !p.readOnly() && !readerMay(sql)
	if keep && strings.Trim(rest, " \t\r\n;") == "" {
		s.cache.add(p)
		rest = ""
	}
	return p, rest, nil
}

var errReader = errors.New("sqlite: this connection only reads: write with db.Exec, or within db.Tx")

// readerMay reports whether sql may run on a reader although SQLite does not
// say that it leaves the database alone. The file is opened for reading only.
func readerMay(sql string) bool {
	word := firstWord(sql)
	return strings.EqualFold(word, "PRAGMA") || strings.EqualFold(word, "VACUUM")
}

// prepareOne is prepare for SQL that must be one statement, with its arguments.
func (s *session) prepareOne(ctx context.Context, sql string, args []engine.Value) (*prepared, error) {
	p, rest, err := s.prepare(ctx, sql)
	if err != nil || p == nil {
		return nil, err
	}
	if rest != "" {
		second, _, err := s.prepare(ctx, rest)
		if second != nil {
			s.done(second)
		}
		if second != nil || err != nil {
			s.done(p)
			return nil, fmt.Errorf("sqlite: several statements where one is expected, the second is %.40q", strings.TrimSpace(rest))
		}
	}
	if n := p.params(); n != len(args) {
		s.done(p)
		return nil, fmt.Errorf("sqlite: %d arguments for %d parameters in %.200q", len(args), n, sql)
	}
	if err := p.bind(args); err != nil {
		s.done(p)
		return nil, err
	}
	return p, nil
}

// done ends a use of p and frees it if it is not a cached one.
func (s *session) done(p *prepared) {
	p.busy = false
	if !p.kept {
		p.finalize()
		return
	}
	p.reset()
	p.trim()
}
