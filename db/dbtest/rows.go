package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

// written returns a context whose writes are by 7, an hour after each other.
func written(ctx context.Context) context.Context {
	now := day(2026, 1, 1)
	return db.WithActor(db.WithClock(ctx, func() time.Time { now = now.Add(time.Hour); return now }), 7)
}

func hour(n int) time.Time { return day(2026, 1, 1).Add(time.Duration(n) * time.Hour) }

func testRoles(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	n := reel.Notes
	note := &reel.Note{Title: "a"}
	want.NoErr(t, n.Insert(ctx, note))
	want.Equal(t, []any{note.Version, note.Made, note.Changed, note.MadeBy, *note.ChangedBy}, []any{int64(1), hour(1), hour(1), int64(7), int64(7)})
	old, err := n.Get(ctx, note.ID)
	want.NoErr(t, err)

	by8 := db.WithActor(ctx, 8)
	note.Stars, note.Title = 3, "not written"
	want.NoErr(t, n.Save(by8, note, n.Stars))
	got, err := n.Get(ctx, note.ID)
	want.NoErr(t, err)
	want.Equal(t, []any{got.Title, got.Stars, got.Version, got.Made, got.Changed, got.MadeBy, *got.ChangedBy},
		[]any{"a", int64(3), int64(2), hour(1), hour(2), int64(7), int64(8)})
	want.Equal(t, note.Version, 2)

	// Who has the row as it was before does not overwrite it.
	old.Stars = 9
	err = n.Save(ctx, old)
	want.Err(t, err, db.ErrStale)
	want.Equal(t, errs.KindOf(err), errs.Conflict)
	want.Err(t, n.Delete(ctx, old), db.ErrStale)
	want.Equal(t, old.Version, 1)
	want.Err(t, n.Save(ctx, &reel.Note{ID: 99, Title: "b"}), db.ErrNotFound)

	// Who is of another type than the columns did nothing.
	err = n.Insert(db.WithActor(ctx, "mallory"), &reel.Note{Title: "c"})
	want.Contains(t, fmt.Sprint(err), "notes.made_by", "mallory", "A1512")

	// A statement on many rows counts too.
	changed, err := n.Where(n.Stars.Eq(3)).WithoutHooks().Update(ctx, n.Stars.SetTo(n.Stars.Times(2).Plus(n.ID)))
	want.NoErr(t, err)
	want.Equal(t, changed, 1)
	got, err = n.Get(ctx, note.ID)
	want.NoErr(t, err)
	want.Equal(t, []any{got.Stars, got.Version, *got.ChangedBy, got.Changed.After(hour(2))}, []any{6 + note.ID, int64(3), int64(7), true})
	_, err = n.Where(n.Stars.Eq(3)).Update(ctx, n.Stars.Set(1))
	want.Contains(t, err.Error(), "has hooks")
}

func testSoftDelete(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	n := reel.Notes
	a, b := &reel.Note{Title: "a"}, &reel.Note{Title: "b"}
	want.NoErr(t, n.Insert(ctx, a, b))
	want.NoErr(t, n.Delete(ctx, a))
	want.Err(t, n.Delete(ctx, a), db.ErrNotFound)
	titles := func(q *db.Query[*reel.Note]) string {
		list, err := q.OrderBy(n.Title.Asc()).All(ctx)
		want.NoErr(t, err)
		var names []string
		for _, one := range list {
			names = append(names, one.Title)
		}
		count, err := q.Count(ctx)
		want.NoErr(t, err)
		want.Equal(t, int(count), len(names))
		return strings.Join(names, " ")
	}
	want.Equal(t, []string{titles(n.Where()), titles(n.WithDeleted()), titles(n.OnlyDeleted())}, []string{"b", "a b", "a"})
	_, err := n.Get(ctx, a.ID)
	want.Err(t, err, db.ErrNotFound)
	names, err := n.Title.Distinct(ctx)
	want.NoErr(t, err)
	want.Equal(t, names, []string{"b"})

	deleted, err := n.Where(n.Title.Eq("b")).WithoutHooks().Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, deleted, 1)
	want.Equal(t, titles(n.OnlyDeleted()), "a b")
	restored, err := n.OnlyDeleted().Where(n.Title.Eq("b")).WithoutHooks().Restore(ctx)
	want.NoErr(t, err)
	want.Equal(t, restored, 1)
	want.Equal(t, titles(n.Where()), "b")
	purged, err := n.OnlyDeleted().Everywhere().WithoutHooks().Purge(ctx)
	want.NoErr(t, err)
	want.Equal(t, purged, 1)
	want.Equal(t, titles(n.WithDeleted()), "b")
	_, err = n.Where(n.Title.Eq("b")).Restore(ctx)
	want.Contains(t, err.Error(), "without OnlyDeleted")
}

