package main

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
	"github.com/ashlar-go/ashlar/internal/want"
)

// eachDBMS runs a test on all of them that are installed.
func eachDBMS(t *testing.T, test func(t *testing.T, e dbms, at *host)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			at, err := e.start(t.TempDir())
			if err != nil {
				if os.Getenv("ASHLAR_TEST_SERVERS") == "required" {
					t.Fatal(err)
				}
				t.Skip(err)
			}
			t.Cleanup(at.close)
			test(t, e, at)
		})
	}
}

// All contenders read what is there; that check notices one who does not is
// tested by [TestCheck].
func TestReads(t *testing.T) {
	t.Parallel()
	eachDBMS(t, func(t *testing.T, e dbms, at *host) {
		for _, c := range contenders {
			l, err := newLane(t.Context(), &e, c, at)
			if err != nil {
				t.Fatalf("%s: %v", c.title, err)
			}
			want.NoErr(t, closeAll([]*lane{l}))
		}
	})
}

// What a contender writes, all others read as it was; nobody saves work by
// storing less.
func TestWrites(t *testing.T) {
	t.Parallel()
	eachDBMS(t, func(t *testing.T, e dbms, at *host) {
		url, err := at.create(t.Context(), "writes")
		want.NoErr(t, err)
		want.NoErr(t, e.seed(t.Context(), url))
		var stores []store
		for _, c := range contenders {
			s, err := c.open[e.name](url)
			want.NoErr(t, err)
			t.Cleanup(func() { want.NoErr(t, s.close()) })
			stores = append(stores, s)
		}
		for i, c := range contenders {
			t.Run(c.name, func(t *testing.T) { testWrites(t, stores[i], stores) })
		}
	})
}

// testWrites has one store write and all read.
func testWrites(t *testing.T, writer store, readers []store) {
	films := makeFilms(insertCount)
	want.NoErr(t, writer.insert(t.Context(), films))
	one := makeFilms(1)[0]
	want.NoErr(t, writer.insertOne(t.Context(), one))
	want.NoErr(t, writer.raise(t.Context(), one.ID, 9000))
	one.Price += 9000
	if one.ID != films[insertCount-1].ID+1 {
		t.Errorf("got key %d after %d, want the next", one.ID, films[insertCount-1].ID)
	}
	ids := []int64{8, 9, 7777}
	changed, err := writer.change(t.Context(), ids)
	want.NoErr(t, err)
	for _, r := range readers {
		for _, w := range append([]*Film{films[0], films[1], films[500], films[insertCount-1]}, one) {
			got, err := r.get(t.Context(), w.ID)
			want.NoErr(t, err)
			want.NoErr(t, same(got.film(), w))
		}
		stock, err := r.stock(t.Context())
		want.NoErr(t, err)
		want.Equal(t, stock[0], Stock{"Comedy", filmCount/5 + insertCount/5 + 1, one.Price})
		got, err := r.worlds(t.Context(), ids)
		want.NoErr(t, err)
		want.NoErr(t, sameJSON(got, changed))
	}
	want.NoErr(t, writer.trim(t.Context(), filmCount))
	if _, err := writer.get(t.Context(), one.ID); err == nil {
		t.Error("got a film after trim, want none")
	}
}

// brokenStore reads something else in one place.
type brokenStore struct {
	store
	how string
}

func (s brokenStore) get(ctx context.Context, id int64) (oneFilm, error) {
	f, err := s.store.get(ctx, id)
	if s.how == "get" {
		f.film().Rating = nil
	}
	return f, err
}

func (s brokenStore) list(ctx context.Context, genre string) (manyFilms, error) {
	l, err := s.store.list(ctx, genre)
	if s.how == "list" {
		l = ownFilms(l.films()[1:])
	}
	return l, err
}

func (s brokenStore) related(ctx context.Context, genre string) (manyFilms, error) {
	l, err := s.store.related(ctx, genre)
	if s.how == "related" {
		l.films()[7].Reviews = nil
	}
	return l, err
}

func (s brokenStore) stock(ctx context.Context) ([]Stock, error) {
	l, err := s.store.stock(ctx)
	if s.how == "stock" {
		l[0].Films--
	}
	return l, err
}

func (s brokenStore) change(ctx context.Context, ids []int64) (any, error) {
	if s.how == "change" {
		return s.store.worlds(ctx, ids)
	}
	return s.store.change(ctx, ids)
}

func (s brokenStore) fortunes(ctx context.Context) ([]*Fortune, error) {
	l, err := s.store.fortunes(ctx)
	if s.how == "fortunes" {
		l = l[1:]
	}
	return l, err
}

func TestCheck(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "check.db")
	want.NoErr(t, engines[0].seed(t.Context(), url))
	for _, how := range []string{"get", "list", "related", "stock", "fortunes", "change"} {
		s, err := openAshlar(url)
		want.NoErr(t, err)
		if err := check(t.Context(), brokenStore{s, how}); err == nil || !strings.Contains(err.Error(), how) && how != "related" {
			t.Errorf("%s: got error %v, want one about it", how, err)
		}
		want.NoErr(t, s.close())
	}
}

