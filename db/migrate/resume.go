package migrate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// A Resumer is a [Dialect] that runs some migrations outside of a transaction:
// all, where the engine commits a statement that changes the schema at once, or
// those that ask for it with a line "ashlar:transaction off". Its Tx then holds
// a lock and is no transaction. How far a migration is stands in the table
// ashlar_migrations_progress:
//
//   - a statement that can be undone runs in a transaction together with the
//     note that it ran;
//   - before any other one it is noted that it begins, with the fingerprint of
//     the schema. A process that dies in it leaves that note: has the schema
//     changed since then, the statement was done; if not, it runs again.
//
// So the next run goes on with the statement that failed, which may have been
// mended in the file; those before it may not.
type Resumer interface {
	// Always reports whether all migrations run in this way.
	Always() bool

	// CanUndo reports whether a statement is part of the transaction that it
	// runs in.
	CanUndo(sql string) bool

	// Clear removes what a statement that cannot be undone may have left
	// behind when it did not end well. It is asked before each of them and,
	// with done, where the schema tells that the last run got through with it.
	Clear(ctx context.Context, c db.Conn, sql string, done bool) error

	// Fingerprint returns a text that is another one whenever the schema is.
	Fingerprint(ctx context.Context, c db.Conn) (string, error)

	// CheckKeys reports rows that foreign keys would not let in. It is asked
	// when a migration ran with these off, before that counts as applied.
	CheckKeys(ctx context.Context, c db.Conn) error
}

// progressTable holds the one migration that has begun and not ended.
const progressTable = table + "_progress"

const (
	sqlProgress     = "SELECT ran, sum, begun FROM " + progressTable + " WHERE version = ? AND down = ?"
	sqlStart        = "INSERT INTO " + progressTable + " (version, down, ran, sum, begun) VALUES (?, ?, 0, '', '')"
	sqlNote         = "UPDATE " + progressTable + " SET ran = ?, sum = ?, begun = ? WHERE version = ? AND down = ?"
	sqlEndProgress  = "DELETE FROM " + progressTable + " WHERE version = ? AND down = ?"
	sqlTransaction  = "START TRANSACTION"
	sqlCommitChange = "COMMIT"
)

var progressSchema = schema.Table{
	Name: progressTable,
	Columns: []schema.Column{
		{Name: "version", Type: schema.Text, Size: 14},
		{Name: "down", Type: schema.Bool},
		{Name: "ran", Type: schema.Int},    // statements that were done
		{Name: "sum", Type: schema.Text},   // checksum of these
		{Name: "begun", Type: schema.Text}, // fingerprint of the schema before the next one; "" before it begins
	},
	PrimaryKey: []string{"version", "down"},
}

// A resumption runs the statements of one migration that are left.
type resumption struct {
	*runner
	Resumer
	ctx    context.Context
	file   *File
	script []sqlscan.Statement
	ran    int
	begun  string
}

// resume runs what is left of f and records that it ran.
func (r *runner) resume(ctx context.Context, d Resumer, f *File, script []sqlscan.Statement, tell func(int), record func() error) error {
	p := &resumption{runner: r, Resumer: d, ctx: ctx, file: f, script: script}
	if err := p.read(); err != nil {
		return err
	}
	// Settings of the session went with the session that they were made in.
	for i, s := range script[:p.ran] {
		if s.Verb == "SET" {
			if _, err := r.conn.Exec(ctx, s.Text); err != nil {
				return failed(f, s, r.statement(i, script), r.down, err)
			}
		}
	}
	tell(p.ran)
	for p.ran < len(script) {
		if err := p.statement(script[p.ran]); err != nil {
			return err
		}
		tell(p.ran)
	}
	if f.KeysOff {
		if err := d.CheckKeys(ctx, r.conn); err != nil {
			return err
		}
	}
	return p.transaction(func() error {
		if err := record(); err != nil {
			return err
		}
		_, err := r.conn.Exec(ctx, sqlEndProgress, f.Version, r.down)
		return err
	})
}

