package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// openEach returns each contender's store, seeded, by its name.
func openEach(t *testing.T) map[string]store {
	t.Helper()
	stores, closeAll, err := openAll(t.Context(), t.TempDir())
	t.Cleanup(func() { want.NoErr(t, closeAll()) })
	want.NoErr(t, err)
	byName := map[string]store{}
	for i, c := range contenders {
		byName[c.name] = stores[i]
	}
	return byName
}

// All contenders read the same.
func TestReads(t *testing.T) {
	t.Parallel()
	seeded := makeFilms(filmCount)
	for name, s := range openEach(t) {
		for _, id := range []int64{1, 2, 4, filmCount} {
			got, err := s.get(t.Context(), id)
			want.NoErr(t, err)
			w := seeded[id-1]
			w.ID = id
			if !equal(got, w) {
				t.Errorf("%s: got film %+v, want %+v", name, got, w)
			}
		}
		list, err := s.list(t.Context(), "Drama")
		want.NoErr(t, err)
		want.Equal(t, len(list), 100)
		for i, f := range list {
			if f.Genre != "Drama" || f.ID != list[0].ID-int64(i*len(genres)) {
				t.Errorf("%s: got film %+v at %d, want the newest dramas", name, f, i)
			}
		}
	}
}

// What a contender inserts, all others read from its file as it was; nobody
// saves work by storing less.
func TestInserts(t *testing.T) {
	t.Parallel()
	for _, c := range contenders {
		file, err := seed(t.Context(), t.TempDir(), c.name)
		want.NoErr(t, err)
		writer, err := c.open(file)
		want.NoErr(t, err)
		films := makeFilms(insertCount)
		want.NoErr(t, writer.insert(t.Context(), films))
		for _, other := range contenders {
			reader, err := other.open(file)
			want.NoErr(t, err)
			for i, f := range films {
				if f.ID != int64(filmCount+1+i) {
					t.Fatalf("%s: got key %d for row %d, want %d", c.name, f.ID, i, filmCount+1+i)
				}
				got, err := reader.get(t.Context(), f.ID)
				want.NoErr(t, err)
				if !equal(got, f) {
					t.Fatalf("%s wrote, %s read: got film %+v, want %+v", c.name, other.name, got, f)
				}
			}
			want.NoErr(t, reader.close())
		}
		want.NoErr(t, writer.trim(t.Context(), filmCount))
		if _, err := writer.get(t.Context(), filmCount+1); err == nil {
			t.Errorf("%s: got a film after trim, want none", c.name)
		}
		want.NoErr(t, writer.close())
	}
}

// All change a price, add a film and count alike.
func TestChanges(t *testing.T) {
	t.Parallel()
	for _, s := range openEach(t) {
		before, err := s.get(t.Context(), 8)
		want.NoErr(t, err)
		want.NoErr(t, s.raise(t.Context(), 8, 9000))
		after, err := s.get(t.Context(), 8)
		want.NoErr(t, err)
		want.Equal(t, after.Price, before.Price+9000)
		f := makeFilms(1)[0]
		want.NoErr(t, s.insertOne(t.Context(), f))
		want.Equal(t, f.ID, int64(filmCount+1))
		list, err := s.stock(t.Context())
		want.NoErr(t, err)
		want.Equal(t, len(list), len(genres))
		want.Equal(t, list[0], Stock{"Comedy", filmCount/5 + 1, 1250})
		want.Equal(t, list[2].Dearest, after.Price)
	}
}

func equal(a, b *Film) bool {
	director := a.Director == nil && b.Director == nil || a.Director != nil && b.Director != nil && *a.Director == *b.Director
	rating := a.Rating == nil && b.Rating == nil || a.Rating != nil && b.Rating != nil && *a.Rating == *b.Rating
	return a.ID == b.ID && a.Title == b.Title && a.Genre == b.Genre && director && a.Price == b.Price && rating &&
		a.InShop == b.InShop && a.Added == b.Added
}

// All connections have the settings that Ashlar sets.
func TestSettings(t *testing.T) {
	t.Parallel()
	file, err := seed(t.Context(), t.TempDir(), "settings")
	want.NoErr(t, err)
	s, err := open(file)
	want.NoErr(t, err)
	defer s.close()
	for pragma, w := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0"} {
		var got string
		want.NoErr(t, s.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		want.Equal(t, pragma+" "+got, pragma+" "+w)
	}
}

// One short round writes a page.
func TestRound(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var out strings.Builder
	want.NoErr(t, run(t.Context(), []string{"-rounds", "1", "-slice", "1ms", "-out", folder}, &out))
	page, err := os.ReadFile(filepath.Join(folder, "RESULTS.md"))
	want.NoErr(t, err)
	want.Equal(t, string(page), out.String())
	for _, c := range contenders {
		want.Equal(t, strings.Count(out.String(), "| "+c.title+" |"), len(tasks))
	}
	for _, args := range []string{"-rounds 0", "-slice 11s", "more", "-unknown"} {
		if err := run(t.Context(), strings.Fields(args), &strings.Builder{}); err == nil {
			t.Errorf("got no error for the arguments %q, want one", args)
		}
	}
}
