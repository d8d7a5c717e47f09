package seed_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/seed"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// insert is a seed that adds a row unless it is there.
func insert(name string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := db.Exec(ctx, "INSERT INTO a (name) VALUES (?) ON CONFLICT DO NOTHING", name)
		return err
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	url := "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "a.db")
	run := func(env string, args ...string) (string, error) {
		app := ashlar.New(ashlartest.Config(url, "ASHLAR_ENV="+env, "ASHLAR_HOSTS=example.com"), db.Module(db.Config{}, sqlite.Driver), seed.Module(),
			ashlar.Module{Name: "a", Setup: func(s *ashlar.Setup) error {
				s.Add(seed.Seed{Name: "one", Run: insert("one")})
				s.Add(seed.Seed{Name: "sample", Run: insert("sample"), Sample: true})
				s.Add(seed.Seed{Name: "broken", Run: func(ctx context.Context) error {
					return errors.Join(insert("broken")(ctx), errors.New("no more"))
				}})
				return nil
			}})
		ctx := app.Context(t.Context())
		var out strings.Builder
		err := app.Run(ctx, args, &out)
		return out.String(), err
	}
	d, err := db.Open(db.Config{URL: strings.TrimPrefix(url, "DATABASE_URL=")}, sqlite.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	_, err = db.Exec(ctx, "CREATE TABLE a (name TEXT PRIMARY KEY)")
	want.NoErr(t, err)

	for range 2 { // the second time changes nothing
		out, err := run("production", "seed")
		want.Contains(t, out, "seeded one (")
		want.Equal(t, strings.Contains(out, "sample"), false)
		want.Contains(t, fmt.Sprint(err), "seed broken: no more")
	}
	names, err := db.SQL[string](ctx, "SELECT name FROM a ORDER BY name")
	want.NoErr(t, err)
	want.Equal(t, names, []string{"one"})
	_, err = run("production", "seed", "sample")
	want.Contains(t, fmt.Sprint(err), "seed sample: is a sample, which does not run in production")
	_, err = run("development", "seed", "sample", "two")
	want.Contains(t, fmt.Sprint(err), `no seed "two"; there are one, sample, broken`)
	out, err := run("development", "seed", "sample")
	want.NoErr(t, err)
	want.Equal(t, strings.Contains(out, "one"), false)
	names, err = db.SQL[string](ctx, "SELECT name FROM a ORDER BY name")
	want.NoErr(t, err)
	want.Equal(t, names, []string{"one", "sample"})
}

func TestSeedNames(t *testing.T) {
	t.Parallel()
	for message, seeds := range map[string][]seed.Seed{
		`seed "a b": needs a name of one word`: {{Name: "a b", Run: insert("x")}},
		`seed "a": needs a name of one word`:   {{Name: "a"}},
		`seed "a": is there twice`:             {{Name: "a", Run: insert("x")}, {Name: "a", Run: insert("x")}},
	} {
		app := ashlar.New(ashlartest.Config("DATABASE_URL=sqlite::memory:"), db.Module(db.Config{}, sqlite.Driver), seed.Module(),
			ashlar.Module{Name: "a", Setup: func(s *ashlar.Setup) error {
				for _, one := range seeds {
					s.Add(one)
				}
				return nil
			}})
		want.Contains(t, fmt.Sprint(app.Check(t.Context())), message)
	}
}
