package db_test

import (
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// BenchmarkRows is what a get, a list and an insert of many rows cost on
// SQLite, for comparing this package with its past self; bench/db compares it
// with others.
//
//	go test -run '^$' -bench Rows -count 10 ./db
func BenchmarkRows(b *testing.B) {
	ctx := open(b, db.Config{})
	var films []*reel.Film
	for i := range 1000 {
		films = append(films, &reel.Film{Title: fmt.Sprint("The film with the number ", i), Slug: fmt.Sprint("slug-", i), Price: reel.Cents(500 + i)})
	}
	want.NoErr(b, reel.Films.Insert(ctx, films...))
	f := reel.Films
	b.Run("get", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Get(ctx, 77); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list100", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if list, err := f.Where(f.Price.GTE(600)).OrderBy(f.ID.Asc()).Limit(100).All(ctx); err != nil || len(list) != 100 {
				b.Fatal(len(list), err)
			}
		}
	})
	n := 0
	b.Run("insert100", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tags := make([]*reel.Tag, 100)
			for i := range tags {
				n++
				tags[i] = &reel.Tag{Name: fmt.Sprint(n)}
			}
			want.NoErr(b, reel.Tags.Insert(ctx, tags...))
		}
	})
}
