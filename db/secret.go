package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/keys"
)

// A Secret is a field whose value the database never sees: it is sealed with
// the keys of [Config.Keys] (AES-256-GCM) before it is sent, bound to its table
// and column, and opened when it is read. T is string, []byte or what
// encoding/json knows. A pointer to a Secret may be NULL.
//
//	type Patient struct {
//		ID   int64 `db:"pk"`
//		Name db.Secret[string]
//		Note *db.Secret[string]
//	}
//	p := &Patient{Name: db.Conceal("Ann")}
//	name := p.Name.Reveal()
//
// It prints, logs and marshals as "[secret]". The zero Secret is the zero of T.
// A value has 1 MiB at most. How long it is is not hidden.
type Secret[T any] struct{ v *T }

// Conceal returns v as a secret.
func Conceal[T any](v T) Secret[T] { return Secret[T]{&v} }

// Reveal returns the value.
func (s Secret[T]) Reveal() T {
	if s.v == nil {
		var zero T
		return zero
	}
	return *s.v
}

const redacted = "[secret]"

// String returns "[secret]".
func (s Secret[T]) String() string { return redacted }

// Format writes "[secret]", whatever the verb.
func (s Secret[T]) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// LogValue returns "[secret]".
func (s Secret[T]) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[secret]", so JSON and the like hold no secret.
func (s Secret[T]) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON returns "[secret]" as JSON.
func (s Secret[T]) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// UnmarshalJSON reads a value of T, so that it may come in a request.
func (s *Secret[T]) UnmarshalJSON(text []byte) error {
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		return errors.New("db: read a secret: the JSON is of another type") // err would quote it
	}
	s.v = &v
	return nil
}

// Encode, for generated code, returns the value for the column of this name,
// to be sealed before it is sent.
func (s Secret[T]) Encode(column string) engine.Value {
	switch v := any(s.Reveal()).(type) {
	case string:
		return engine.Secret(column, []byte(v))
	case []byte:
		return engine.Secret(column, v)
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return engine.Float(math.NaN()) // which is refused, for the commonest reason
		}
		return engine.Secret(column, text)
	}
}

// Decode, for generated code, reads the column of this name, and opens what was
// sealed when it had another.
func (s *Secret[T]) Decode(row *Row, column string, was ...string) {
	plain, ok := row.open(column, was)
	if !ok {
		return
	}
	var v T
	switch p := any(&v).(type) {
	case *string:
		*p = string(plain)
	case *[]byte:
		*p = plain
	default:
		if json.Unmarshal(plain, &v) != nil {
			row.fail(column, errors.New("what was sealed is of another type"))
			return
		}
	}
	s.v = &v
}

// A SecretError says that the value of a secret column could not be opened or
// sealed: it was sealed with another key, was changed, is of another column,
// or there are no keys. It holds nothing of the value.
type SecretError struct {
	Table, Column string
	Key           string // of the row, where it is known
	Err           error
}

// Error names the table, the column and the row.
func (e *SecretError) Error() string {
	of := ""
	if e.Key != "" {
		of = " of row " + e.Key
	}
	return fmt.Sprintf("db: secret %s.%s%s: %v", e.Table, e.Column, of, e.Err)
}

// Unwrap returns Err.
func (e *SecretError) Unwrap() error { return e.Err }

func secretError(column string, err error) *SecretError {
	table, name, _ := strings.Cut(column, ".")
	return &SecretError{Table: table, Column: name, Err: err}
}

// purpose binds what is sealed to a column.
func purpose(column string) string { return "ashlar db secret 1 " + column }

// errNoKeys says that a model has secrets and the database no keys.
func errNoKeys() error {
	return misuse("A1513", "db: a secret column and no keys", "set db.keys, or DB_KEYS, to the output of `openssl rand -base64 32`")
}

// fail notes that the secret of a column could not be opened.
func (r *Row) fail(column string, err error) {
	if r.err == nil {
		r.err = secretError(column, err)
	}
}

// open returns what is sealed in the current column.
func (r *Row) open(column string, was []string) ([]byte, bool) {
	v := r.values[r.at]
	if v.Kind() != engine.KindText {
		r.fail(column, fmt.Errorf("got a value that is no sealed text"))
		return nil, false
	}
	if r.db == nil || r.db.keys == nil {
		r.fail(column, errNoKeys())
		return nil, false
	}
	plain, err := openSecret(r.db.keys, v.Text(), append([]string{column}, was...))
	if err != nil {
		r.fail(column, err)
		return nil, false
	}
	return plain, true
}

// openSecret opens text as a secret of one of columns.
func openSecret(ring *keys.Ring, text string, columns []string) (plain []byte, err error) {
	for _, c := range columns {
		if plain, err = ring.Open(purpose(c), text, nil); err == nil {
			return plain, nil
		}
	}
	return nil, err
}

// seal replaces v, if it is a secret, by its sealed text.
func (d *DB) seal(v *engine.Value) error {
	column, plain, ok := v.Secret()
	if !ok {
		return nil
	}
	if d.keys == nil {
		return secretError(column, errNoKeys())
	}
	text, err := d.keys.Seal(purpose(column), plain, nil)
	if err != nil {
		return secretError(column, err)
	}
	*v = engine.Text(text)
	return nil
}

