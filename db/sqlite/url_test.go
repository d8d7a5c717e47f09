package sqlite_test

import (
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// FuzzURL: every URL is refused with its reason or gives a pool, and nothing
// is opened yet.
func FuzzURL(f *testing.F) {
	for _, path := range []string{"reel.db", ":memory:", "///srv/reel.db", "//srv/reel.db", "", "a?b=c", "a\x00b", "file:x", "///"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		pool, err := sqlite.Driver.Open(engine.Options{URL: "sqlite:" + path, MaxReaders: 1})
		if err != nil {
			want.Contains(t, err.Error(), "db.Config.URL: ")
			return
		}
		if path == "" || strings.ContainsAny(path, "?\x00") {
			t.Errorf("%q: got no error", path)
		}
		want.NoErr(t, pool.Close())
	})
}
