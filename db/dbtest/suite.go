package dbtest

import (
	"context"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/want"
)

// tests are those of the suite; each has a database of its own.
var tests = []struct {
	name string
	run  func(t *testing.T, ctx context.Context)
}{
	{"Values", testValues},
	{"Texts", testTexts},
	{"RefusedValues", testRefusedValues},
	{"Nulls", testNulls},
	{"Numbers", testNumbers},
	{"Conditions", testConditions},
	{"Windows", testWindows},
	{"Distinct", testDistinct},
	{"Joins", testJoins},
	{"RelatedConditions", testRelatedConditions},
	{"With", testWith},
	{"WithMany", testWithMany},
	{"CompositeLoad", testCompositeLoad},
	{"CompositeConditions", testCompositeConditions},
	{"Tree", testTree},
	{"Secrets", testSecrets},
	{"JSONPaths", testJSONPaths},
	{"Search", testSearch},
	{"SearchKept", testSearchKept},
	{"Into", testInto},
	{"Groups", testGroups},
	{"UnionInto", testUnionInto},
	{"Sources", testSources},
	{"Over", testOver},
	{"Batch", testBatch},
	{"BatchWrites", testBatchWrites},
	{"Buckets", testBuckets},
	{"Statistics", testStatistics},
	{"Top", testTop},
	{"Shares", testShares},
	{"Histogram", testHistogram},
	{"Pages", testPages},
	{"Locks", testLocks},
	{"EachStops", testEachStops},
	{"EachWrites", testEachWrites},
	{"Types", testTypes},
	{"Roles", testRoles},
	{"SoftDelete", testSoftDelete},
	{"Hooks", testHooks},
	{"FieldErrors", testFieldErrors},
	{"Upsert", testUpsert},
	{"UpsertOtherKey", testUpsertOtherKey},
	{"UpsertTogether", testUpsertTogether},
	{"UpsertVersion", testUpsertVersion},
	{"FindOrCreate", testFindOrCreate},
	{"FindDeleted", testFindDeleted},
	{"ForeignKeys", testForeignKeys},
	{"DeleteRows", testDeleteRows},
	{"InsertMany", testInsertMany},
	{"InsertIsWhole", testInsertIsWhole},
	{"Import", testImport},
	{"ImportIsWhole", testImportIsWhole},
	{"ImportTypes", testImportTypes},
	{"KeysByHand", testKeysByHand},
	{"Save", testSave},
	{"Update", testUpdate},
	{"Delete", testDelete},
	{"Keys", testKeys},
	{"Constraints", testConstraints},
	{"SQL", testSQL},
	{"ReadersCannotWrite", testReadersCannotWrite},
	{"TxCommit", testTxCommit},
	{"TxRollback", testTxRollback},
	{"TxPanic", testTxPanic},
	{"TxOptions", testTxOptions},
	{"TxNested", testTxNested},
	{"TxCancelled", testTxCancelled},
	{"TxInterrupted", testTxInterrupted},
	{"TxEnded", testTxEnded},
	{"TxGoroutines", testTxGoroutines},
	{"Writers", testWriters},
	{"Cancelled", testCancelled},
	{"ConnReset", testConnReset},
	{"Closed", testClosed},
}

// Run runs the suite. open returns a database without tables that no other test
// uses, with [Keys]; dialect writes its DDL. Databases are closed by the suite.
func Run(t *testing.T, dialect schema.Dialect, open func(t *testing.T) *db.DB) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			t.Cleanup(func() { want.NoErr(t, d.Close()) })
			ctx := db.NewContext(t.Context(), d)
			create(t, ctx, d, dialect)
			test.run(t, ctx)
		})
	}
}

// create makes the tables of the models.
func create(t *testing.T, ctx context.Context, d *db.DB, dialect schema.Dialect) {
	t.Helper()
	want.NoErr(t, makeTables(ctx, d, dialect))
}

func makeTables(ctx context.Context, d *db.DB, dialect schema.Dialect) error {
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	if err != nil {
		return err
	}
	plan, err := dialect.Plan(schema.Schema{}, ops)
	if err != nil {
		return err
	}
	return d.WithConn(ctx, func(c db.Conn) error {
		for _, sql := range plan.Statements {
			if _, err := c.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// film returns a film that breaks no constraint; slug tells it from others.
func film(slug string) *reel.Film {
	return &reel.Film{
		Title: "Film " + slug, Slug: slug, Price: 500, Stock: 3, InShop: true,
		Poster: []byte{}, CreatedAt: day(2026, 11, 22),
	}
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// insert stores films with these slugs.
func insert(t *testing.T, ctx context.Context, slugs ...string) []*reel.Film {
	t.Helper()
	var films []*reel.Film
	for _, s := range slugs {
		films = append(films, film(s))
	}
	want.NoErr(t, reel.Films.Insert(ctx, films...))
	return films
}

// slugs returns the slugs of the films that q finds.
func slugs(t *testing.T, ctx context.Context, q *db.Query[*reel.Film]) []string {
	t.Helper()
	films, err := q.All(ctx)
	want.NoErr(t, err)
	list := []string{}
	for _, f := range films {
		list = append(list, f.Slug)
	}
	return list
}

func count(t *testing.T, ctx context.Context) int64 {
	t.Helper()
	n, err := reel.Films.Count(ctx)
	want.NoErr(t, err)
	return n
}
