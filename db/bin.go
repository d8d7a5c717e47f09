package db

import (
	"fmt"
	"math"
	"strconv"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Bin is the greatest multiple of width that is not above the value: what a
// histogram groups by. A width of 0 or less is refused.
//
//	bin := Films.Price.Bin(500)
//	bars, err := db.Into(&Films.Query, func(d *Bar) []db.Dest {
//		return []db.Dest{bin.To(&d.From), db.Count().To(&d.Films)}
//	}).OrderBy(bin.Asc()).Fill().All(ctx)
func (c Num[T]) Bin(width T) Num[T] { return Num[T]{c.bin(number(width))} }

// Bin is [Num.Bin], NULL for NULL.
func (c NullNum[T]) Bin(width T) NullNum[T] { return NullNum[T]{c.Num.Bin(width)} }

func (c Column) bin(width engine.Value) Column {
	type id struct {
		c        Column
		width    int64
		floating float64
	}
	return Column{x: &expr{name: "bin of " + c.String(), null: c.nullable(), id: id{c, width.Int(), width.Float()}, series: bins{width}, write: func(b *builder) {
		if width.Int() <= 0 && width.Kind() == engine.KindInt || width.Kind() == engine.KindFloat && !(width.Float() > 0) {
			b.fail(misuse("A1506", fmt.Sprintf("db: bins of %s with a width of %s", c, width), "make them wider than 0"))
		}
		b.write("(")
		if width.Kind() == engine.KindInt { // the rest of a division has the sign of what is divided
			n := strconv.FormatInt(width.Int(), 10)
			b.column(c)
			b.write(" - (")
			b.column(c)
			b.write(" % ", n, " + ", n, ") % ", n, ")")
			return
		}
		b.write("floor(")
		b.column(c)
		b.write(" / ")
		b.floatLiteral(width.Float())
		b.write(") * ")
		b.floatLiteral(width.Float())
		b.write(")")
	}}}
}

// floatLiteral writes a number of this program, not of a visitor, such that
// the engine takes it for one of floating point.
func (b *builder) floatLiteral(f float64) {
	s := strconv.FormatFloat(f, 'e', -1, 64)
	if b.engine() == "postgres" {
		s = "CAST(" + s + " AS double precision)"
	}
	b.write(s)
}

// bins is the series of the multiples of a width.
type bins struct{ width engine.Value }

// key returns which multiple v is.
func (l bins) key(v engine.Value) int64 {
	switch {
	case l.width.Kind() == engine.KindInt:
		return v.Int() / l.width.Int()
	case v.Kind() == engine.KindFloat:
		return int64(math.Round(v.Float() / l.width.Float()))
	}
	return int64(math.Round(float64(v.Int()) / l.width.Float()))
}

// values returns all from the least to the greatest that was found.
func (l bins) values(found []engine.Value, most int) ([]engine.Value, bool) {
	if len(found) == 0 {
		return nil, true
	}
	lo, hi := l.key(found[0]), l.key(found[0])
	for _, v := range found {
		lo, hi = min(lo, l.key(v)), max(hi, l.key(v))
	}
	if uint64(hi)-uint64(lo) >= uint64(most) {
		return nil, false
	}
	list := make([]engine.Value, 0, hi-lo+1)
	for k := lo; k <= hi; k++ {
		if l.width.Kind() == engine.KindInt {
			list = append(list, engine.Int(k*l.width.Int()))
		} else {
			list = append(list, engine.Float(float64(k)*l.width.Float()))
		}
	}
	return list, true
}
