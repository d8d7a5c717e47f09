package db

import "fmt"

// A Window is a set of rows around each row, which its functions look at:
//
//	db.Over(Films.GenreID).OrderBy(Films.Price.Desc()).RowNumber()
type Window struct {
	by    []Column
	order []Order
}

// Over is the window of all rows that have the same values of by; without any
// it is all rows.
func Over(by ...Columnar) Window {
	var w Window
	for _, c := range by {
		w.by = append(w.by, c.col())
	}
	return w
}

// OrderBy sorts the rows of the window; what is then computed over it goes from
// its first row to the one that it is computed for.
func (w Window) OrderBy(orders ...Order) Window {
	w.order = append(w.order[:len(w.order):len(w.order)], orders...)
	return w
}

// RowNumber counts the window's rows from 1 in their order.
func (w Window) RowNumber() Num[int64] { return Num[int64]{w.over("row_number()")} }

// Rank is 1 more than the number of rows that come before in the order; rows
// that are the same in it have the same rank.
func (w Window) Rank() Num[int64] { return Num[int64]{w.over("rank()")} }

// DenseRank is Rank without gaps.
func (w Window) DenseRank() Num[int64] { return Num[int64]{w.over("dense_rank()")} }

// Count is the number of the window's rows.
func (w Window) Count() Num[int64] { return Num[int64]{w.over("count(*)")} }

func (w Window) over(what string) Column {
	return w.column(&expr{name: what, write: func(b *builder) { b.write(what) }})
}

func (w Window) column(x *expr) Column {
	return Column{x: &expr{name: x.name + " over a window", aggregate: w.aggregate(), window: true, null: x.null, write: func(b *builder) {
		x.write(b)
		b.write(" OVER (")
		b.partition(w)
		b.write(")")
	}}}
}

// over is x, which is made of c, over w. Of a group's value it is one as well.
func (c Column) over(w Window, x *expr) Column {
	over := w.column(x)
	over.x.aggregate = over.x.aggregate || c.aggregate()
	return over
}

// aggregate reports whether w tells groups apart, or sorts them, by what is
// made of many rows.
func (w Window) aggregate() bool {
	for _, c := range w.by {
		if c.aggregate() {
			return true
		}
	}
	for _, o := range w.order {
		if o.col.aggregate() {
			return true
		}
	}
	return false
}

// partition writes what stands in the parentheses of OVER.
func (b *builder) partition(w Window) {
	word := "PARTITION BY "
	for _, c := range w.by {
		b.write(word)
		b.column(c)
		word = ", "
	}
	if len(w.order) > 0 && len(w.by) > 0 {
		b.write(" ")
	}
	word = "ORDER BY "
	for _, o := range w.order {
		b.write(word)
		b.orderTerm(o)
		word = ", "
	}
}

// SumOver is the sum of c over the rows of w.
func (c Num[T]) SumOver(w Window) Num[T] { return Num[T]{c.over(w, c.call("sum", false, false))} }

// MinOver is the smallest value of the rows of w, NULL if there is none.
func (c Num[T]) MinOver(w Window) NullNum[T] {
	return NullNum[T]{Num[T]{c.over(w, c.call("min", false, true))}}
}

// MaxOver is the greatest value of the rows of w, NULL if there is none.
func (c Num[T]) MaxOver(w Window) NullNum[T] {
	return NullNum[T]{Num[T]{c.over(w, c.call("max", false, true))}}
}

// Lag is the value n rows before in w, NULL where there is none.
func (c Num[T]) Lag(n int, w Window) NullNum[T] { return NullNum[T]{Num[T]{c.row("lag", n, w)}} }

// Lead is the value n rows behind in w, NULL where there is none.
func (c Num[T]) Lead(n int, w Window) NullNum[T] { return NullNum[T]{Num[T]{c.row("lead", n, w)}} }

// Lag is the value n rows before in w, NULL where there is none.
func (c Text[T]) Lag(n int, w Window) NullText[T] { return NullText[T]{Text[T]{c.row("lag", n, w)}} }

// Lead is the value n rows behind in w, NULL where there is none.
func (c Text[T]) Lead(n int, w Window) NullText[T] { return NullText[T]{Text[T]{c.row("lead", n, w)}} }

// Lag is the moment n rows before in w, NULL where there is none.
func (c Time) Lag(n int, w Window) NullTime { return NullTime{Time{c.row("lag", n, w)}} }

// Lead is the moment n rows behind in w, NULL where there is none.
func (c Time) Lead(n int, w Window) NullTime { return NullTime{Time{c.row("lead", n, w)}} }

// row is c in the row n before or behind, as name says.
func (c Column) row(name string, n int, w Window) Column {
	return c.over(w, &expr{name: name + " of " + c.String(), null: true, write: func(b *builder) {
		if n < 0 || len(w.order) == 0 {
			b.fail(misuse("A1506", fmt.Sprintf("db: %s of %s by %d rows in a window with %d orders", name, c, n, len(w.order)),
				"say with OrderBy of the window which row comes first, and count from 0"))
		}
		b.write(name, "(")
		b.column(c)
		b.write(", ")
		b.int(int64(n))
		b.write(")")
	}})
}
