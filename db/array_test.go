package db_test

import (
	"path/filepath"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/shelf"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestArrayOnSQLite: what only PostgreSQL does says so.
func TestArrayOnSQLite(t *testing.T) {
	t.Parallel()
	_, err := shelf.Shelfs.Where(shelf.Shelfs.Tags.Contains("noir")).Count(openURL(t, db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db")}))
	if err == nil {
		t.Fatal("got no error")
	}
	want.Contains(t, err.Error(), "arrays are PostgreSQL's")
}