func testHooks(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	n := reel.Notes
	note := &reel.Note{Title: "a"}
	want.NoErr(t, n.Insert(ctx, note))
	want.NoErr(t, n.Save(ctx, note))
	want.NoErr(t, n.Delete(ctx, note))
	want.Equal(t, strings.Join(note.Calls, ", "), "before created, after created, committed created, "+
		"before updated, after updated, committed updated, before deleted, after deleted, committed deleted")

	// What a hook refuses is not written, nor is what stands beside it.
	want.Err(t, n.Insert(ctx, &reel.Note{Title: "b"}, &reel.Note{Title: "refused"}), errs.Forbidden)
	var broken validate.Errors
	if err := n.Insert(ctx, &reel.Note{Title: "c"}, &reel.Note{}); !errors.As(err, &broken) || broken[0].Field != "title" {
		t.Errorf("got %v, want a broken rule", err)
	}
	count, err := n.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, count, 0)

	// After the commit of the outermost transaction, or not at all.
	kept, lost := &reel.Note{Title: "kept"}, &reel.Note{Title: "lost"}
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		want.NoErr(t, n.Insert(ctx, kept))
		stop := errors.New("stop")
		want.Err(t, db.Tx(ctx, func(ctx context.Context) error {
			want.NoErr(t, n.Insert(ctx, lost))
			return stop
		}), stop)
		want.Equal(t, fmt.Sprint(kept.Calls), "[before created after created]")
		return nil
	}))
	want.Equal(t, fmt.Sprint(kept.Calls), "[before created after created committed created]")
	want.Equal(t, fmt.Sprint(lost.Calls), "[before created after created]")
}

func testFieldErrors(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	n := reel.Notes
	want.NoErr(t, n.Insert(ctx, &reel.Note{Title: "a"}))
	for _, test := range []struct {
		err         error
		field, rule string
	}{
		{n.Insert(ctx, &reel.Note{Title: "a"}), "title", "unique"},
		{n.Insert(ctx, &reel.Note{Title: "b", Stars: -1}), "rating", "check"},
		{reel.Trailers.Insert(ctx, &reel.Trailer{FilmID: 99}), "film_id", "exists"},
	} {
		var list validate.Errors
		if !errors.As(db.FieldErrors(test.err), &list) || list[0].Field != test.field || list[0].Rule != test.rule {
			t.Errorf("got %v of %v, want %s of %s", db.FieldErrors(test.err), test.err, test.rule, test.field)
		}
	}
	want.Err(t, db.FieldErrors(db.ErrStale), db.ErrStale)
	want.NoErr(t, db.FieldErrors(nil))
}

// testForeignKeys: which key was broken is told, of several too.
func testForeignKeys(t *testing.T, ctx context.Context) {
	films := related(t, ctx)
	r := reel.Reviews
	for _, test := range []struct {
		err  error
		want string
	}{
		{r.Insert(ctx, &reel.Review{FilmID: 99}), "[film_id]"},
		{r.Insert(ctx, &reel.Review{FilmID: films[0].ID, CriticID: new(int64(99))}), "[critic_id]"},
		{r.Insert(ctx, &reel.Review{FilmID: films[0].ID}, &reel.Review{FilmID: films[0].ID, CriticID: new(int64(99))}), "[critic_id]"},
		{r.Save(ctx, &reel.Review{ID: 1, FilmID: films[0].ID, CriticID: new(int64(99))}), "[critic_id]"},
		{reel.FilmTags.Delete(ctx, &reel.FilmTag{}), "none"},
		{func() error { _, err := reel.Tags.Everywhere().Delete(ctx); return err }(), "[]"},
	} {
		var broken *db.ConstraintError
		got := "none"
		if errors.As(test.err, &broken) {
			got = fmt.Sprint(broken.Columns)
		}
		if got != test.want {
			t.Errorf("got %s of %v, want %s", got, test.err, test.want)
		}
	}
}

func testUpsert(t *testing.T, ctx context.Context) {
	f := reel.Films
	films := insert(t, ctx, "a", "b")
	again := []*reel.Film{film("b"), film("c")}
	again[0].Price, again[0].Stock, again[1].Price = 700, 9, 700
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.Slug).Update(f.Price), again...))
	want.Equal(t, again[0].ID, films[1].ID)
	want.Equal(t, again[1].ID != 0, true)
	got, err := f.OrderBy(f.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, []any{len(got), got[1].Price, got[1].Stock, got[2].Price}, []any{3, reel.Cents(700), int32(3), reel.Cents(700)})

	again[0].Stock, again[0].Price = 5, 5
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.Slug), again[0]))
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.Slug).UpdateAll(), again[1]))
	one, err := f.Get(ctx, films[1].ID)
	want.NoErr(t, err)
	want.Equal(t, one.Price, 700)
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.ID).UpdateAll(), again[0]))
	one, err = f.Get(ctx, films[1].ID)
	want.NoErr(t, err)
	want.Equal(t, []any{one.Price, one.Stock}, []any{reel.Cents(5), int32(5)})
	if err := f.Upsert(ctx, db.OnConflict(f.Title), again[0]); err == nil {
		t.Error("got no error for an upsert by what is no key")
	}

	noted := written(ctx)
	note := &reel.Note{Title: "a"}
	want.NoErr(t, reel.Notes.Insert(noted, note))
	other := &reel.Note{Title: "a", Stars: 4}
	want.NoErr(t, reel.Notes.Upsert(noted, db.OnConflict(reel.Notes.Title).Update(reel.Notes.Stars), other))
	want.Equal(t, []any{other.ID, other.Version}, []any{note.ID, int64(2)})
	want.Err(t, reel.Notes.Save(noted, note), db.ErrStale)
}

