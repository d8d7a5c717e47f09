package db

import (
	"github.com/ashlar-go/ashlar/db/engine"
)

// expr is an expression that stands where a column may. It does not change.
type expr struct {
	name      string // for messages
	write     func(b *builder)
	aggregate bool // it is made of many rows
	null      bool // it may be NULL
	window    bool // it looks at other rows of the result, so it is no key of a group

	id     any           // is equal for two that are written the same, nil if that is not known
	series series        // of whose values it has one, for a Bucket or a Bin
	span   *Span         // outside of which rows are left out
	empty  *engine.Value // what it is of no rows, where that is neither 0 nor NULL

	found *finding // what it searches for
}

func (x *expr) column() Column { return Column{x: x} }

// asExpr returns c as an expression.
func (c Column) asExpr() *expr {
	if c.x != nil {
		return c.x
	}
	return &expr{name: c.String(), null: c.nullable(), write: func(b *builder) { b.column(c) }}
}

// call returns the expression name(c).
func (c Column) call(name string, aggregate, null bool) *expr {
	return &expr{name: name + " of " + c.String(), aggregate: aggregate, null: null, write: func(b *builder) {
		b.write(name, "(")
		b.column(c)
		b.write(")")
	}}
}

// Count is the number of rows of a group; see [Into].
func Count() Num[int64] {
	return Num[int64]{Column{x: &expr{name: "count", aggregate: true, write: func(b *builder) { b.write("count(*)") }}}}
}

// Count is the number of rows with a value.
func (c Column) Count() Num[int64] { return Num[int64]{c.call("count", true, false).column()} }

// CountDistinct is the number of different values, NULL left out.
func (c Column) CountDistinct() Num[int64] {
	return Num[int64]{Column{x: &expr{name: "different values of " + c.String(), aggregate: true, write: func(b *builder) {
		b.write("count(DISTINCT ")
		b.column(c)
		b.write(")")
	}}}}
}

// Sum is the sum of all values; of none it is 0.
func (c Num[T]) Sum() Num[T] { return Num[T]{c.sum().column()} }

func (c Column) sum() *expr {
	return &expr{name: "sum of " + c.String(), aggregate: true, write: func(b *builder) {
		b.write("coalesce(sum(")
		b.column(c)
		b.write("), 0)")
	}}
}

// Avg is the mean of all values, NULL if there are none.
func (c Num[T]) Avg() NullNum[float64] {
	return NullNum[float64]{Num[float64]{c.call("avg", true, true).column()}}
}

// Min is the smallest value, NULL if there is none.
func (c Num[T]) Min() NullNum[T] { return NullNum[T]{Num[T]{c.call("min", true, true).column()}} }

// Max is the greatest value, NULL if there is none.
func (c Num[T]) Max() NullNum[T] { return NullNum[T]{Num[T]{c.call("max", true, true).column()}} }

// Min is the smallest value, NULL if there is none.
func (c Text[T]) Min() NullText[T] { return NullText[T]{Text[T]{c.call("min", true, true).column()}} }

// Max is the greatest value, NULL if there is none.
func (c Text[T]) Max() NullText[T] { return NullText[T]{Text[T]{c.call("max", true, true).column()}} }

// Min is the first moment, NULL if there is none.
func (c Time) Min() NullTime { return NullTime{Time{c.call("min", true, true).column()}} }

// Max is the last moment, NULL if there is none.
func (c Time) Max() NullTime { return NullTime{Time{c.call("max", true, true).column()}} }

// orElse is c, or v where c is NULL.
func (c Column) orElse(v engine.Value) Column {
	return Column{x: &expr{name: c.String() + " or else", aggregate: c.aggregate(), window: c.window(), empty: &v, write: func(b *builder) {
		b.write("coalesce(")
		b.column(c)
		b.write(", ")
		b.arg(v)
		b.write(")")
	}}}
}

// Or is the value, or v where it is NULL.
func (c NullNum[T]) Or(v T) Num[T] { return Num[T]{c.orElse(number(v))} }

// Or is the value, or v where it is NULL.
func (c NullText[T]) Or(v T) Text[T] { return Text[T]{c.orElse(text(v))} }

// Plus is the sum of both values.
func (c Num[T]) Plus(other Expr[T]) Num[T] { return Num[T]{c.combine("+", other.col())} }

// Minus is the difference of both values.
func (c Num[T]) Minus(other Expr[T]) Num[T] { return Num[T]{c.combine("-", other.col())} }

// Mul is the product of both values. The other may be a number of another type,
// such as the quantity that a price is multiplied by.
func (c Num[T]) Mul(other interface {
	Columnar
	number()
}) Num[T] {
	return Num[T]{c.combine("*", other.col())}
}

// Times is the value multiplied by v.
func (c Num[T]) Times(v T) Num[T] { return Num[T]{c.combine("*", param(number(v)))} }

func (c Column) combine(op string, z Column) Column {
	return Column{x: &expr{
		name: c.String() + " " + op + " " + z.String(), aggregate: c.aggregate() || z.aggregate(),
		window: c.window() || z.window(),
		null:   c.nullable() || z.nullable(), write: func(b *builder) {
			b.write("(")
			b.column(c)
			b.write(" ", op, " ")
			b.column(z)
			b.write(")")
		}}}
}

// param is a value as an expression.
func param(v engine.Value) Column {
	return Column{x: &expr{name: "a value", write: func(b *builder) { b.arg(v) }}}
}
