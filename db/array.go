package db

import (
	"fmt"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Element is what an [Array] has in it. UUIDs are strings.
type Element interface {
	string | int64 | float64 | bool | time.Time
}

// An Array is a column of lists of values, of a field such as []string, in the
// array types of PostgreSQL. Other engines have none: migrations and conditions
// on them are errors there that name what to use instead, a [JSON].
//
// A nil slice is the empty array, and an empty array is read as a slice that is
// empty and not nil; a field that is a pointer to a slice may be NULL. Values
// are what columns of their type hold, and never NULL: an array with a NULL in
// it, or with several dimensions, which somebody else wrote, is an error when
// it is read.
type Array[T Element] struct{ Column }

// Eq is true for rows with exactly the values of list, in its order.
func (c Array[T]) Eq(list []T) Cond { return c.test("=", list) }

// Contains is true for rows whose array has all of list, in any order and
// however often. With none it is always true, but for NULL.
func (c Array[T]) Contains(list ...T) Cond { return c.test("@>", list) }

// ContainedBy is true for rows whose array has nothing but what is in list.
// The empty array is contained by all.
func (c Array[T]) ContainedBy(list ...T) Cond { return c.test("<@", list) }

// Overlaps is true for rows whose array has at least one of list. With none it
// is never true.
func (c Array[T]) Overlaps(list ...T) Cond { return c.test("&&", list) }

// Len is the number of values.
func (c Array[T]) Len() Num[int64] {
	return Num[int64]{Column{x: &expr{name: "length of " + c.String(), null: c.nullable(), write: func(b *builder) {
		b.array(c.Column, "Len")
		b.write("cardinality(")
		b.column(c.Column)
		b.write(")")
	}}}}
}

// Set writes list.
func (c Array[T]) Set(list []T) Assign { return c.set(EncodeArray(list)) }

// SetTo writes the value of another column.
func (c Array[T]) SetTo(x Expr[[]T]) Assign { return Assign{col: c.Column, x: x.col().asExpr()} }

// Append adds list behind what is there when the statement runs: concurrent
// Appends do not undo each other. Behind a NULL it makes the array.
func (c Array[T]) Append(list ...T) Assign {
	return c.change("Append", func(b *builder) {
		b.column(c.Column)
		b.write(" || ")
		b.arg(EncodeArray(list))
	})
}

// Remove takes out v, wherever it stands in the array.
func (c Array[T]) Remove(v T) Assign {
	return c.change("Remove", func(b *builder) {
		b.write("array_remove(")
		b.column(c.Column)
		b.write(", ")
		b.arg(element(v))
		b.write(")")
	})
}

// To puts the values into d; see [Into].
func (c Array[T]) To(d *[]T) Dest { return c.to(func(r *Row) { *d = DecodeArray[T](r) }) }

func (Array[T]) of([]T) {}

func (c Array[T]) test(op string, list []T) Cond {
	v := EncodeArray(list)
	return Cond{kind: holds, x: &expr{name: c.String() + " " + op, write: func(b *builder) {
		b.array(c.Column, op)
		b.column(c.Column)
		b.write(" ", op, " ")
		b.arg(v)
	}}}
}

func (c Array[T]) change(what string, write func(*builder)) Assign {
	return Assign{col: c.Column, x: &expr{name: what + " of " + c.String(), write: func(b *builder) {
		b.array(c.Column, what)
		write(b)
	}}}
}

// array refuses what only PostgreSQL does.
func (b *builder) array(c Column, what string) {
	if name := b.engine(); name != "postgres" {
		b.fail(misuse("A1506", fmt.Sprintf("db: %s of the array %s on %s", what, c, name),
			"arrays are PostgreSQL's: keep the list in a db.JSON, or in rows of a table of its own"))
	}
}

// A NullArray is a column of arrays that may be NULL.
type NullArray[T Element] struct{ Array[T] }

// IsNull is true for rows with NULL.
func (c NullArray[T]) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with an array.
func (c NullArray[T]) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullArray[T]) SetNull() Assign { return c.set(engine.Value{}) }

// To puts the values into d, nil if it is NULL; see [Into].
func (c NullArray[T]) To(d **[]T) Dest { return toNull(c.Column, d, DecodeArray[T]) }

// element returns the engine's value of v.
func element[T Element](v T) engine.Value {
	x, _ := engine.Of(v) // it knows every Element
	return x
}

// EncodeArray, for generated code, returns the column's value of list: the text
// that PostgreSQL writes of an array. Where a value of list cannot be stored it
// is that value, which is refused with its reason.
func EncodeArray[T Element](list []T) engine.Value {
	b := []byte{'{'}
	for i, e := range list {
		v := element(e)
		if v.Check() != nil {
			return v
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = appendElement(b, v)
	}
	return engine.Text(string(append(b, '}')))
}

// arrayTime is how moments stand in arrays.
const arrayTime = "2006-01-02 15:04:05.999999-07"

func appendElement(b []byte, v engine.Value) []byte {
	switch v.Kind() {
	case engine.KindText:
		b = append(b, '"')
		b = append(b, escapeElement.Replace(v.Text())...)
		return append(b, '"')
	case engine.KindTime:
		b = append(b, '"')
		b = time.UnixMicro(v.Int()).UTC().AppendFormat(b, arrayTime)
		return append(b, '"')
	}
	return append(b, v.String()...)
}

var escapeElement = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// DecodeArray, for generated code, reads the column.
func DecodeArray[T Element](r *Row) []T {
	v := &r.values[r.at]
	if v.Kind() != engine.KindText {
		r.wrong("an array")
		return nil
	}
	texts, err := splitArray(v.Text())
	list := make([]T, len(texts))
	for i, text := range texts {
		if err == nil {
			err = parseElement(text, &list[i])
		}
	}
	if err != nil {
		if r.err == nil {
			r.err = fmt.Errorf("got the array %.100q: %w", v.Text(), err)
		}
		return nil
	}
	return list
}
