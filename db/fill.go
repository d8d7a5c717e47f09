package db

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// A series is what a Bucket or a Bin is one of: values without a gap.
type series interface {
	// values returns all of them, those that were found and those between,
	// false if there are more than most.
	values(found []engine.Value, most int) ([]engine.Value, bool)
	// key is the same for values that mean the same.
	key(engine.Value) int64
}

// maxFill is how many rows Fill makes at most: its bounds may come from a
// visitor.
const maxFill = 100_000

// Fill adds a row for each [Bucket] of a span, or each bin between the first
// and the last, in which there are no rows. Its counts and sums are 0, all else
// is NULL. Where the result has other keys as well, each of their combinations
// that is in the result has all buckets.
//
// Rows are sorted by the bucket, descending if the first OrderBy says so, and
// within it as they were. More than 100,000 rows are an error of the kind
// errs.Invalid. Fill goes with no Having, Limit, Offset or Top, which leave
// rows out on purpose, and with no window functions, which it would come too
// late for.
func (g *Grouped[D]) Fill() *Grouped[D] {
	c := *g.g
	c.fill = true
	return &Grouped[D]{&c, g.bind}
}

// seriesOf returns which of dests is a bucket or a bin.
func (g *grouping) seriesOf(dests []Dest) (at int, err error) {
	at = -1
	for i, d := range dests {
		switch {
		case d.col.window():
			return at, g.fillMisuse("with "+d.col.String(), "leave the window function to the code that reads the rows")
		case d.col.x == nil || d.col.x.series == nil:
		case at >= 0:
			return at, g.fillMisuse("with two buckets", "read one Bucket or one Bin")
		default:
			at = i
		}
	}
	switch {
	case at < 0:
		return at, g.fillMisuse("without a bucket", "read one, such as Orders.PlacedAt.Span(from, to).Day()")
	case len(g.having) > 0 || g.q.limited || g.q.offset > 0 || g.top > 0:
		return at, g.fillMisuse("with Having, Limit, Offset or Top", "leave rows out, or fill gaps")
	}
	return at, nil
}

func (g *grouping) fillMisuse(what, mend string) error {
	return misuse("A1506", fmt.Sprintf("db: Fill of a result of %s %s", g.q.t.def.Name, what), mend)
}

// filled returns rows with those that are missing.
func (g *grouping) filled(rows [][]engine.Value, dests []Dest) ([][]engine.Value, error) {
	at, err := g.seriesOf(dests)
	if err != nil {
		return nil, err
	}
	line := dests[at].col.x.series
	found := make([]engine.Value, 0, len(rows))
	for _, row := range rows {
		if row[at].Kind() != engine.KindNull {
			found = append(found, row[at])
		}
	}
	values, ok := line.values(found, maxFill)
	groups := groupsOf(rows, dests, at, line)
	if !ok || len(values)*len(groups) > maxFill {
		return nil, &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("db: fill a result of %s: more than %d rows", g.q.t.def.Name, maxFill)}
	}
	if o := g.q.order; len(o) > 0 && o[0].desc && sameColumn(o[0].col, dests[at].col) {
		slices.Reverse(values)
	}
	list := make([][]engine.Value, 0, len(values)*len(groups))
	for _, v := range values {
		for _, group := range groups {
			row, ok := group.rows[line.key(v)]
			if !ok {
				row = group.empty(v, dests, at)
			}
			list = append(list, row)
		}
	}
	return list, nil
}

// A filling is the rows that have the same keys beside the bucket.
type filling struct {
	first []engine.Value           // of them, which has the keys
	rows  map[int64][]engine.Value // by the key of the bucket
}

// groupsOf returns rows by their other keys, in the order in which these come.
// A result without others is one group, even without a row.
func groupsOf(rows [][]engine.Value, dests []Dest, at int, line series) []*filling {
	var list []*filling
	by := map[string]*filling{}
	for _, row := range rows {
		if row[at].Kind() == engine.KindNull {
			continue // of no bucket
		}
		var key strings.Builder
		for i, d := range dests {
			if i != at && !d.col.aggregate() {
				key.WriteString(row[i].String())
				key.WriteByte(0)
			}
		}
		group := by[key.String()]
		if group == nil {
			group = &filling{first: row, rows: map[int64][]engine.Value{}}
			by[key.String()] = group
			list = append(list, group)
		}
		group.rows[line.key(row[at])] = row
	}
	if len(list) == 0 && !slices.ContainsFunc(dests, func(d Dest) bool { return !d.col.aggregate() && d.col != dests[at].col }) {
		list = append(list, &filling{})
	}
	return list
}

// empty returns the row of a bucket without rows.
func (f *filling) empty(bucket engine.Value, dests []Dest, at int) []engine.Value {
	row := make([]engine.Value, len(dests))
	for i, d := range dests {
		switch {
		case i == at:
			row[i] = bucket
		case !d.col.aggregate():
			row[i] = f.first[i]
		case d.col.x.empty != nil:
			row[i] = *d.col.x.empty
		case !d.col.nullable():
			row[i] = engine.Int(0)
		}
	}
	return row
}
