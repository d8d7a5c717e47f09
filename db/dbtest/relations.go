package dbtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
)

// related stores three films, a with three reviews, b with one and c with
// none; two critics, and a review by neither; tags, trailers, comments.
func related(t *testing.T, ctx context.Context) []*reel.Film {
	t.Helper()
	films := insert(t, ctx, "a", "b", "c")
	critics := []*reel.Critic{{Name: "Kael"}, {Name: "Ebert"}}
	want.NoErr(t, reel.Critics.Insert(ctx, critics...))
	reviews := []*reel.Review{
		{FilmID: films[0].ID, CriticID: &critics[0].ID, Stars: 5, Words: "a5"},
		{FilmID: films[0].ID, CriticID: &critics[1].ID, Stars: 3, Words: "a3"},
		{FilmID: films[0].ID, Stars: 1, Words: "a1"},
		{FilmID: films[1].ID, CriticID: &critics[1].ID, Stars: 2, Words: "b2"},
	}
	want.NoErr(t, reel.Reviews.Insert(ctx, reviews...))
	tags := []*reel.Tag{{Name: "old"}, {Name: "quiet"}, {Name: "unused"}}
	want.NoErr(t, reel.Tags.Insert(ctx, tags...))
	want.NoErr(t, reel.FilmTags.Insert(ctx,
		&reel.FilmTag{FilmID: films[0].ID, TagID: tags[0].ID}, &reel.FilmTag{FilmID: films[0].ID, TagID: tags[1].ID},
		&reel.FilmTag{FilmID: films[1].ID, TagID: tags[1].ID}))
	want.NoErr(t, reel.Trailers.Insert(ctx, &reel.Trailer{FilmID: films[1].ID, URL: "/b"}))
	// The film and the review have the same key: only the kind tells them apart.
	want.NoErr(t, reel.Comments.Insert(ctx,
		&reel.Comment{SubjectKind: "films", SubjectID: films[0].ID, Text: "on a"},
		&reel.Comment{SubjectKind: "reviews", SubjectID: reviews[0].ID, Text: "on a5"}))
	return films
}

// words returns the words of reviews.
func words(reviews []*reel.Review) string {
	var list []string
	for _, r := range reviews {
		list = append(list, r.Words)
	}
	return strings.Join(list, " ")
}

func testJoins(t *testing.T, ctx context.Context) {
	related(t, ctx)
	r, f := reel.Reviews, reel.Films
	for _, test := range []struct {
		name string
		q    *db.Query[*reel.Review]
		want string
	}{
		{"condition", r.Where(r.Film().Slug.Eq("a")), "a5 a3 a1"},
		{"two on one way", r.Where(r.Film().Slug.Eq("a"), r.Film().Price.GT(0), r.Stars.GT(1)), "a5 a3"},
		{"two ways", r.Where(r.Film().Slug.Eq("a"), r.Critic().Name.Eq("Ebert")), "a3"},
		{"or keeps rows without the other", r.Where(db.Or(r.Critic().Name.Eq("Kael"), r.Stars.Eq(1))), "a5 a1"},
		{"not is not true of none", r.Where(db.Not(r.Critic().Name.Eq("Kael"))), "a3 b2"},
		{"order", r.OrderBy(r.Critic().Name.Asc(), r.Film().Slug.Desc()), "a1 b2 a3 a5"},
		{"any over a way", r.Where(r.Film().Tags().Any(reel.Tags.Name.Eq("old"))), "a5 a3 a1"},
		{"count over a way", r.Where(r.Film().Reviews().Count().Eq(1)), "b2"},
		{"subquery", r.Where(r.FilmID.InQuery(f.Where(f.Reviews().Any(r.Stars.Eq(2))).Select(f.ID))), "b2"},
		{"subquery with a window", r.Where(r.FilmID.InQuery(f.OrderBy(f.Slug.Asc()).Limit(1).Select(f.ID))), "a5 a3 a1"},
		{"union", db.Union(r.Where(r.Stars.Eq(5)), r.Where(r.Film().Slug.Eq("b")), r.OrderBy(r.Stars.Asc()).Limit(1)), "a5 a1 b2"},
		{"union of what is sorted", db.Union(r.Where(r.Stars.Eq(5)).OrderBy(r.Words.Asc()), r.Where(r.Stars.Eq(1)).OrderBy(r.Film().Slug.Asc())), "a5 a1"},
	} {
		if test.name != "order" {
			test.q = test.q.OrderBy(r.ID.Asc())
		}
		list, err := test.q.All(ctx)
		want.NoErr(t, err)
		if got := words(list); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		n, err := test.q.Count(ctx)
		want.NoErr(t, err)
		want.Equal(t, int(n), len(list))
	}
}

