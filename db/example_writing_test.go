package db_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

// noon returns a context whose writes happen at noon: models with times of
// their own need a clock, which db.Module takes from the app.
func noon() context.Context {
	return db.WithClock(exampleContext(), func() time.Time {
		return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	})
}

// New films are inserted; of those that are there the price is changed.
func ExampleTable_Upsert() {
	ctx, Films := exampleContext(), reel.Films
	old := &reel.Film{Slug: "ikiru", Title: "Ikiru", Price: 300, Stock: 7}
	if err := Films.Insert(ctx, old); err != nil {
		log.Fatal(err)
	}
	delivery := []*reel.Film{
		{Slug: "ikiru", Title: "Ikiru (new)", Price: 350},
		{Slug: "ran", Title: "Ran", Price: 900},
	}
	if err := Films.Upsert(ctx, db.OnConflict(Films.Slug).Update(Films.Price), delivery...); err != nil {
		log.Fatal(err)
	}
	fmt.Println(delivery[0].ID == old.ID)
	films, err := Films.OrderBy(Films.Slug.Asc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range films {
		fmt.Println(f.Title, f.Price, f.Stock)
	}
	// Output:
	// true
	// Ikiru 350 7
	// Ran 900 0
}

func ExampleTable_FindOrCreate() {
	ctx, Tags := exampleContext(), reel.Tags
	for range 2 {
		tag := &reel.Tag{Name: "quiet"}
		created, err := Tags.FindOrCreate(ctx, tag, Tags.Name)
		fmt.Println(tag.ID, created, err)
	}
	// Output:
	// 1 true <nil>
	// 1 false <nil>
}

// A Note has a field of db:"softdelete".
func ExampleQuery_Restore() {
	ctx, Notes := noon(), reel.Notes
	note := &reel.Note{Title: "a note"}
	if err := Notes.Insert(ctx, note); err != nil {
		log.Fatal(err)
	}
	if err := Notes.Delete(ctx, note); err != nil {
		log.Fatal(err)
	}
	seen, err := Notes.Count(ctx)
	fmt.Println("after Delete:", seen, err)
	binned, err := Notes.OnlyDeleted().Count(ctx)
	fmt.Println("in the bin:", binned, err)

	// A Note has hooks too, which statements for many rows do not call.
	this := Notes.Where(Notes.ID.Eq(note.ID)).WithoutHooks()
	n, err := this.OnlyDeleted().Restore(ctx)
	fmt.Println("restored:", n, err)
	n, err = this.WithDeleted().Purge(ctx)
	fmt.Println("purged:", n, err)
	// Output:
	// after Delete: 0 <nil>
	// in the bin: 1 <nil>
	// restored: 1 <nil>
	// purged: 1 <nil>
}

// A Note has a field of db:"version": of two who read it, the first to save
// wins, and the other is told.
func ExampleTable_Save() {
	ctx, Notes := noon(), reel.Notes
	note := &reel.Note{Title: "draft"}
	if err := Notes.Insert(ctx, note); err != nil {
		log.Fatal(err)
	}
	mine, _ := Notes.Get(ctx, note.ID)
	yours, _ := Notes.Get(ctx, note.ID)
	mine.Title, yours.Title = "mine", "yours"
	fmt.Println(Notes.Save(ctx, mine), mine.Version)
	err := Notes.Save(ctx, yours)
	fmt.Println(errors.Is(err, db.ErrStale), errors.Is(err, errs.Conflict))
	// Output:
	// <nil> 2
	// true true
}

// The hooks of a Note, named by "//ashlar:model hooks=noteHooks", write down
// what they are called for.
func ExampleHooks() {
	ctx, Notes := noon(), reel.Notes
	note := &reel.Note{Title: "a note"}
	err := Notes.Insert(ctx, note)
	fmt.Println(note.Calls, err)

	refused := &reel.Note{Title: "refused"} // Before returns an error
	fmt.Println(Notes.Insert(ctx, refused))

	_, err = Notes.Where(Notes.Stars.Eq(0)).Update(ctx, Notes.Stars.Set(1))
	fmt.Println(err != nil) // it knows no rows to call hooks for
	n, err := Notes.Where(Notes.Stars.Eq(0)).WithoutHooks().Update(ctx, Notes.Stars.Set(1))
	fmt.Println(n, err)
	// Output:
	// [before created after created committed created] <nil>
	// This title is refused.
	// true
	// 1 <nil>
}

// Who did it comes from the context, and when from the clock.
func ExampleWithActor() {
	ctx, Notes := db.WithActor(noon(), 7), reel.Notes
	note := &reel.Note{Title: "a note"}
	if err := Notes.Insert(ctx, note); err != nil {
		log.Fatal(err)
	}
	note.Title = "a better note"
	if err := Notes.Save(db.WithActor(ctx, 8), note); err != nil {
		log.Fatal(err)
	}
	fmt.Println(note.MadeBy, *note.ChangedBy, note.Made.Format(time.TimeOnly))
	// Output:
	// 7 8 12:00:00
}

// What the database refuses is said of a field, as the model's rules say it:
// the form shows both the same way.
func ExampleFieldErrors() {
	ctx, Notes := noon(), reel.Notes
	if err := Notes.Insert(ctx, &reel.Note{Title: "taken"}); err != nil {
		log.Fatal(err)
	}
	for _, title := range []string{"", "taken"} {
		err := db.FieldErrors(Notes.Insert(ctx, &reel.Note{Title: title}))
		var list validate.Errors
		if errors.As(err, &list) {
			fmt.Println(list[0].Field, list[0].Rule, list[0].Message)
		}
		fmt.Println(errors.Is(err, errs.Invalid))
	}
	// Output:
	// title required This field is required.
	// true
	// title unique is taken already
	// true
}
