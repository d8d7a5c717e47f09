package dbstore_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/dbstore"
	"github.com/ashlar-go/ashlar/session/sessiontest"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func migrator() *migrate.Migrator {
	return migrate.New(os.DirFS("."), migrate.SQLite{}, func() time.Time { return now }, migrate.Config{})
}

// database returns a context with a database that the package's own migration
// made.
func database(t *testing.T) context.Context {
	t.Helper()
	d, err := db.Open(db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "test.db"), Synchronous: "normal",
		BusyTimeout: time.Minute}, sqlite.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	_, err = migrator().Up(t.Context(), d)
	want.NoErr(t, err)
	return db.NewContext(t.Context(), d)
}

func TestSuite(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, sessiontest.Server, func(t *testing.T) (context.Context, session.Driver) {
		return database(t), dbstore.Driver{}
	})
}

func TestMigrationFitsModel(t *testing.T) {
	t.Parallel()
	want.NoErr(t, migrator().CheckModels(schema.Schema{Tables: dbstore.Models()}))
}

// Nothing in the table is worth stealing: the cookie is not in it.
func TestCookieIsNotStored(t *testing.T) {
	t.Parallel()
	ctx := database(t)
	c := session.Change{Record: session.Record{Ref: keys.Token(16), CSRF: make([]byte, 16), Created: now, Seen: now,
		Expires: now.Add(time.Hour), Values: session.Values{"a": []byte("1")}}, Touched: []string{"a"}}
	cookie, err := dbstore.Driver{}.Save(ctx, "", c, now)
	want.NoErr(t, err)
	row, err := dbstore.Sessions.Get(ctx, c.Record.Ref)
	want.NoErr(t, err)
	want.Equal(t, len(cookie), 43) // 256 bits
	want.Equal(t, row.Data, `{"a":1}`)
	want.Equal(t, len(row.Hash), 64)
	for _, text := range []string{row.Ref, row.Hash, row.Data} {
		if strings.Contains(text, cookie) || strings.Contains(cookie, text) {
			t.Errorf("got %q in the row, want no trace of the cookie %q", text, cookie)
		}
	}
	// Neither opens the session.
	for _, text := range []string{row.Ref, row.Hash} {
		_, err = dbstore.Driver{}.Load(ctx, text, now)
		want.Err(t, err, session.ErrNone)
	}
}

// Without a database the error says what is missing.
func TestNoDatabase(t *testing.T) {
	t.Parallel()
	_, err := dbstore.Driver{}.Load(t.Context(), "x", now)
	if err == nil {
		t.Fatal("got no error, want one that names db.Module")
	}
	want.Contains(t, err.Error(), "db.Module")
}