func testRelatedConditions(t *testing.T, ctx context.Context) {
	related(t, ctx)
	f, r := reel.Films, reel.Reviews
	for _, test := range []struct {
		name string
		q    *db.Query[*reel.Film]
		want string
	}{
		{"any", f.Where(f.Reviews().Any()), "[a b]"},
		{"any with", f.Where(f.Reviews().Any(r.Stars.GTE(3))), "[a]"},
		{"any with or", f.Where(f.Reviews().Any(db.Or(r.Stars.Eq(5), r.Stars.Eq(2)))), "[a b]"},
		{"any with a way", f.Where(f.Reviews().Any(r.Critic().Name.Eq("Ebert"))), "[a b]"},
		{"any in any", f.Where(f.Reviews().Any(r.Comments().Any(reel.Comments.Text.Eq("on a5")))), "[a]"},
		{"none", f.Where(f.Reviews().None()), "[c]"},
		{"none with", f.Where(f.Reviews().None(r.Stars.GTE(3))), "[b c]"},
		{"where before any", f.Where(f.Reviews().Where(r.Stars.Eq(1)).Any()), "[a]"},
		{"through", f.Where(f.Tags().Any(reel.Tags.Name.Eq("quiet"))), "[a b]"},
		{"poly", f.Where(f.Comments().Any()), "[a]"},
		{"count", f.Where(f.Reviews().Count().LT(2)), "[b c]"},
		{"count some", f.Where(f.Reviews().Count(r.Stars.GT(1)).Eq(2)), "[a]"},
		{"max", f.Where(r.Stars.Max().Of(f.Reviews()).GT(4)), "[a]"},
		{"has one", f.Where(f.Trailer().URL.Eq("/b")), "[b]"},
		{"column of the row around", f.Where(f.Reviews().Any(db.Less(r.Stars, f.Stock))), "[a b]"},
	} {
		if got := fmt.Sprint(slugs(t, ctx, test.q.OrderBy(f.ID.Asc()))); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	// Numbers of two relations do not multiply each other.
	type counts struct{ Reviews, Tags int64 }
	got, err := db.Into(f.OrderBy(f.ID.Asc()), func(d *counts) []db.Dest {
		return []db.Dest{f.Reviews().Count().To(&d.Reviews), f.Tags().Count().To(&d.Tags)}
	}).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, got, []counts{{3, 2}, {1, 1}, {0, 0}})
	want.Equal(t, fmt.Sprint(slugs(t, ctx, f.OrderBy(f.Reviews().Count().Asc()))), "[c b a]")

	// What is written chooses by relations as well.
	n, err := r.Where(r.Film().Slug.Eq("a"), r.Critic().Name.Eq("Ebert")).Update(ctx, r.Stars.Set(4))
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	n, err = f.Where(f.Reviews().None(), f.Tags().None()).Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	n, err = r.Where(r.Film().Trailer().URL.Eq("/b")).Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
}

