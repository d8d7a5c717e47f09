package dbtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// testJSONPaths: what stands in JSON is the same on all engines.
func testJSONPaths(t *testing.T, ctx context.Context) {
	p := reel.Patients
	for _, text := range []*string{
		new(`{"a": {"b": true}, "n": 2, "t": "x"}`), new(`{"a": {"b": false}, "n": 10, "t": "true"}`), new(`{"a": {"b": null}, "n": 1.5}`),
		new(`{"a": {"b": "true"}, "t": null}`), new(`{"a": {"b": 1}}`), new(`[]`), new(`null`), nil,
	} {
		want.NoErr(t, p.Insert(ctx, &reel.Patient{}))
		_, err := db.Exec(ctx, "UPDATE patients SET attrs = ? WHERE attrs IS NULL AND id = (SELECT * FROM (SELECT max(id) FROM patients) AS last)", text)
		want.NoErr(t, err)
	}
	for _, test := range []struct {
		name string
		q    *db.Query[*reel.Patient]
		want string
	}{
		{"Bool true", p.Where(p.Attrs.Bool("a.b").Eq(true)), "[1]"},
		{"Bool false", p.Where(p.Attrs.Bool("a.b").Eq(false)), "[2]"},
		{"Bool NULL", p.Where(p.Attrs.Bool("a.b").IsNull()), "[3 4 5 6 7 8]"},
		{"Has", p.Where(p.Attrs.Has("a.b")), "[1 2 3 4 5]"},
		{"Not Has", p.Where(db.Not(p.Attrs.Has("t"))), "[3 5 6 7 8]"},
		{"Text", p.Where(p.Attrs.Text("t").Eq("true")), "[2]"},
		{"Text NULL", p.Where(p.Attrs.Text("t").IsNull()), "[3 4 5 6 7 8]"},
		{"Float", p.Where(p.Attrs.Float("n").GT(1.6)), "[1 2]"},
		{"order", p.Where(p.Attrs.Float("n").NotNull()).OrderBy(p.Attrs.Float("n").Desc()), "[2 1 3]"},
		{"no column", p.Where(p.Attrs.IsNull()), "[8]"},
	} {
		rows, err := test.q.OrderBy(p.ID.Asc()).Count(ctx)
		want.NoErr(t, err)
		ids, err := db.Into(test.q.OrderBy(p.ID.Asc()), func(id *int64) []db.Dest { return []db.Dest{p.ID.To(id)} }).All(ctx)
		want.NoErr(t, err)
		if got := fmt.Sprint(ids); got != test.want || rows != int64(len(ids)) {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