// All connections to SQLite have the settings that Ashlar sets.
func TestSettings(t *testing.T) {
	t.Parallel()
	d, err := openSQLite("sqlite:" + filepath.Join(t.TempDir(), "settings.db"))
	want.NoErr(t, err)
	defer d.Close()
	for pragma, w := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0"} {
		var got string
		want.NoErr(t, d.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		want.Equal(t, pragma+" "+got, pragma+" "+w)
	}
}

// One short round writes a page and a picture.
func TestRound(t *testing.T) {
	t.Parallel()
	r := &report{}
	o, err := parse([]string{"-rounds", "1", "-slice", "1ms", "-only", "sqlite"})
	want.NoErr(t, err)
	r.plan = o.plan
	want.NoErr(t, r.measure(t.Context(), o.choice))
	folder := t.TempDir()
	var out strings.Builder
	want.NoErr(t, r.publish(&out, folder))
	page, err := os.ReadFile(filepath.Join(folder, "RESULTS.md"))
	want.NoErr(t, err)
	want.Equal(t, string(page), out.String())
	for _, c := range contenders {
		want.Equal(t, strings.Count(out.String(), "| "+c.title+" |"), len(tasks)+headings[c.title])
	}
	picture, err := os.ReadFile(filepath.Join(folder, "results.svg"))
	want.NoErr(t, err)
	want.Contains(t, string(picture), "<svg ", "Ashlar", "Ent", "</svg>")
}

// headings is how often a name heads a column beside standing before a row.
var headings = map[string]int{"by hand": 1, "sqlc": 1, "Bun": 1, "GORM": 1, "Ent": 1}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-rounds 0", "-slice 11s", "more", "-unknown", "-only nobody"} {
		if err := run(t.Context(), strings.Fields(args), &strings.Builder{}); err == nil {
			t.Errorf("got no error for the arguments %q, want one", args)
		}
	}
	o, err := parse([]string{"-only", "mariadb,ent,get"})
	want.NoErr(t, err)
	want.Equal(t, len(o.choice.engines), 1)
	want.Equal(t, []string{o.choice.contenders[0].name, o.choice.contenders[1].name}, []string{"raw", "ent"})
	want.Equal(t, len(o.choice.tasks), 1)
	want.Equal(t, o.partly, true)
}

// The gate's table has the tasks of each engine, and no others.
func TestAllocationsTable(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		got := map[string]bool{}
		for name := range allocations[e.name] {
			got[name] = true
		}
		w := map[string]bool{}
		for _, task := range tasks {
			w[task.name] = true
		}
		if !reflect.DeepEqual(got, w) {
			t.Errorf("%s: got the tasks %v, want %v", e.name, got, w)
		}
	}
}

// The gate notices one allocation more, one fewer, and a ratio that is far off;
// many rows may differ by a little.
func TestGate(t *testing.T) {
	t.Parallel()
	made := func(allocs int, cpu float64) *report {
		series := func(allocs, cpu float64) *measure.Series {
			return &measure.Series{CPU: []float64{cpu}, Wall: []float64{1}, Allocs: []float64{allocs}, Bytes: []float64{0}}
		}
		return &report{sections: []section{{engine: engines[0], task: tasks[0], names: []string{"raw", ours, "bun"},
			results: []*measure.Series{series(50, 1), series(float64(allocs), cpu), series(50, 1)}}}}
	}
	allowed := allocations["sqlite"]["get"]
	for _, test := range []struct {
		allocs    int
		cpu       float64
		more, far int
		says      string
	}{
		{allowed, 0.9, 0, 0, "reached  sqlite, get against raw"},
		{allowed + 1, 1.5, 1, 0, "MORE     sqlite, get"},
		{allowed - 1, 1.5, 0, 0, "lower the table"},
		{allowed, 2.1, 0, 1, "FAR      sqlite, get against bun"},
		{allowed, 2.3, 0, 2, "FAR      sqlite, get against raw"},
	} {
		var b strings.Builder
		r := made(test.allocs, test.cpu)
		want.Equal(t, r.gateAllocations(&b), test.more)
		want.Equal(t, r.gateTargets(&b), test.far)
		want.Contains(t, b.String(), test.says)
	}
	direct, web := task{name: "get"}, task{name: "web-query"}
	want.Equal(t, []int{direct.slack(49), direct.slack(2000), web.slack(49)}, []int{0, 40, 1})
}

// A connection that was not used for a while is made anew before it is measured:
// servers close such.
func TestRefresh(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "refresh.db")
	want.NoErr(t, engines[0].seed(t.Context(), url))
	s, err := openAshlar(url)
	want.NoErr(t, err)
	l, err := openSite(t.Context(), s)
	want.NoErr(t, err)
	defer closeAll([]*lane{{store: s, web: l}})
	before := l.client.conn
	want.NoErr(t, l.client.refresh())
	if l.client.conn != before {
		t.Error("got a new connection for one that was just used, want the same")
	}
	l.client.last = l.client.last.Add(-time.Minute)
	want.NoErr(t, before.Close())
	want.NoErr(t, l.client.refresh())
	want.NoErr(t, l.client.ask(requestFor("/world")))
}
