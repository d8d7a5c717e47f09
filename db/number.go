package db

import (
	"context"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Number is what number columns hold: the numbers that fit 64 signed bits, and
// types made of them.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~float32 | ~float64
}

// Num is a column of numbers.
type Num[T Number] struct{ Column }

// Eq is true for rows with the value v.
func (c Num[T]) Eq(v T) Cond { return c.compare("=", number(v)) }

// NE is true for rows with another value than v, NULL left out.
func (c Num[T]) NE(v T) Cond { return c.compare("<>", number(v)) }

// GT is true for rows with a greater value than v.
func (c Num[T]) GT(v T) Cond { return c.compare(">", number(v)) }

// GTE is true for rows with the value v or a greater one.
func (c Num[T]) GTE(v T) Cond { return c.compare(">=", number(v)) }

// LT is true for rows with a smaller value than v.
func (c Num[T]) LT(v T) Cond { return c.compare("<", number(v)) }

// LTE is true for rows with the value v or a smaller one.
func (c Num[T]) LTE(v T) Cond { return c.compare("<=", number(v)) }

// Between is true for rows with a value from lo to hi, both included.
func (c Num[T]) Between(lo, hi T) Cond { return c.between(number(lo), number(hi)) }

// In is true for rows with one of the values of list. With none it is never
// true.
func (c Num[T]) In(list ...T) Cond { return inList(c.Column, list, number[T]) }

// Set writes v.
func (c Num[T]) Set(v T) Assign { return c.set(number(v)) }

// Add adds v, which may be negative, to the value that is there when the
// statement runs: concurrent Adds do not undo each other.
func (c Num[T]) Add(v T) Assign { return Assign{col: c.Column, op: "+", val: number(v)} }

// SetTo writes the value of another column or of an expression, such as
// Films.Price.Times(2).
func (c Num[T]) SetTo(x Expr[T]) Assign { return Assign{col: c.Column, x: x.col().asExpr()} }

// Distinct returns the different values in the rows where conds hold,
// ascending, NULL left out.
func (c Num[T]) Distinct(ctx context.Context, conds ...Cond) ([]T, error) {
	return distinct(ctx, c.Column, conds, readNumber[T])
}

// To puts the value into d; see [Into].
func (c Num[T]) To(d *T) Dest { return c.to(func(r *Row) { *d = readNumber[T](r) }) }

func (Num[T]) of(T)    {}
func (Num[T]) number() {}

func readNumber[T Number](r *Row) T {
	if isFloat[T]() {
		return T(r.Float(64))
	}
	n := r.Int(64)
	if int64(T(n)) != n {
		r.wrong("a number that fits the column's Go type")
	}
	return T(n)
}

// NullNum is a column of numbers that may be NULL.
type NullNum[T Number] struct{ Num[T] }

// IsNull is true for rows with NULL.
func (c NullNum[T]) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullNum[T]) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullNum[T]) SetNull() Assign { return c.set(engine.Value{}) }

// To puts the value into d, nil if it is NULL; see [Into].
func (c NullNum[T]) To(d **T) Dest { return toNull(c.Column, d, readNumber[T]) }

func isFloat[T Number]() bool { return T(1)/2 != 0 }

func number[T Number](v T) engine.Value {
	if isFloat[T]() {
		return engine.Float(float64(v))
	}
	return engine.Int(int64(v))
}
