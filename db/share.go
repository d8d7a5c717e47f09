package db

// AvgOver is the mean of c over the rows of w, NULL if there are none.
func (c Num[T]) AvgOver(w Window) NullNum[float64] {
	return NullNum[float64]{Num[float64]{c.over(w, c.call("avg", false, true))}}
}

// ShareOver is what part of the sum over the rows of w this value is, NULL
// where that sum is 0. Over the groups of a result it is one of their sums:
//
//	revenue := Orders.Total.Sum()
//	revenue.ShareOver(db.Over()).To(&d.Share)
func (c Num[T]) ShareOver(w Window) NullNum[float64] {
	return NullNum[float64]{Num[float64]{c.share(w)}}
}

func (c Column) share(w Window) Column {
	sum := c.over(w, c.call("sum", false, true))
	return Column{x: &expr{name: "share of " + c.String(), null: true, window: true, aggregate: sum.aggregate(), write: func(b *builder) {
		switch b.engine() {
		case "postgres":
			b.write("(CAST(")
			b.column(c)
			b.write(" AS double precision) / nullif(")
		default: // 1e0 makes the division one of floating point
			b.write("(1e0 * ")
			b.column(c)
			b.write(" / nullif(")
		}
		b.column(sum)
		b.write(", 0))")
	}}}
}
