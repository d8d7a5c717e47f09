package db

import (
	"context"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Text is a column of texts: UTF-8 without NUL bytes. A value that is not is an
// error of the kind errs.Invalid when the statement runs. Texts are compared
// byte by byte, so "Z" comes before "a".
type Text[T ~string] struct{ Column }

// Eq is true for rows with the value v.
func (c Text[T]) Eq(v T) Cond { return c.compare("=", text(v)) }

// NE is true for rows with another value than v, NULL left out.
func (c Text[T]) NE(v T) Cond { return c.compare("<>", text(v)) }

// GT is true for rows with a greater value than v.
func (c Text[T]) GT(v T) Cond { return c.compare(">", text(v)) }

// GTE is true for rows with the value v or a greater one.
func (c Text[T]) GTE(v T) Cond { return c.compare(">=", text(v)) }

// LT is true for rows with a smaller value than v.
func (c Text[T]) LT(v T) Cond { return c.compare("<", text(v)) }

// LTE is true for rows with the value v or a smaller one.
func (c Text[T]) LTE(v T) Cond { return c.compare("<=", text(v)) }

// Between is true for rows with a value from lo to hi, both included.
func (c Text[T]) Between(lo, hi T) Cond { return c.between(text(lo), text(hi)) }

// In is true for rows with one of the values of list. With none it is never
// true.
func (c Text[T]) In(list ...T) Cond { return inList(c.Column, list, text[T]) }

// Contains is true for rows whose text holds s, which is taken literally: %
// and _ have no meaning. Upper and lower case of the letters a to z are the
// same; other letters must match exactly on SQLite and PostgreSQL.
func (c Text[T]) Contains(s string) Cond { return c.like("%", s, "%") }

// HasPrefix is true for rows whose text begins with s; see [Text.Contains].
func (c Text[T]) HasPrefix(s string) Cond { return c.like("", s, "%") }

// HasSuffix is true for rows whose text ends with s; see [Text.Contains].
func (c Text[T]) HasSuffix(s string) Cond { return c.like("%", s, "") }

// Set writes v.
func (c Text[T]) Set(v T) Assign { return c.set(text(v)) }

// Distinct returns the different values in the rows where conds hold,
// ascending, NULL left out.
func (c Text[T]) Distinct(ctx context.Context, conds ...Cond) ([]T, error) {
	return distinct(ctx, c.Column, conds, readText[T])
}

// SetTo writes the value of another column.
func (c Text[T]) SetTo(x Expr[T]) Assign { return Assign{col: c.Column, x: x.col().asExpr()} }

// To puts the value into d; see [Into].
func (c Text[T]) To(d *T) Dest { return c.to(func(r *Row) { *d = readText[T](r) }) }

func (Text[T]) of(T) {}

func readText[T ~string](r *Row) T { return T(r.Text()) }

// NullText is a column of texts that may be NULL.
type NullText[T ~string] struct{ Text[T] }

// IsNull is true for rows with NULL.
func (c NullText[T]) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullText[T]) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullText[T]) SetNull() Assign { return c.set(engine.Value{}) }

// To puts the value into d, nil if it is NULL; see [Into].
func (c NullText[T]) To(d **T) Dest { return toNull(c.Column, d, readText[T]) }

func text[T ~string](v T) engine.Value { return engine.Text(string(v)) }

// escapeLike makes s match itself in a LIKE that names ! as its escape. It is
// not the backslash, which MariaDB's string literals take for their own.
func escapeLike(s string) string {
	if !strings.ContainsAny(s, "!%_") {
		return s
	}
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}