func testWith(t *testing.T, ctx context.Context) {
	stored := related(t, ctx)
	f, r := reel.Films, reel.Reviews
	films, err := f.OrderBy(f.ID.Asc()).With(
		f.Reviews().OrderBy(r.Stars.Asc()).With(r.Critic()),
		f.Tags().OrderBy(reel.Tags.Name.Desc()), f.Trailer(), f.Comments(),
	).All(ctx)
	want.NoErr(t, err)
	a, b, c := films[0], films[1], films[2]
	want.Equal(t, []string{words(a.Reviews), words(b.Reviews), words(c.Reviews)}, []string{"a1 a3 a5", "b2", ""})
	want.Equal(t, c.Reviews != nil, true)
	want.Equal(t, a.Reviews[1].Critic.Name, "Ebert")
	want.Equal(t, a.Reviews[1].Critic == b.Reviews[0].Critic, true)
	want.Equal(t, a.Reviews[0].Critic == nil, true)
	want.Equal(t, []string{a.Tags[0].Name, a.Tags[1].Name, b.Tags[0].Name}, []string{"quiet", "old", "quiet"})
	want.Equal(t, len(c.Tags), 0)
	want.Equal(t, a.Trailer == nil, true)
	want.Equal(t, b.Trailer.URL, "/b")
	want.Equal(t, []int{len(a.Comments), len(b.Comments), len(c.Comments)}, []int{1, 0, 0})

	// A limit is one for each row, not for all of them.
	films, err = f.OrderBy(f.ID.Asc()).With(f.Reviews().Where(r.Stars.LT(5)).OrderBy(r.Stars.Desc()).Limit(1),
		f.Tags().OrderBy(reel.Tags.Name.Desc()).Limit(1)).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, words(films[0].Reviews)+"|"+words(films[1].Reviews), "a3|b2")
	want.Equal(t, []int{len(films[0].Tags), len(films[1].Tags), len(films[2].Tags)}, []int{1, 1, 0})
	want.Equal(t, films[0].Tags[0].Name, "quiet")

	// A limit in an order that goes over a relation.
	films, err = f.OrderBy(f.ID.Asc()).With(f.Reviews().OrderBy(r.Critic().Name.Desc()).Limit(2)).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, words(films[0].Reviews), "a5 a3")

	// Ways of several steps, and rows that are there already.
	comments, err := reel.Comments.OrderBy(reel.Comments.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	_, err = comments[0].LoadedFilm()
	want.Err(t, err, db.ErrNotLoaded)
	want.Contains(t, err.Error(), "Comment.Film was not loaded", "With(Comments.Film())")
	want.NoErr(t, db.Load(ctx, comments, reel.Comments.Film(), reel.Comments.Review().Film()))
	want.Equal(t, comments[0].Film.Slug, "a")
	want.Equal(t, comments[0].Review == nil, true)
	want.Equal(t, comments[1].Film == nil, true)
	want.Equal(t, comments[1].Review.Film.ID, stored[0].ID)
	film, err := comments[1].LoadedFilm()
	want.NoErr(t, err)
	want.Equal(t, film == nil, true)

	one, err := f.With(f.Reviews()).Where(f.Slug.Eq("b")).First(ctx)
	want.NoErr(t, err)
	want.Equal(t, words(one.Reviews), "b2")

	tagged, err := reel.Tags.OrderBy(reel.Tags.Name.Asc()).With(reel.Tags.Films()).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, []int{len(tagged[0].Films), len(tagged[1].Films), len(tagged[2].Films)}, []int{1, 2, 0})
	lists, err := db.Related[*reel.Review](ctx, stored, f.Reviews().Where(r.Stars.LT(4)))
	want.NoErr(t, err)
	want.Equal(t, words(lists[0])+"|"+words(lists[1])+"|"+words(lists[2]), "a3 a1|b2|")
}

// testWithMany: more keys than one statement takes.
func testWithMany(t *testing.T, ctx context.Context) {
	var films []*reel.Film
	for i := range 2500 {
		films = append(films, film(fmt.Sprint(i)))
	}
	want.NoErr(t, reel.Films.Insert(ctx, films...))
	var reviews []*reel.Review
	for _, f := range films {
		reviews = append(reviews, &reel.Review{FilmID: f.ID, Words: f.Slug})
	}
	want.NoErr(t, reel.Reviews.Insert(ctx, reviews...))
	got, err := reel.Films.With(reel.Films.Reviews()).All(ctx)
	want.NoErr(t, err)
	for _, f := range got {
		if words(f.Reviews) != f.Slug {
			t.Fatalf("film %s: got the reviews %q", f.Slug, words(f.Reviews))
		}
	}
	n := 0
	for f, err := range reel.Films.With(reel.Films.Reviews()).OrderBy(reel.Films.ID.Asc()).Each(ctx) {
		want.NoErr(t, err)
		if words(f.Reviews) != f.Slug {
			t.Fatalf("film %s: got the reviews %q", f.Slug, words(f.Reviews))
		}
		if n++; n == 2300 {
			break
		}
	}
	want.Equal(t, n, 2300)
	n = 0
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		for f, err := range reel.Films.Where(reel.Films.ID.LTE(films[9].ID)).Each(ctx) {
			want.NoErr(t, err)
			again, err := reel.Films.Get(ctx, f.ID) // the connection is free between rows
			want.NoErr(t, err)
			want.Equal(t, again.Slug, f.Slug)
			n++
		}
		return nil
	}))
	want.Equal(t, n, 10)
}