// A SecretColumn is a column of sealed values. None is equal to another, so
// there are no comparisons.
type SecretColumn[T any] struct{ Column }

// Set writes v.
func (c SecretColumn[T]) Set(v T) Assign {
	return c.set(Conceal(v).Encode(c.at.end().def.Name + "." + c.def().Name))
}

// NullSecretColumn is a column of sealed values that may be NULL.
type NullSecretColumn[T any] struct{ SecretColumn[T] }

// IsNull is true for rows with NULL.
func (c NullSecretColumn[T]) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullSecretColumn[T]) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullSecretColumn[T]) SetNull() Assign { return c.set(engine.Value{}) }

// Reseal opens the secrets of all rows, those that are marked as deleted too,
// and seals them with the first of the keys, batch rows at a time, each batch in
// a transaction of its own; it returns how many rows it wrote. After it a key that
// was taken over from before a rotation may go, and so may the was of a renamed
// table or column. Rows that are written meanwhile keep what was written. It
// changes nothing else of the rows and calls no hooks. It may be run again
// after an error, which names the row.
//
//go:noinline
func (t *Table[P]) Reseal(ctx context.Context, batch int) (int64, error) {
	return t.q.t.reseal(ctx, max(1, batch), t.m.Secrets)
}

// reseal is Reseal without the type. secrets are the names that columns had.
func (t *table) reseal(ctx context.Context, batch int, secrets map[string][]string) (n int64, err error) {
	if len(secrets) == 0 {
		return 0, misuse("A1506", "db: Reseal of "+t.def.Name+", which has no secrets", "call it on a table with a field of the type db.Secret")
	}
	d, err := FromContext(ctx)
	if err != nil {
		return 0, err
	}
	if d.keys == nil {
		return 0, errNoKeys()
	}
	var columns []int
	for i, c := range t.def.Columns {
		if _, ok := secrets[c.Name]; ok {
			columns = append(columns, i)
		}
	}
	var after []engine.Value
	for more := true; more; {
		err = Tx(ctx, func(ctx context.Context) error {
			var rows [][]engine.Value
			if rows, err = t.sealed(ctx, d, columns, after, batch); err != nil {
				return err
			}
			for _, row := range rows {
				done, err := t.resealRow(ctx, d, columns, row, secrets)
				if err != nil {
					return err
				}
				n += done
				after = row[:len(t.key)]
			}
			more = len(rows) == batch
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// sealed reads the keys and the sealed columns of the next rows.
func (t *table) sealed(ctx context.Context, d *DB, columns []int, after []engine.Value, batch int) ([][]engine.Value, error) {
	all := append(t.key[:len(t.key):len(t.key)], columns...)
	q := &query{t: t, deleted: withDeleted, order: t.byKey(), limit: int64(batch), limited: true}
	if after != nil {
		q.where = []Cond{t.beyond(after)}
	}
	st, err := build(t, &d.dialect, func(b *builder) {
		b.selectFrom(q, func(s *scope) { b.columns(s.name, all) })
	})
	if err != nil {
		return nil, err
	}
	var rows [][]engine.Value
	err = d.query(ctx, st, func(values []engine.Value) error {
		rows = append(rows, slices.Clone(values))
		return nil
	})
	return rows, err
}

// beyond is the condition that a row's key comes after another.
func (t *table) beyond(key []engine.Value) Cond {
	var any []Cond
	for i := range t.key {
		var all []Cond
		for j := range i {
			all = append(all, t.column(t.key[j]).compare("=", key[j]))
		}
		any = append(any, And(append(all, t.column(t.key[i]).compare(">", key[i]))...))
	}
	return Or(any...)
}

// resealRow writes the secrets of a row anew, unless somebody else has.
func (t *table) resealRow(ctx context.Context, d *DB, columns []int, row []engine.Value, secrets map[string][]string) (int64, error) {
	q := &query{t: t, deleted: withDeleted}
	var changes []Assign
	for i, c := range t.key {
		q.where = append(q.where, t.column(c).compare("=", row[i]))
	}
	for i, c := range columns {
		old := row[len(t.key)+i]
		if old.Kind() == engine.KindNull {
			continue
		}
		name := t.def.Columns[c].Name
		own := t.def.Name + "." + name
		plain, err := openSecret(d.keys, old.Text(), append([]string{own}, secrets[name]...))
		if err != nil {
			broken := secretError(own, err)
			broken.Key = keyText(row[:len(t.key)])
			return 0, broken
		}
		changes = append(changes, t.column(c).set(engine.Secret(own, plain)))
		q.where = append(q.where, t.column(c).compare("=", old))
	}
	if len(changes) == 0 {
		return 0, nil
	}
	st, err := q.update(&d.dialect, changes)
	if err != nil {
		return 0, err
	}
	return d.exec(ctx, st)
}

// keyText is a key as messages name it.
func keyText(key []engine.Value) string {
	list := make([]string, len(key))
	for i, v := range key {
		list[i] = v.String()
	}
	return strings.Join(list, ", ")
}
