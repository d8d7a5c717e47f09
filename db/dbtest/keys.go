package dbtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// refunded stores lines of two orders for the films a and b, so that each
// column of a line's key is that of another line too. Their quantities are
// 11, 12 and 21; the second has two refunds and the third has one. Two more
// refunds belong to no line: one half of its key, or both, is NULL.
func refunded(t *testing.T, ctx context.Context) (lines []*reel.OrderLine, refunds []*reel.Refund) {
	t.Helper()
	films := insert(t, ctx, "a", "b")
	orders := []*reel.Order{{Placed: day(2026, 1, 1)}, {Placed: day(2026, 1, 2)}}
	want.NoErr(t, reel.Orders.Insert(ctx, orders...))
	lines = []*reel.OrderLine{
		{OrderID: orders[0].ID, FilmID: films[0].ID, Quantity: 11},
		{OrderID: orders[0].ID, FilmID: films[1].ID, Quantity: 12},
		{OrderID: orders[1].ID, FilmID: films[0].ID, Quantity: 21},
	}
	want.NoErr(t, reel.OrderLines.Insert(ctx, lines...))
	refunds = []*reel.Refund{
		{OrderID: &orders[0].ID, FilmID: &films[1].ID, Pieces: 1},
		{OrderID: &orders[0].ID, FilmID: &films[1].ID, Pieces: 2},
		{OrderID: &orders[1].ID, FilmID: &films[0].ID, Pieces: 3},
		{OrderID: &orders[0].ID, Pieces: 4},
		{Pieces: 5},
	}
	want.NoErr(t, reel.Refunds.Insert(ctx, refunds...))
	return lines, refunds
}

// quantities returns the quantities of the lines that q finds.
func quantities(t *testing.T, ctx context.Context, q *db.Query[*reel.OrderLine]) string {
	t.Helper()
	list, err := q.OrderBy(reel.OrderLines.Quantity.Asc()).All(ctx)
	want.NoErr(t, err)
	out := []int{}
	for _, l := range list {
		out = append(out, l.Quantity)
	}
	return fmt.Sprint(out)
}

// pieces returns those of the refunds that q finds.
func pieces(t *testing.T, ctx context.Context, q *db.Query[*reel.Refund]) string {
	t.Helper()
	list, err := q.OrderBy(reel.Refunds.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	return fmt.Sprint(piecesOf(list))
}

func piecesOf(refunds []*reel.Refund) []int {
	list := []int{}
	for _, r := range refunds {
		list = append(list, r.Pieces)
	}
	return list
}

// testCompositeLoad: rows are loaded by all columns of a key together.
func testCompositeLoad(t *testing.T, ctx context.Context) {
	lines, _ := refunded(t, ctx)
	r, l := reel.Refunds, reel.OrderLines
	list, err := r.OrderBy(r.ID.Asc()).With(r.Line(), r.Line().Film()).All(ctx)
	want.NoErr(t, err)
	got := []string{}
	for _, refund := range list {
		if refund.Line == nil {
			got = append(got, "none")
			continue
		}
		got = append(got, fmt.Sprint(refund.Line.Quantity, refund.Line.Film.Slug))
	}
	want.Equal(t, got, []string{"12b", "12b", "21a", "none", "none"})
	want.Equal(t, list[0].Line == list[1].Line, true) // rows of the same row share it

	for name, test := range map[string]struct {
		rel  db.Rel
		want string
	}{
		"all":     {l.Refunds(), "[] [1 2] [3]"},
		"ordered": {l.Refunds().OrderBy(r.Pieces.Desc()), "[] [2 1] [3]"},
		"top":     {l.Refunds().OrderBy(r.Pieces.Desc()).Limit(1), "[] [2] [3]"},
		"chosen":  {l.Refunds().Where(r.Pieces.GT(1)), "[] [2] [3]"},
	} {
		want.NoErr(t, db.Load(ctx, lines, test.rel))
		got := fmt.Sprint(piecesOf(lines[0].Refunds), piecesOf(lines[1].Refunds), piecesOf(lines[2].Refunds))
		if got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	none, err := lines[0].LoadedRefunds()
	want.NoErr(t, err)
	want.Equal(t, len(none), 0)
}

// testCompositeConditions: rows are joined by all columns of a key together.
func testCompositeConditions(t *testing.T, ctx context.Context) {
	lines, refunds := refunded(t, ctx)
	r, l := reel.Refunds, reel.OrderLines
	want.Equal(t, pieces(t, ctx, r.Where(r.Line().Quantity.Eq(12))), "[1 2]")
	want.Equal(t, pieces(t, ctx, r.Where(r.Line().Film().Slug.Eq("a"))), "[3]")
	want.Equal(t, pieces(t, ctx, r.Where(db.Or(r.Line().Quantity.Eq(21), r.Pieces.GT(3)))), "[3 4 5]") // keeps rows without a line
	want.Equal(t, quantities(t, ctx, l.Where(l.Refunds().Any())), "[12 21]")
	want.Equal(t, quantities(t, ctx, l.Where(l.Refunds().None())), "[11]")
	want.Equal(t, quantities(t, ctx, l.Where(l.Refunds().Any(r.Pieces.Eq(3)))), "[21]")
	want.Equal(t, quantities(t, ctx, l.Where(l.Refunds().Count().Eq(2))), "[12]")
	want.Equal(t, quantities(t, ctx, l.Where(r.Pieces.Sum().Of(l.Refunds()).Eq(3))), "[12 21]")
	want.Equal(t, quantities(t, ctx, db.Union(l.Where(l.Quantity.Eq(11)), l.Where(l.Refunds().Any(r.Pieces.Eq(1))))), "[11 12]")

	// What is written chooses by them too, and by the key of the table itself.
	n, err := l.Where(l.Film().Slug.Eq("a"), l.Refunds().None()).Update(ctx, l.Quantity.Set(10))
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	want.Equal(t, quantities(t, ctx, l.Where()), "[10 12 21]")
	n, err = r.Where(r.Line().Quantity.Eq(12)).Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 2)
	want.Equal(t, pieces(t, ctx, r.Where()), "[3 4 5]")

	// Both columns are those of lines, but of no line together.
	err = r.Insert(ctx, &reel.Refund{OrderID: &lines[2].OrderID, FilmID: &lines[1].FilmID})
	var broken *db.ConstraintError
	want.Equal(t, errors.As(err, &broken) && broken.Kind == engine.ForeignKey, true)
	want.Err(t, l.Delete(ctx, lines[2]), errs.Conflict) // a refund holds it
	want.NoErr(t, r.Delete(ctx, refunds[2]))
	want.NoErr(t, l.Delete(ctx, lines[2]))
	want.Equal(t, quantities(t, ctx, l.Where()), "[10 12]")
}
