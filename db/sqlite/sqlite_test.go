package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/dbtest"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

func open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: url, Keys: dbtest.Keys}, sqlite.Driver)
	want.NoErr(t, err)
	return d
}

func TestFile(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, schema.SQLite{}, func(t *testing.T) *db.DB {
		return open(t, "sqlite:"+filepath.Join(t.TempDir(), "reel.db"))
	})
}

func TestMemory(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, schema.SQLite{}, func(t *testing.T) *db.DB { return open(t, "sqlite::memory:") })
}
