package postgres_test

import (
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/dbtest"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

func open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: url, Keys: dbtest.Keys}, postgres.Driver)
	want.NoErr(t, err)
	return d
}

func TestSuite(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, schema.Postgres{}, func(t *testing.T) *db.DB { return open(t, realdb.Postgres(t)) })
}

func TestSuiteBehindPgBouncer(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, schema.Postgres{}, func(t *testing.T) *db.DB { return open(t, realdb.Postgres(t)+"?pgbouncer=true") })
}