func testFindOrCreate(t *testing.T, ctx context.Context) {
	tags := reel.Tags
	var created sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			tag := &reel.Tag{Name: "same"}
			made, err := tags.FindOrCreate(ctx, tag, tags.Name)
			if err != nil {
				t.Error(err)
			}
			created.Store(i, fmt.Sprint(tag.ID, made))
		})
	}
	all.Wait()
	trues, ids := 0, map[string]bool{}
	created.Range(func(_, v any) bool {
		id, made, _ := strings.Cut(v.(string), " ")
		ids[id] = true
		if made == "true" {
			trues++
		}
		return true
	})
	want.Equal(t, []int{trues, len(ids)}, []int{1, 1})
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		tag := &reel.Tag{Name: "same"}
		made, err := tags.FindOrCreate(ctx, tag, tags.Name)
		want.NoErr(t, err)
		want.Equal(t, made, false)
		return nil
	}))
}

func testDeleteRows(t *testing.T, ctx context.Context) {
	f := reel.Films
	films := insert(t, ctx, "a", "b", "c")
	want.NoErr(t, f.Delete(ctx, films[0]))
	want.Err(t, f.Delete(ctx, films[1], films[0]), db.ErrNotFound)
	want.Equal(t, fmt.Sprint(slugs(t, ctx, f.OrderBy(f.ID.Asc()))), "[b c]")
	films[1].Price, films[1].Stock = 1, 1
	want.NoErr(t, f.Save(ctx, films[1], f.Price))
	got, err := f.Get(ctx, films[1].ID)
	want.NoErr(t, err)
	want.Equal(t, []any{got.Price, got.Stock}, []any{reel.Cents(1), int32(3)})
	if err := f.Save(ctx, films[1], f.ID); err == nil {
		t.Error("got no error for a key to be saved")
	}
	if err := f.Delete(ctx); err == nil {
		t.Error("got no error for a delete of no row")
	}
}

func testTypes(t *testing.T, ctx context.Context) {
	k := reel.Tickets
	ctx = written(ctx)
	a := &reel.Ticket{State: reel.Open}
	b := &reel.Ticket{State: reel.Closed, Seat: sql.Null[int64]{V: 7, Valid: true}, Note: sql.Null[string]{V: "n", Valid: true},
		Until: sql.Null[time.Time]{V: day(2026, 5, 1), Valid: true}}
	b.Attrs.V = reel.Attrs{Kind: `it's "so"`, Tags: []string{"x"}}
	b.Attrs.V.Size.Width, b.Attrs.V.Size.Weight = 12, 0.5
	want.NoErr(t, k.Insert(ctx, a, b))
	want.Equal(t, len(a.ID), 36)
	want.Equal(t, a.ID < b.ID && a.ID[14] == '7', true)
	got, err := k.OrderBy(k.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, fmt.Sprint(*got[0], *got[1]), fmt.Sprint(*a, *b))
	n, err := k.Where(k.Seat.IsNull()).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	for _, cond := range []db.Cond{
		k.Attrs.Text("kind").Eq(`it's "so"`), k.Attrs.Int("size.width").GT(9), k.Attrs.Float("size.weight").LT(1),
		k.Attrs.Text("kind").Contains("SO"),
	} {
		list, err := k.Where(cond, k.Attrs.Int("size.width").NE(0)).OrderBy(k.Attrs.Int("size.width").Desc()).All(ctx)
		want.NoErr(t, err)
		want.Equal(t, len(list), 1)
	}
	n, err = k.Where(k.Attrs.Text("missing.key").IsNull()).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 2)
	if _, err := k.Where(k.Attrs.Text("a'b").Eq("")).All(ctx); err == nil {
		t.Error("got no error for a path with a quote")
	}
	var broken *db.ConstraintError
	if err := k.Insert(ctx, &reel.Ticket{State: "lost"}); !errors.As(err, &broken) || broken.Kind != engine.Check {
		t.Errorf("got %v, want a broken check", err)
	}
	own := &reel.Ticket{ID: "mine", State: reel.Open}
	want.NoErr(t, k.Insert(ctx, own))
	want.Equal(t, own.ID, "mine")
}
