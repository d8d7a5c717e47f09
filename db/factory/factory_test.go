package factory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/factory"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// factories are those of one test: their numbers are its own.
type factories struct {
	films   *factory.Factory[*reel.Film]
	critics *factory.Factory[*reel.Critic]
	reviews *factory.Factory[*reel.Review]
}

func newFactories() *factories {
	f := &factories{}
	f.films = factory.New(reel.Films, func(s *factory.Seq) *reel.Film {
		return &reel.Film{Slug: s.Name("film"), Price: reel.Cents(s.Rand.Int64N(1000)), Title: factory.OneOf(s, "Ran", "Ikiru", "Alien")}
	})
	f.critics = factory.New(reel.Critics, func(s *factory.Seq) *reel.Critic { return &reel.Critic{Name: s.Name("critic")} })
	f.reviews = factory.New(reel.Reviews, func(s *factory.Seq) *reel.Review {
		r := &reel.Review{Stars: int32(s.N())}
		factory.Need(s, f.films, &r.FilmID, func(f *reel.Film) int64 { return f.ID })
		factory.Need(s, f.critics, &r.CriticID, func(c *reel.Critic) *int64 { return &c.ID })
		return r
	})
	return f
}

func open(t testing.TB) context.Context {
	t.Helper()
	d, err := db.Open(db.Config{URL: "sqlite::memory:"}, sqlite.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	want.NoErr(t, err)
	plan, err := schema.SQLite{}.Plan(schema.Schema{}, ops)
	want.NoErr(t, err)
	ctx := db.NewContext(t.Context(), d)
	_, err = db.Exec(ctx, strings.Join(plan.Statements, ";\n"))
	want.NoErr(t, err)
	return ctx
}

func TestCreate(t *testing.T) {
	t.Parallel()
	ctx := open(t)
	f := newFactories()
	cheap := func(f *reel.Film) { f.Price = 1 }
	film := factory.Must(f.films.Create(ctx, cheap, func(f *reel.Film) { f.Title = "Ran" }))
	want.Equal(t, []any{film.ID, film.Slug, film.Price, film.Title}, []any{int64(1), "film 1", reel.Cents(1), "Ran"})

	own := factory.Must(f.reviews.Create(ctx, func(r *reel.Review) { r.FilmID = film.ID }))
	want.Equal(t, []int64{own.FilmID, *own.CriticID}, []int64{1, 1}) // the film that was named, a critic on demand
	list := factory.Must(f.reviews.CreateMany(ctx, 2))
	got := []int64{list[0].FilmID, *list[0].CriticID, list[1].FilmID, *list[1].CriticID, int64(list[1].Stars)}
	want.Equal(t, got, []int64{2, 2, 3, 3, 3})

	made := f.reviews.Make(func(r *reel.Review) { r.Stars = 5 })
	want.Equal(t, *made, reel.Review{Stars: 5})
	n, err := reel.Films.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, int64(3))
}

// TestSame: the n-th row is the same in each run, and another with another seed.
func TestSame(t *testing.T) {
	t.Parallel()
	rows := func(f *factory.Factory[*reel.Film]) string {
		var b strings.Builder
		for range 20 {
			film := f.Make()
			fmt.Fprintln(&b, film.Slug, film.Title, film.Price)
		}
		return b.String()
	}
	first := rows(newFactories().films)
	want.Equal(t, rows(newFactories().films), first)
	want.Equal(t, rows(newFactories().films.Seeded(0)), first)
	if other := rows(newFactories().films.Seeded(1)); other == first {
		t.Error("got the same rows with another seed")
	}
}

// TestNothingIsLeft: where one row cannot be, neither are the others and what
// they needed.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	ctx := open(t)
	f := newFactories()
	_, err := f.reviews.CreateMany(ctx, 3, func(r *reel.Review) {
		if r.Stars == 3 {
			r.FilmID = 99
		}
	})
	want.Contains(t, err.Error(), "factory: create *reel.Review: db: foreign key constraint violated")
	if !errors.Is(err, errs.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	n, err := reel.Films.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, int64(0))
}