// read finds out how far the migration is.
func (p *resumption) read() error {
	if err := createTable(p.ctx, p.conn, p.dialect, progressSchema); err != nil {
		return err
	}
	known, sum := false, ""
	err := query(p.ctx, p.conn, func(rows db.Rows) error {
		known = true
		return rows.Scan(&p.ran, &sum, &p.begun)
	}, sqlProgress, p.file.Version, p.down)
	if err != nil {
		return err
	}
	if !known {
		_, err := p.conn.Exec(p.ctx, sqlStart, p.file.Version, p.down)
		return err
	}
	if p.ran > len(p.script) || p.sum(p.ran) != sum && p.ran > 0 {
		return setup("A1556", p.file.at(0), "restore its first statements as they were, and mend only the one that failed and those after it",
			"migration %s has begun with other statements: the first %d were done", p.file.ID(), p.ran)
	}
	return nil
}

// sum is the checksum of the first n statements.
func (p *resumption) sum(n int) string {
	h := sha256.New()
	for _, s := range p.script[:n] {
		h.Write([]byte(s.Text + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// note writes how far the migration is.
func (p *resumption) note(ran int, begun string) error {
	_, err := p.conn.Exec(p.ctx, sqlNote, ran, p.sum(ran), begun, p.file.Version, p.down)
	if err == nil {
		p.ran, p.begun = ran, begun
	}
	return err
}

// statement runs the next statement, unless it was done already.
func (p *resumption) statement(s sqlscan.Statement) error {
	if p.CanUndo(s.Text) {
		return p.transaction(func() error {
			if _, err := p.conn.Exec(p.ctx, s.Text); err != nil {
				return p.failed(s, err)
			}
			return p.note(p.ran+1, "")
		})
	}
	now, err := p.Fingerprint(p.ctx, p.conn)
	if err != nil {
		return err
	}
	if p.begun != "" && p.begun != now {
		if err := p.Clear(p.ctx, p.conn, s.Text, true); err != nil {
			return p.failed(s, err)
		}
		return p.note(p.ran+1, "")
	}
	if err := p.note(p.ran, now); err != nil {
		return err
	}
	if err := p.Clear(p.ctx, p.conn, s.Text, false); err != nil {
		return p.failed(s, err)
	}
	if _, err := p.conn.Exec(p.ctx, s.Text); err != nil {
		if p.ctx.Err() == nil && errs.KindOf(err) != errs.Unavailable {
			// The server says that it was not done: what changes until the next
			// run, somebody else will have changed.
			if noting := p.note(p.ran, ""); noting != nil {
				return errors.Join(p.failed(s, err), noting)
			}
		}
		return p.failed(s, err)
	}
	return p.note(p.ran+1, "")
}

// transaction commits what f did, or nothing of it.
func (p *resumption) transaction(f func() error) error {
	if _, err := p.conn.Exec(p.ctx, sqlTransaction); err != nil {
		return err
	}
	ran, begun := p.ran, p.begun
	err := f()
	if err == nil {
		_, err = p.conn.Exec(p.ctx, sqlCommitChange)
	}
	if err != nil {
		p.ran, p.begun = ran, begun
		// The connection may be gone, and the transaction with it.
		_, _ = p.conn.Exec(context.WithoutCancel(p.ctx), "ROLLBACK")
	}
	return err
}

// failed is the function of this name for a migration that is not undone.
func (p *resumption) failed(s sqlscan.Statement, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("migrate: stop in %s after %d of %d statements, which stay; the next run goes on: %w", p.file.ID(), p.ran, len(p.script), err)
	}
	e := setup("A1548", p.file.at(s.Line), "mend the statement and run "+commandOf(p.down)+" again, which goes on with it; "+
		"leave those before it as they are: what they did stays", "run migration %s: %s", p.file.ID(), p.runner.statement(p.ran, p.script))
	e.Err = engineWords(err)
	return e
}
