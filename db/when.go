package db

// when is c in the rows for which conds hold, and NULL in all others.
func (c Column) when(conds []Cond) Column {
	return Column{x: &expr{name: c.String() + " when", null: true, aggregate: c.aggregate(), window: c.window(), write: func(b *builder) {
		b.write("CASE WHEN ")
		b.cond(And(conds...), false)
		b.write(" THEN ")
		b.column(c)
		b.write(" END")
	}}}
}

// When is the value in the rows for which all of conds hold, NULL in others.
// Aggregates leave NULLs out, so they are made of these rows alone:
//
//	Orders.Total.When(Orders.Country.Eq("Austria")).Sum().To(&d.Austria)
func (c Num[T]) When(conds ...Cond) NullNum[T] { return NullNum[T]{Num[T]{c.when(conds)}} }

// When is the value in the rows for which all of conds hold, NULL in others;
// see [Num.When].
func (c Text[T]) When(conds ...Cond) NullText[T] { return NullText[T]{Text[T]{c.when(conds)}} }

// When is the moment in the rows for which all of conds hold, NULL in others;
// see [Num.When].
func (c Time) When(conds ...Cond) NullTime { return NullTime{Time{c.when(conds)}} }

// Count is the number of rows for which c holds; see [Into].
func (c Cond) Count() Num[int64] {
	return Num[int64]{Column{x: &expr{name: "count of rows", aggregate: true, write: func(b *builder) {
		b.write("count(CASE WHEN ")
		b.cond(c, false)
		b.write(" THEN 1 END)")
	}}}}
}

// Avg is the mean of all moments, to the microsecond, NULL if there are none.
func (c Time) Avg() NullTime {
	return NullTime{Time{Column{x: &expr{name: "avg of " + c.String(), aggregate: true, null: true, write: func(b *builder) {
		switch b.engine() {
		case "postgres":
			b.write("(timestamptz 'epoch' + round(avg(extract(epoch FROM ")
			b.column(c.Column)
			b.write(") * 1000000)) * interval '1 microsecond')")
		case "mariadb":
			b.write("TIMESTAMPADD(MICROSECOND, ROUND(avg(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', ")
			b.column(c.Column)
			b.write("))), TIMESTAMP'1970-01-01 00:00:00')")
		default:
			b.write("CAST(round(avg(")
			b.column(c.Column)
			b.write(")) AS INTEGER)")
		}
	}}}}}
}