func testTree(t *testing.T, ctx context.Context) {
	c := reel.Categories
	add := func(name string, parent *reel.Category) *reel.Category {
		one := &reel.Category{Name: name}
		if parent != nil {
			one.ParentID = &parent.ID
		}
		want.NoErr(t, c.Insert(ctx, one))
		return one
	}
	root := add("all", nil)
	film := add("film", root)
	silent := add("silent", film)
	add("sound", film)
	add("book", root)
	names := func(q *db.Query[*reel.Category]) string {
		list, err := q.OrderBy(c.Name.Asc()).All(ctx)
		want.NoErr(t, err)
		var names []string
		for _, one := range list {
			names = append(names, one.Name)
		}
		return strings.Join(names, " ")
	}
	want.Equal(t, names(c.Where(c.Parent().Parent().Name.Eq("all"))), "silent sound")
	want.Equal(t, names(c.Where(c.ParentID.IsNull())), "all")
	want.Equal(t, names(c.Where(c.Children().Any(c.Name.Eq("sound")))), "film")
	want.Equal(t, names(c.Where(c.ID.Eq(film.ID)).Recursive(c.Children())), "film silent sound")
	want.Equal(t, names(c.Where(c.ID.Eq(silent.ID)).Recursive(c.Parent())), "all film silent")
	want.Equal(t, names(c.Where(c.ID.Eq(root.ID)).Recursive(c.Children()).Where(c.Children().None())), "book silent sound")

	// A circle ends.
	_, err := c.Where(c.ID.Eq(root.ID)).Update(ctx, c.ParentID.Set(silent.ID))
	want.NoErr(t, err)
	want.Equal(t, names(c.Where(c.ID.Eq(film.ID)).Recursive(c.Children())), "all book film silent sound")

	list, err := c.Where(c.Name.Eq("silent")).With(c.Parent().Parent(), c.Parent().Children().OrderBy(c.Name.Desc())).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, list[0].Parent.Parent.Name, "all")
	want.Equal(t, list[0].Parent.Children[0].Name, "sound")
}

