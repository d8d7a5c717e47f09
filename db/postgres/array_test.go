package postgres_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/shelf"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// shelves returns a database with the table of package shelf.
func shelves(t *testing.T) (context.Context, *db.DB) {
	t.Helper()
	d := open(t, realdb.Postgres(t))
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: shelf.Models()})
	want.NoErr(t, err)
	plan, err := schema.Postgres{}.Plan(schema.Schema{}, ops)
	want.NoErr(t, err)
	for _, s := range plan.Statements {
		_, err := db.Exec(ctx, s)
		want.NoErr(t, err)
	}
	return ctx, d
}

var s = shelf.Shelfs

// ids returns the keys of the rows that cond finds.
func ids(t *testing.T, ctx context.Context, cond db.Cond) string {
	t.Helper()
	list, err := s.Where(cond).OrderBy(s.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	var got []int64
	for _, x := range list {
		got = append(got, x.ID)
	}
	return fmt.Sprint(got)
}

func TestArrays(t *testing.T) {
	t.Parallel()
	ctx, _ := shelves(t)
	full := &shelf.Shelf{
		Tags: []string{"noir", "", "NULL", `a"b\c`, "{x,y}", " ä 👾\n", "noir"}, Pages: []int64{0, -1, math.MaxInt64, math.MinInt64},
		Weights: []float64{0.1, -2, math.MaxFloat64, math.SmallestNonzeroFloat64}, Lent: []bool{true, false},
		Days: []time.Time{
			time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 23, 59, 59, 123456000, time.UTC),
			time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		}, Notes: &[]string{"x"},
	}
	bare := &shelf.Shelf{}
	want.NoErr(t, s.Insert(ctx, full, bare))
	got, err := s.Get(ctx, full.ID)
	want.NoErr(t, err)
	want.Equal(t, got, full)
	got, err = s.Get(ctx, bare.ID)
	want.NoErr(t, err)
	want.Equal(t, got, &shelf.Shelf{ID: bare.ID, Tags: []string{}, Pages: []int64{}, Weights: []float64{}, Lent: []bool{}, Days: []time.Time{}})
	for _, test := range []struct {
		name string
		cond db.Cond
		want string
	}{
		{"contains one", s.Tags.Contains("noir"), "[1]"}, {"contains some", s.Tags.Contains("{x,y}", "NULL"), "[1]"},
		{"contains too many", s.Tags.Contains("noir", "gone"), "[]"}, {"contains none", s.Tags.Contains(), "[1 2]"},
		{"contained", s.Lent.ContainedBy(true, false), "[1 2]"}, {"contained by less", s.Lent.ContainedBy(true), "[2]"},
		{"overlaps", s.Pages.Overlaps(5, -1), "[1]"}, {"overlaps none", s.Pages.Overlaps(), "[]"},
		{"time", s.Days.Contains(full.Days[1]), "[1]"}, {"float", s.Weights.Contains(0.1), "[1]"},
		{"equal", s.Tags.Eq(full.Tags), "[1]"}, {"empty", s.Tags.Eq(nil), "[2]"},
		{"length", s.Tags.Len().Eq(7), "[1]"}, {"length 0", s.Tags.Len().Eq(0), "[2]"},
		{"null", s.Notes.IsNull(), "[2]"}, {"not null", s.Notes.NotNull(), "[1]"}, {"not", db.Not(s.Tags.Contains("noir")), "[2]"},
	} {
		if got := ids(t, ctx, test.cond); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	_, err = s.Where(s.ID.Eq(bare.ID)).Update(ctx, s.Tags.Append("a", "b"), s.Pages.Set([]int64{1, 2, 1}), s.Notes.Append("n"), s.Days.Append(full.Days[1]))
	want.NoErr(t, err)
	_, err = s.Where(s.ID.Eq(bare.ID)).Update(ctx, s.Tags.Append("c"), s.Pages.Remove(1), s.Lent.Append())
	want.NoErr(t, err)
	got, err = s.Get(ctx, bare.ID)
	want.NoErr(t, err)
	want.Equal(t, got, &shelf.Shelf{
		ID: bare.ID, Tags: []string{"a", "b", "c"}, Pages: []int64{2}, Weights: []float64{}, Lent: []bool{}, Days: full.Days[1:2], Notes: &[]string{"n"},
	})
}

func TestArraysRefused(t *testing.T) {
	t.Parallel()
	ctx, _ := shelves(t)
	for name, x := range map[string]*shelf.Shelf{
		"UTF-8": {Tags: []string{"a", "\xff"}}, "NUL": {Tags: []string{"\x00"}}, "NaN": {Weights: []float64{math.NaN()}},
		"year": {Days: []time.Time{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}},
	} {
		if err := s.Insert(ctx, x); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: got %v, want an error of the kind invalid", name, err)
		}
	}
	x := &shelf.Shelf{}
	want.NoErr(t, s.Insert(ctx, x))
	for text, part := range map[string]string{"{NULL}": "one of its values is NULL", "{{1,2}}": "several dimensions", "[3:4]={a,b}": ""} {
		_, err := db.Exec(ctx, "UPDATE shelfs SET tags = ?::text[]", text)
		want.NoErr(t, err)
		got, err := s.Get(ctx, x.ID)
		switch {
		case part == "" && err == nil:
			want.Equal(t, got.Tags, []string{"a", "b"})
		case part == "" || err == nil || !strings.Contains(err.Error(), part):
			t.Errorf("%s: got %v, want %q", text, err, part)
		}
	}
}

// TestArraysInspected: what is read from the database is what was written.
func TestArraysInspected(t *testing.T) {
	t.Parallel()
	ctx, d := shelves(t)
	var got schema.Schema
	want.NoErr(t, d.WithConn(ctx, func(c db.Conn) (err error) {
		got, err = migrate.Postgres{}.Inspect(ctx, c)
		return err
	}))
	ops, err := schema.Diff(got, schema.Schema{Tables: shelf.Models()})
	want.NoErr(t, err)
	want.Equal(t, len(ops), 0)
}
