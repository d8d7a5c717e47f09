package db

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/keys"
)

// cursorPurpose is what cursors are signed for.
const cursorPurpose = "db cursor"

// errCursor is the error for a cursor that this program did not make for this
// query.
var errCursor = &errs.Error{Kind: errs.Malformed, Message: "This page cannot be shown; please start from the first one.",
	Err: errors.New("db: the cursor was not made by this program for this query")}

// Cursor returns a text that stands for the place of row in the order of q, to
// be given to a visitor and back to [Query.After] or [Query.Before]. It is
// signed with ring and holds the values that q sorts by: it is not secret. q
// sorts by columns of its own table.
//
//go:noinline
func (q *Query[P]) Cursor(ring *keys.Ring, row P) (string, error) {
	return q.q.cursor(ring, func(column int) engine.Value { return q.m.Encode(row, column) })
}

// After keeps the rows that come after the one that cursor was made for; an
// empty cursor keeps all. The order is that of q, with the primary key behind
// it, and may not be added to:
//
//	newest := Films.OrderBy(Films.Released.Desc())
//	films, err := newest.After(ring, cursor).Limit(20).All(ctx)
//	next, err := newest.Cursor(ring, films[len(films)-1])
//
// However far the page is, it costs no more than the first if there is an
// index for the order. A cursor that was changed, or made for another order,
// is an error of the kind errs.Malformed.
//
//go:noinline
func (q *Query[P]) After(ring *keys.Ring, cursor string) *Query[P] {
	return on(q, q.q.beyond(ring, cursor, false))
}

// Before keeps the rows that come before the one that cursor was made for;
// with a Limit, the last of them. They are in the order of q.
//
//go:noinline
func (q *Query[P]) Before(ring *keys.Ring, cursor string) *Query[P] {
	return on(q, q.q.beyond(ring, cursor, true))
}

// shape tells the orders apart that cursors are made for.
func (q *query) shape() string {
	var b strings.Builder
	b.WriteString(q.t.def.Name)
	for _, o := range q.total() {
		b.WriteString("," + q.t.def.Columns[o.col.i].Name)
		if o.desc {
			b.WriteString(" desc")
		}
	}
	return b.String()
}

// sortable reports an order that has no cursor.
func (q *query) sortable() error {
	for _, o := range q.order {
		if o.col.x != nil || o.col.at == nil || o.col.at.from != nil || o.col.at.table != q.t {
			return misuse("A1506", fmt.Sprintf("db: a cursor on %s, sorted by %s", q.t.def.Name, o.col.noun()),
				"sort by columns of "+q.t.def.Name+" alone")
		}
	}
	return nil
}

func (q *query) cursor(ring *keys.Ring, value func(column int) engine.Value) (string, error) {
	if err := q.sortable(); err != nil {
		return "", err
	}
	var values []cursorValue
	for _, o := range q.total() {
		values = append(values, toCursor(value(o.col.i)))
	}
	text, err := json.Marshal(values)
	if err != nil {
		return "", err
	}
	signed := ring.Sign(cursorPurpose, []byte(q.shape()+"\n"+string(text)))
	return base64.RawURLEncoding.EncodeToString(text) + "." + signed, nil
}

// A cursorValue is a value in a cursor: its kind and its text.
type cursorValue struct {
	Kind engine.Kind `json:"k"`
	Text string      `json:"v,omitempty"`
}

func toCursor(v engine.Value) cursorValue {
	c := cursorValue{Kind: v.Kind()}
	switch v.Kind() {
	case engine.KindInt, engine.KindBool, engine.KindTime:
		c.Text = strconv.FormatInt(v.Int(), 10)
	case engine.KindFloat:
		c.Text = strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case engine.KindText:
		c.Text = v.Text()
	case engine.KindBytes:
		c.Text = base64.RawURLEncoding.EncodeToString(v.Bytes())
	}
	return c
}

// value returns the value that c was made of. A cursor is signed, so it is
// what toCursor wrote.
func (c cursorValue) value() engine.Value {
	n, _ := strconv.ParseInt(c.Text, 10, 64)
	switch c.Kind {
	case engine.KindInt:
		return engine.Int(n)
	case engine.KindBool:
		return engine.Bool(n != 0)
	case engine.KindTime:
		return engine.UnixMicro(n)
	case engine.KindFloat:
		f, _ := strconv.ParseFloat(c.Text, 64)
		return engine.Float(f)
	case engine.KindText:
		return engine.Text(c.Text)
	case engine.KindBytes:
		raw, _ := base64.RawURLEncoding.DecodeString(c.Text)
		return engine.Bytes(raw)
	}
	return engine.Value{}
}

// beyond is q after a cursor, or before it.
func (q *query) beyond(ring *keys.Ring, cursor string, before bool) *query {
	own := *q
	c := &own
	c.backwards = before
	if c.err = q.sortable(); c.err != nil {
		return c
	}
	c.order = q.total()
	if cursor == "" {
		return c
	}
	values, ok := q.open(ring, cursor)
	if !ok || len(values) != len(c.order) {
		c.err = errCursor
		return c
	}
	c.where = append(c.where[:len(c.where):len(c.where)], beyond(c.order, values, before))
	return c
}

func (q *query) open(ring *keys.Ring, cursor string) ([]cursorValue, bool) {
	encoded, signature, _ := strings.Cut(cursor, ".")
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || ring.Verify(cursorPurpose, []byte(q.shape()+"\n"+string(text)), signature) != nil {
		return nil, false
	}
	var values []cursorValue
	return values, json.Unmarshal(text, &values) == nil
}

// beyond is the condition that a row comes after, or before, the one with
// values in the order: it is further in the first column, or the same in that
// and further in those behind it.
func beyond(order []Order, values []cursorValue, before bool) Cond {
	o, v := order[0], values[0].value()
	further := o.further(v, before)
	if len(order) == 1 {
		return further
	}
	same := o.col.compare("=", v)
	if v.Kind() == engine.KindNull {
		same = o.col.isNull()
	}
	return Or(further, And(same, beyond(order[1:], values[1:], before)))
}

// further is the condition that a column alone is beyond v. NULLs come before
// all values.
func (o Order) further(v engine.Value, before bool) Cond {
	null := v.Kind() == engine.KindNull
	up := o.desc == before // towards greater values
	switch {
	case null && up:
		return o.col.notNull()
	case null:
		return Or()
	case up:
		return o.col.compare(">", v)
	case o.col.nullable():
		return Or(o.col.compare("<", v), o.col.isNull())
	}
	return o.col.compare("<", v)
}