func testPages(t *testing.T, ctx context.Context) {
	ring := ringOf(t)
	f := reel.Films
	var all []*reel.Film
	for i := range 10 {
		one := film(string(rune('a' + i)))
		one.Price = reel.Cents(i / 3)
		if i%4 != 0 {
			one.Rating = new(float64(i / 2))
		}
		all = append(all, one)
	}
	want.NoErr(t, f.Insert(ctx, all...))
	list, page, err := f.OrderBy(f.Price.Desc()).Page(ctx, 2, 4)
	want.NoErr(t, err)
	want.Equal(t, page, db.PageInfo{Number: 2, Size: 4, Total: 10, Pages: 3})
	want.Equal(t, list[0].Slug, "d")
	_, page, err = f.OrderBy(f.Price.Desc()).Page(ctx, 99, -1)
	want.NoErr(t, err)
	want.Equal(t, page, db.PageInfo{Number: 10, Size: 1, Total: 10, Pages: 10})
	_, page, err = f.Where(f.Price.GT(100)).OrderBy(f.ID.Asc()).Page(ctx, 0, 5)
	want.NoErr(t, err)
	want.Equal(t, page, db.PageInfo{Number: 1, Size: 5, Pages: 1})

	for _, q := range []*db.Query[*reel.Film]{
		f.OrderBy(f.Price.Desc()), f.OrderBy(f.Rating.Asc(), f.Price.Desc()), f.OrderBy(f.Rating.Desc()), f.OrderBy(f.ID.Desc()),
		f.OrderBy(f.CreatedAt.Asc(), f.Slug.Desc()),
	} {
		whole := slugs(t, ctx, q.After(ring, "")) // with the key behind its order
		var got []string
		var cursor string
		for {
			films, err := q.After(ring, cursor).Limit(3).All(ctx)
			want.NoErr(t, err)
			if len(films) == 0 {
				break
			}
			for _, one := range films {
				got = append(got, one.Slug)
			}
			cursor, err = q.Cursor(ring, films[len(films)-1])
			want.NoErr(t, err)
			back := slugs(t, ctx, q.Before(ring, cursor).Limit(2))
			want.Equal(t, back, whole[max(0, len(got)-3):len(got)-1])
		}
		want.Equal(t, got, whole)
	}
	cursor, err := f.OrderBy(f.Price.Asc()).Cursor(ring, all[0])
	want.NoErr(t, err)
	for _, wrong := range []string{"x", "x.y", cursor + "x", "." + cursor, strings.ToUpper(cursor)} {
		if _, err := f.OrderBy(f.Price.Asc()).After(ring, wrong).All(ctx); err == nil {
			t.Errorf("cursor %q: got no error", wrong)
		}
	}
	if _, err := f.OrderBy(f.Price.Desc()).After(ring, cursor).All(ctx); err == nil {
		t.Error("got no error for a cursor of another order")
	}
}

func testLocks(t *testing.T, ctx context.Context) {
	related(t, ctx)
	r := reel.Reviews
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		for _, q := range []*db.Query[*reel.Review]{
			r.ForUpdate(), r.ForUpdate(db.SkipLocked), r.ForUpdate(db.NoWait),
			r.Where(r.Critic().Name.Eq("Ebert")).ForUpdate(),
		} {
			list, err := q.All(ctx)
			want.NoErr(t, err)
			want.Equal(t, len(list) > 1, true)
		}
		return nil
	}))
	if _, err := r.ForUpdate().All(ctx); err == nil {
		t.Error("got no error for a lock outside of a transaction")
	}
	plan, err := r.Where(r.Film().Slug.Eq("a")).Explain(ctx)
	want.NoErr(t, err)
	want.Equal(t, plan != "", true)
}

// ringOf returns keys that sign cursors.
func ringOf(t *testing.T) *keys.Ring {
	t.Helper()
	ring, err := keys.Parse(keys.Generate())
	want.NoErr(t, err)
	return ring
}

// testEachWrites: the loop may use the database, in a transaction or not.
func testEachWrites(t *testing.T, ctx context.Context) {
	f := reel.Films
	insert(t, ctx, "a", "b", "c")
	raise := func(ctx context.Context) error {
		for one, err := range f.OrderBy(f.ID.Asc()).With(f.Reviews()).Each(ctx) {
			want.NoErr(t, err)
			one.Price++
			want.NoErr(t, f.Save(ctx, one))
		}
		return nil
	}
	want.NoErr(t, raise(ctx))
	want.NoErr(t, db.Tx(ctx, raise))
	want.Equal(t, prices(t, ctx), "a502 b502 c502")
}

// testEachStops: what the loop does decides.
func testEachStops(t *testing.T, ctx context.Context) {
	insert(t, ctx, "a", "b", "c")
	var got []string
	for f, err := range reel.Films.OrderBy(reel.Films.ID.Asc()).Each(ctx) {
		want.NoErr(t, err)
		if got = append(got, f.Slug); f.Slug == "b" {
			break
		}
	}
	want.Equal(t, got, []string{"a", "b"})
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range reel.Films.Each(ended) {
		want.Equal(t, errors.Is(err, context.Canceled), true)
	}
	want.Equal(t, slices.Sorted(slices.Values(slugs(t, ctx, reel.Films.Where()))), []string{"a", "b", "c"})
}
