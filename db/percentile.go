package db

import (
	"fmt"
	"strconv"
)

// Percentile is the value that the part p of all values is not above, p from 0
// to 1, NULL if there are none. Between two values it is interpolated, as
// PostgreSQL's percentile_cont does, on every engine. NULLs are left out.
//
//	Orders.Total.Percentile(0.95).To(&d.Most)
//
// It is for the results of [Into]. Engines without it number the rows of each
// group, so it costs them a sort.
func (c Num[T]) Percentile(p float64) NullNum[float64] { return real(c.percentile(p)) }

// Median is the value in the middle, or the mean of the two that are; see
// [Num.Percentile].
func (c Num[T]) Median() NullNum[float64] { return real(c.percentile(0.5)) }

// Variance is that of a sample, with the number of values less one below the
// line; NULL of less than two. It is for the results of [Into].
func (c Num[T]) Variance() NullNum[float64] { return real(c.variance("var_samp")) }

// StdDev is the standard deviation of a sample, the root of [Num.Variance].
func (c Num[T]) StdDev() NullNum[float64] { return real(c.variance("stddev_samp")) }

func real(x *expr) NullNum[float64] { return NullNum[float64]{Num[float64]{x.column()}} }

// groups is what a SELECT of groups knows of them.
type groups struct {
	conds []Cond
	dests []Dest
	extra []extra
}

// An extra is a value that each row has to have before the rows are grouped.
type extra struct {
	of    *expr
	part  string // of those that of needs
	name  string
	write func()
}

// extra returns the name of a value of each row, which write will write in a
// SELECT of the rows, and whose windows are over the groups' keys.
func (b *builder) extra(of *expr, part string, write func()) string {
	s := b.scope
	for _, e := range s.groups.extra {
		if e.part == part && sameColumn(e.of.column(), of.column()) {
			return s.name + "." + e.name
		}
	}
	b.again = true
	name := quote("_" + strconv.Itoa(len(s.groups.extra)))
	s.groups.extra = append(s.groups.extra, extra{of, part, name, write})
	return s.name + "." + name
}

// fromKeys writes FROM and WHERE of a SELECT of groups: the table, or, under
// the same name, its rows with some values more.
func (b *builder) fromKeys(s *scope) {
	if len(s.groups.extra) == 0 {
		b.from(s)
		b.where(s.groups.conds)
		return
	}
	b.write(" FROM (")
	rows := b.open(s.t)
	b.write("SELECT ", rows.name, ".*")
	for _, e := range s.groups.extra {
		b.write(", ")
		e.write()
		b.write(" AS ", e.name)
	}
	b.from(rows)
	b.where(s.groups.conds)
	b.close(rows)
	b.write(") AS ", s.name)
	s.from, s.args = len(b.sql), len(b.args)
}

// perGroup writes OVER the rows of the same group, in the order of c unless it
// is the zero Column, NULLs last.
func (b *builder) perGroup(dests []Dest, c Column) {
	b.write(" OVER (")
	word := "PARTITION BY "
	for _, d := range dests {
		if !d.col.aggregate() && !d.col.window() {
			b.write(word)
			b.column(d.col)
			word = ", "
		}
	}
	if c != (Column{}) {
		if word == ", " {
			b.write(" ")
		}
		b.write("ORDER BY ")
		b.column(c)
		b.write(" IS NULL, ")
		b.column(c)
	}
	b.write(")")
}

// inGroups returns what is known of the SELECT that b is in, nil and an error if it is
// none of groups.
func (b *builder) inGroups(what string) *groups {
	if b.scope == nil || b.scope.groups == nil {
		b.fail(misuse("A1506", "db: "+what+" outside of a result", "read it with db.Into"))
		return nil
	}
	return b.scope.groups
}

func (c Column) percentile(p float64) *expr {
	type id struct {
		c Column
		p float64
	}
	x := &expr{name: "percentile of " + c.String(), aggregate: true, null: true, id: id{c, p}}
	x.write = func(b *builder) {
		k := b.inGroups(x.name)
		if !(p >= 0 && p <= 1) {
			b.fail(misuse("A1506", fmt.Sprintf("db: percentile %v of %s", p, c), "name a part of all, from 0 to 1"))
		}
		switch {
		case k == nil:
		case b.engine() == "postgres":
			b.write("percentile_cont(")
			b.floatLiteral(p)
			b.write(") WITHIN GROUP (ORDER BY CAST(")
			b.column(c)
			b.write(" AS double precision))")
		default:
			b.percentile(k, x, c, p)
		}
	}
	return x
}

// percentile writes what percentile_cont is: with n values, numbered from 0,
// the one at p·(n−1), or between the two beside it.
func (b *builder) percentile(k *groups, x *expr, c Column, p float64) {
	place := func() { // p·(n−1)
		b.write("(")
		b.floatLiteral(p)
		b.write(" * (count(")
		b.column(c)
		b.write(")")
		b.perGroup(k.dests, Column{})
		b.write(" - 1))")
	}
	behind := b.extra(x, "behind", func() { // how far the row is behind the value below: 0 and 1 are wanted
		b.write("row_number()")
		b.perGroup(k.dests, c)
		b.write(" - 1 - floor(")
		place()
		b.write(")")
	})
	rest := b.extra(x, "rest", func() {
		place()
		b.write(" - floor(")
		place()
		b.write(")")
	})
	value := func(at string) {
		b.write("max(CASE WHEN ", behind, " = ", at, " THEN ")
		b.column(c)
		b.write(" END)")
	}
	b.write("(")
	value("0")
	b.write(" + max(", rest, ") * coalesce(")
	value("1")
	b.write(" - ")
	value("0")
	b.write(", 0e0))")
}

func (c Column) variance(function string) *expr {
	type id struct {
		c        Column
		function string
	}
	x := &expr{name: function + " of " + c.String(), aggregate: true, null: true, id: id{c, function}}
	x.write = func(b *builder) {
		k := b.inGroups(x.name)
		switch {
		case k == nil:
		case b.engine() == "postgres":
			b.write(function, "(CAST(")
			b.column(c)
			b.write(" AS double precision))")
		case b.engine() == "mariadb":
			b.write(function, "(")
			b.column(c)
			b.write(")")
		default:
			b.variance(k, x, c, function)
		}
	}
	return x
}

// variance writes the mean of the squares of what lies between each value and
// their mean: the usual sums of values and of their squares lose the digits
// that matter.
func (b *builder) variance(k *groups, x *expr, c Column, function string) {
	mean := b.extra(x, "mean", func() {
		b.write("avg(")
		b.column(c)
		b.write(")")
		b.perGroup(k.dests, Column{})
	})
	between := func() {
		b.write("(")
		b.column(c)
		b.write(" - ", mean, ")")
	}
	if function == "stddev_samp" {
		b.write("sqrt")
	}
	b.write("(sum(")
	between()
	b.write(" * ")
	between()
	b.write(") / nullif(count(")
	b.column(c)
	b.write(") - 1, 0))")
}
