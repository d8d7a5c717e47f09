package dbstore

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store keeps the app's sessions in the app's database: the one that db.Module
// puts into every context. It brings the table and its migration.
func Store(s *ashlar.Setup) {
	s.Provide(func(*db.DB) session.Driver { return Driver{} })
	s.Add(db.Schema{Models: Models(), Migrations: migrations})
}

// A Session is a row of the table ashlar_sessions.
//
//ashlar:model table=ashlar_sessions
type Session struct {
	Ref       string    `db:"pk,size=32"`     // see session.Ref
	Hash      string    `db:"size=64,unique"` // SHA-256 of the cookie, in hexadecimal
	CSRF      []byte    // the secret of its CSRF tokens
	Data      string    // its values, a JSON object
	CreatedAt time.Time // when it began
	SeenAt    time.Time // when it was last in use, give or take session.Config.Touch
	ExpiresAt time.Time `db:"index"`
}

// limit is how many bytes Session.Data may have. A session is read with every
// request of its visitor.
const limit = 64 << 10

// Driver keeps sessions in the database of the context that it is given.
type Driver struct{}

var _ session.Driver = Driver{}

// idBytes are the 256 random bits of a cookie.
const idBytes = 32

// hash returns what is stored of a cookie: nobody who reads the table can get
// into a session. A plain hash is enough for 256 random bits.
func hash(cookie string) string {
	sum := sha256.Sum256([]byte(cookie))
	return hex.EncodeToString(sum[:])
}

// alive is the rows of a cookie at a time: one or none.
func alive(cookie string, now time.Time) *db.Query[*Session] {
	return Sessions.Where(Sessions.Hash.Eq(hash(cookie)), Sessions.ExpiresAt.GT(now))
}

// Load returns the session of a cookie.
func (Driver) Load(ctx context.Context, cookie string, now time.Time) (*session.Record, error) {
	row, err := alive(cookie, now).First(ctx)
	if errors.Is(err, db.ErrNotFound) {
		return nil, session.ErrNone
	}
	if err != nil {
		return nil, err
	}
	r := &session.Record{Ref: row.Ref, CSRF: row.CSRF, Created: row.CreatedAt, Seen: row.SeenAt, Expires: row.ExpiresAt}
	if err := json.Unmarshal([]byte(row.Data), &r.Values); err != nil {
		return nil, fmt.Errorf("dbstore: read session %s: %w", row.Ref, err)
	}
	return r, nil
}

// Save stores a session. What other requests changed meanwhile stays, unless
// they changed the same keys.
func (d Driver) Save(ctx context.Context, cookie string, c session.Change, now time.Time) (string, error) {
	if cookie == "" {
		return d.insert(ctx, c)
	}
	next := cookie
	if c.Rotate {
		next = keys.Token(idBytes)
	}
	err := db.Tx(ctx, func(ctx context.Context) error {
		r := c.Record
		// Writing first takes the lock of the row, on every engine: nobody else
		// merges until this transaction ends.
		n, err := alive(cookie, now).Update(ctx, Sessions.Hash.Set(hash(next)), Sessions.CSRF.Set(r.CSRF),
			Sessions.SeenAt.Set(r.Seen), Sessions.ExpiresAt.Set(r.Expires))
		if err != nil {
			return err
		}
		if n == 0 {
			return session.ErrNone
		}
		if len(c.Touched) == 0 {
			return nil
		}
		row, err := Sessions.Where(Sessions.Hash.Eq(hash(next))).First(ctx)
		if err != nil {
			return err
		}
		data, err := merged(c, row.Data)
		if err != nil {
			return err
		}
		_, err = Sessions.Where(Sessions.Ref.Eq(row.Ref)).Update(ctx, Sessions.Data.Set(data))
		return err
	})
	return next, err
}

func (Driver) insert(ctx context.Context, c session.Change) (string, error) {
	data, err := merged(c, "{}")
	if err != nil {
		return "", err
	}
	r, cookie := c.Record, keys.Token(idBytes)
	return cookie, Sessions.Insert(ctx, &Session{
		Ref: r.Ref, Hash: hash(cookie), CSRF: r.CSRF, Data: data,
		CreatedAt: r.Created, SeenAt: r.Seen, ExpiresAt: r.Expires,
	})
}

// merged returns the JSON of stored with the changes of c.
func merged(c session.Change, stored string) (string, error) {
	var values session.Values
	if err := json.Unmarshal([]byte(stored), &values); err != nil {
		return "", fmt.Errorf("dbstore: read session %s: %w", c.Record.Ref, err)
	}
	values, err := c.Merge(values, limit)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(values)
	return string(data), err
}

// Delete removes the session of a cookie.
func (Driver) Delete(ctx context.Context, cookie string) error {
	_, err := Sessions.Where(Sessions.Hash.Eq(hash(cookie))).Delete(ctx)
	return err
}

// batch is how many sessions one statement of Sweep removes: requests get
// their turns to write in between.
const batch = 100

// Sweep removes expired sessions until there are none or ctx ends.
func (Driver) Sweep(ctx context.Context, now time.Time) (int64, error) {
	var total int64
	for {
		rows, err := Sessions.Where(Sessions.ExpiresAt.LTE(now)).Limit(batch).All(ctx)
		if err != nil || len(rows) == 0 {
			return total, err
		}
		refs := make([]string, len(rows))
		for i, row := range rows {
			refs[i] = row.Ref
		}
		// The condition again: one of them may have been in use since.
		n, err := Sessions.Where(Sessions.Ref.In(refs...), Sessions.ExpiresAt.LTE(now)).Delete(ctx)
		total += n
		if err != nil {
			return total, err
		}
	}
}

// Limit returns 64 KiB.
func (Driver) Limit() int { return limit }
