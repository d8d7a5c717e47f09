// Package db stores structs in a database and asks for them with typed
// queries. Mark a struct, run `ashlar generate`, and its table is a value:
//
//	//ashlar:model
//	type Film struct {
//		ID    int64  `db:"pk"` // made by the database
//		Title string `db:"size=200,index"`
//		Genre *string // may be NULL
//		Price int64  `db:"check=price >= 0"`
//	}
//
//	film, err := Films.Get(ctx, id)
//	films, err := Films.Where(Films.Price.GT(400), Films.Genre.Eq("Drama")).
//		OrderBy(Films.Title.Asc()).Limit(20).All(ctx)
//	err = Films.Insert(ctx, &Film{Title: "Tokyo Story"})
//	n, err := Films.Where(Films.ID.Eq(id)).Update(ctx, Films.Price.Add(-100))
//	err = db.Tx(ctx, func(ctx context.Context) error { … })
//
// A field that points at another model, or holds a slice of such, is a relation.
// Its columns stand behind it, which joins what it takes; With loads it, with
// one query for all rows:
//
//	films, err := Films.Where(Films.Studio().Name.Eq("Toho"), Films.Reviews().Any(Reviews.Stars.GTE(4))).
//		With(Films.Studio(), Films.Reviews().OrderBy(Reviews.Stars.Desc()).Limit(3)).All(ctx)
//	stats, err := db.Into(Films.Where(), func(d *Stat) []db.Dest {
//		return []db.Dest{Films.Studio().Name.To(&d.Studio), db.Count().To(&d.Films)}
//	}).All(ctx)
//
// A misspelt column, a value of the wrong type or a comparison that a column
// does not have does not compile. The database travels in the context:
// db.Module of an app puts it there, and so does [NewContext]. Values never
// become part of SQL. [SQL] and [Exec] run statements of your own.
//
// The directive takes table=name, was=old_name and search=language; without, the table is named
// for the struct: order_lines for OrderLine. A field's type is a basic type, a
// type made of one, []byte, time.Time, [JSON], [Secret], or on PostgreSQL a slice
// (see [Array]); a pointer to one may
// be NULL. Its tag, `db:"…"`, holds any of these, with commas:
//
//	pk                    part of the primary key; an int64 alone is made by the database
//	column=name           not the field's name in snake case
//	was=old_name          the column was renamed
//	size=200              characters of a text, at most
//	index, unique         alone; index=name and unique=name join the fields of one name
//	search, search=a      its words are found by Search, with a weight from a to d
//	check=price >= 0      a condition in SQL that every row keeps
//	references=orders.id  a foreign key; ondelete=restrict, cascade or setnull
//	default=0             for rows that are there when the column is added, and for
//	                      SQL of your own: Insert writes every field
//	-                     alone: no column
//
// Relations, with the field that holds the other row's key found by its name:
//
//	StudioID int64                 // a foreign key, with an index
//	Studio   *Studio               // belongs to; rel=MakerID names another field, rel=A+B several
//	Reviews  []*Review             // has many: Review has a FilmID; has=SubjectID names another
//	Trailer  *Trailer              `db:"has=FilmID"`      // has one: Trailer has a FilmID
//	Tags     []*Tag                `db:"through=FilmTag"` // many to many: FilmTag has a FilmID and a TagID
//	Parent   *Film                 // itself: has a ParentID
//	Comments []*Comment            `db:"poly=Subject"`    // Comment has SubjectKind, which is "films", and SubjectID
//
// A relation that was not loaded is nil; film.LoadedStudio() tells that from
// none. The other model may be of another package of the module, which then
// knows nothing of this one: the reverse is a variable here, StudioFilms, for
// conditions and for [Related].
//
// No method leaves out zero values, no query runs unless a method with a
// context is called, and nothing is loaded behind your back.
//
// It is not for changing the schema of a database: package migrate does that,
// from the same structs.
package db
