package db

import (
	"context"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Bool is a column of truth values.
type Bool struct{ Column }

// Eq is true for rows with the value v.
func (c Bool) Eq(v bool) Cond { return c.compare("=", engine.Bool(v)) }

// Set writes v.
func (c Bool) Set(v bool) Assign { return c.set(engine.Bool(v)) }

// SetTo writes the value of another column.
func (c Bool) SetTo(x Expr[bool]) Assign { return Assign{col: c.Column, x: x.col().asExpr()} }

// To puts the value into d; see [Into].
func (c Bool) To(d *bool) Dest { return c.to(func(r *Row) { *d = r.Bool() }) }

func (Bool) of(bool) {}

// NullBool is a column of truth values that may be NULL.
type NullBool struct{ Bool }

// IsNull is true for rows with NULL.
func (c NullBool) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullBool) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullBool) SetNull() Assign { return c.set(engine.Value{}) }

// To puts the value into d, nil if it is NULL; see [Into].
func (c NullBool) To(d **bool) Dest { return toNull(c.Column, d, (*Row).Bool) }

// Time is a column of moments. Whatever their zone and precision were, they
// are stored, compared and read back in UTC, cut to microseconds.
type Time struct{ Column }

// Eq is true for rows with the moment t.
func (c Time) Eq(t time.Time) Cond { return c.compare("=", engine.Time(t)) }

// NE is true for rows with another moment than t, NULL left out.
func (c Time) NE(t time.Time) Cond { return c.compare("<>", engine.Time(t)) }

// GT is true for rows with a moment after t.
func (c Time) GT(t time.Time) Cond { return c.compare(">", engine.Time(t)) }

// GTE is true for rows with the moment t or a later one.
func (c Time) GTE(t time.Time) Cond { return c.compare(">=", engine.Time(t)) }

// LT is true for rows with a moment before t.
func (c Time) LT(t time.Time) Cond { return c.compare("<", engine.Time(t)) }

// LTE is true for rows with the moment t or an earlier one.
func (c Time) LTE(t time.Time) Cond { return c.compare("<=", engine.Time(t)) }

// Between is true for rows with a moment from lo to hi, both included.
func (c Time) Between(lo, hi time.Time) Cond { return c.between(engine.Time(lo), engine.Time(hi)) }

// In is true for rows with one of the moments of list. With none it is never
// true.
func (c Time) In(list ...time.Time) Cond { return inList(c.Column, list, engine.Time) }

// Set writes t.
func (c Time) Set(t time.Time) Assign { return c.set(engine.Time(t)) }

// Distinct returns the different moments in the rows where conds hold,
// ascending, NULL left out.
func (c Time) Distinct(ctx context.Context, conds ...Cond) ([]time.Time, error) {
	return distinct(ctx, c.Column, conds, (*Row).Time)
}

// SetTo writes the value of another column.
func (c Time) SetTo(x Expr[time.Time]) Assign { return Assign{col: c.Column, x: x.col().asExpr()} }

// To puts the value into d; see [Into].
func (c Time) To(d *time.Time) Dest { return c.to(func(r *Row) { *d = r.Time() }) }

func (Time) of(time.Time) {}

// NullTime is a column of moments that may be NULL.
type NullTime struct{ Time }

// IsNull is true for rows with NULL.
func (c NullTime) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullTime) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullTime) SetNull() Assign { return c.set(engine.Value{}) }

// To puts the value into d, nil if it is NULL; see [Into].
func (c NullTime) To(d **time.Time) Dest { return toNull(c.Column, d, (*Row).Time) }

// Bytes is a column of byte strings.
type Bytes struct{ Column }

// Eq is true for rows with the bytes b.
func (c Bytes) Eq(b []byte) Cond { return c.compare("=", engine.Bytes(b)) }

// NE is true for rows with other bytes than b, NULL left out.
func (c Bytes) NE(b []byte) Cond { return c.compare("<>", engine.Bytes(b)) }

// Set writes b; nil is an empty byte string.
func (c Bytes) Set(b []byte) Assign { return c.set(engine.Bytes(b)) }

// SetTo writes the value of another column.
func (c Bytes) SetTo(x Expr[[]byte]) Assign { return Assign{col: c.Column, x: x.col().asExpr()} }

// To puts the value into d; see [Into].
func (c Bytes) To(d *[]byte) Dest { return c.to(func(r *Row) { *d = r.Bytes() }) }

func (Bytes) of([]byte) {}

// NullBytes is a column of byte strings that may be NULL.
type NullBytes struct{ Bytes }

// IsNull is true for rows with NULL.
func (c NullBytes) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullBytes) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullBytes) SetNull() Assign { return c.set(engine.Value{}) }

// To puts the value into d, nil if it is NULL; see [Into].
func (c NullBytes) To(d **[]byte) Dest { return toNull(c.Column, d, (*Row).Bytes) }
