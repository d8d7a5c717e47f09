package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"

	"github.com/jackc/pgx/v5/pgconn"
)

// Batch sends the statements by the pipeline of the extended protocol, up to
// one Sync: the server runs them in one transaction.
func (s *session) Batch(ctx context.Context, statements []engine.Statement, each func(i int, c engine.Cursor, affected int64) error) error {
	if len(statements) == 0 {
		return nil
	}
	if err := s.park(); err != nil {
		return translate(ctx, err)
	}
	b := &batch{session: s, statements: statements, each: each, guard: s.conn.TxStatus() == 'T'}
	again := s.again()
	for {
		err := b.run(ctx)
		if err == nil || b.own != nil {
			return errors.Join(b.own, translate(ctx, err))
		}
		if b.told == 0 {
			retry := false
			for i := range statements {
				retry = again(ctx, statements[i].SQL, err) || retry
			}
			if retry {
				continue
			}
		}
		return translate(ctx, err)
	}
}

// A batch is one run of Batch.
type batch struct {
	session    *session
	statements []engine.Statement
	each       func(i int, c engine.Cursor, affected int64) error
	guard      bool // in a transaction: behind a savepoint
	plans      []*prepared
	told       int   // how often each was called
	own        error // of each
}

func (b *batch) run(ctx context.Context) error {
	if err := b.prepare(ctx); err != nil {
		return err
	}
	pipe := b.session.conn.StartPipeline(ctx)
	sent := b.send(pipe)
	if sent == nil {
		sent = pipe.Sync()
	}
	if sent != nil {
		// What is in the pipe is not synced: closing it ends the connection.
		return errors.Join(sent, pipe.Close())
	}
	err := b.read(ctx, pipe)
	if closing := pipe.Close(); err == nil && b.own == nil {
		err = closing
	}
	if err != nil && b.guard {
		return errors.Join(err, b.session.takeBack(ctx, err))
	}
	return err
}

// prepare prepares all statements that are not yet, in one round trip. Of more
// than are kept the rest is sent as it is.
func (b *batch) prepare(ctx context.Context) error {
	s := b.session
	b.plans = make([]*prepared, len(b.statements))
	if s.settings.simple {
		return nil
	}
	var missing []string
	for _, st := range b.statements[:min(len(b.statements), maxPrepared)] {
		if e := s.cache[st.SQL]; e != nil {
			s.used.MoveToFront(e)
		} else if cacheable(verb(st.SQL)) && !slices.Contains(missing, st.SQL) {
			missing = append(missing, st.SQL)
		}
	}
	if err := b.prepareAll(ctx, missing); err != nil {
		return err
	}
	for i, st := range b.statements {
		if e := s.cache[st.SQL]; e != nil {
			b.plans[i] = e.Value.(*prepared)
		}
	}
	return nil
}

// prepareAll prepares statements that are not in the cache.
func (b *batch) prepareAll(ctx context.Context, missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	s := b.session
	made := make([]*pgconn.StatementDescription, 0, len(missing))
	pipe := s.conn.StartPipeline(ctx)
	for i, sql := range missing {
		args := slices.IndexFunc(b.statements, func(st engine.Statement) bool { return st.SQL == sql && len(st.Args) > 0 }) >= 0
		pipe.SendPrepare(s.name(i), numbered(sql, args), nil)
	}
	err := pipe.Sync()
	for range missing {
		if err != nil {
			break
		}
		var r any
		if r, err = pipe.GetResults(); err == nil {
			made = append(made, r.(*pgconn.StatementDescription))
		}
	}
	if closing := pipe.Close(); err == nil {
		err = closing
	}
	for i, d := range made { // those before one that failed are there, too
		d.Name = s.name(0)
		s.made++
		if _, failed := s.keep(ctx, verb(missing[i]), missing[i], d); err == nil {
			err = failed
		}
	}
	if err != nil {
		s.made++ // the name of the one that failed may be taken
	}
	return err
}

// send writes the statements into the pipe. Arguments are checked before the
// first one goes, since a pipe that was begun must be ended.
func (b *batch) send(pipe *pgconn.Pipeline) error {
	s := b.session
	if b.guard {
		pipe.SendQueryParams(savepoint, nil, nil, nil, nil)
	}
	for i, st := range b.statements {
		p := b.plans[i]
		if p == nil {
			if err := s.args.set(st.Args, nil); err != nil {
				return err
			}
			pipe.SendQueryParams(numbered(st.SQL, len(st.Args) > 0), s.args.values, s.args.oids, s.args.formats, nil)
			continue
		}
		if err := s.args.set(st.Args, p.description.ParamOIDs); err != nil {
			return fmt.Errorf("postgres: statement %d of a batch: %w", i+1, err)
		}
		pipe.SendQueryStatement(p.description, s.args.values, s.args.formats, p.formats)
	}
	if b.guard {
		pipe.SendQueryParams(release, nil, nil, nil, nil)
	}
	return nil
}

// read takes the answers and tells each of them.
func (b *batch) read(ctx context.Context, pipe *pgconn.Pipeline) error {
	if b.guard {
		if _, err := result(pipe); err != nil {
			return err
		}
	}
	for i, st := range b.statements {
		rows, err := result(pipe)
		if err != nil {
			return err
		}
		c := &cursor{session: b.session, rows: rows}
		if p := b.plans[i]; p != nil {
			c.fields = p.fields
		} else {
			c.fields, _ = fieldsOf(rows.FieldDescriptions(), false)
		}
		var n int64
		if !st.Rows {
			for c.forward() {
			}
			tag, err := c.finish()
			if err != nil {
				return err
			}
			n = affected(tag)
		}
		b.told++
		if st.Rows {
			b.own = b.each(i, c, 0)
		} else {
			b.own = b.each(i, nil, n)
		}
		for c.forward() { // rows that each did not read
		}
		c.done = true
		if _, err := c.finish(); err != nil {
			return err
		}
		if b.own != nil {
			return nil
		}
	}
	if b.guard {
		_, err := result(pipe)
		return err
	}
	return nil
}

// result takes the next answer.
func result(pipe *pgconn.Pipeline) (*pgconn.ResultReader, error) {
	r, err := pipe.GetResults()
	if err != nil {
		return nil, err
	}
	rows, ok := r.(*pgconn.ResultReader)
	if !ok {
		return nil, fmt.Errorf("postgres: the server answered a statement of a batch by a %T", r)
	}
	return rows, nil
}
