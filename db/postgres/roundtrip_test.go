package postgres_test

import (
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// BenchmarkRoundTrips reads 20 rows by 20 queries, one after the other and in one
// round trip:
//
//	go test -run '^$' -bench RoundTrips -count 6 ./db/postgres
func BenchmarkRoundTrips(b *testing.B) {
	d := open(b, realdb.Postgres(b))
	ctx := db.NewContext(b.Context(), d)
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	want.NoErr(b, err)
	plan, err := schema.Postgres{}.Plan(schema.Schema{}, ops)
	want.NoErr(b, err)
	for _, sql := range plan.Statements {
		_, err := db.Exec(ctx, sql)
		want.NoErr(b, err)
	}
	tags := make([]*reel.Tag, 20)
	for i := range tags {
		tags[i] = &reel.Tag{Name: fmt.Sprint(i)}
	}
	want.NoErr(b, reel.Tags.Insert(ctx, tags...))
	b.Run("one_by_one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, tag := range tags {
				if _, err := reel.Tags.Get(ctx, tag.ID); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("batch", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read := make([]*reel.Tag, len(tags))
			parts := make([]db.Part, len(tags))
			for i, tag := range tags {
				parts[i] = reel.Tags.Where(reel.Tags.ID.Eq(tag.ID)).FirstTo(&read[i])
			}
			if err := db.Batch(ctx, parts...); err != nil {
				b.Fatal(err)
			}
		}
	})
}
