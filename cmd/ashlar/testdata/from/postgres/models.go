package postgres

import (
	"encoding/json"
	"time"

	"github.com/ashlar-go/ashlar/db"
)

// Tables without a model:
//
//   - The table Loud: it has nothing but its primary key.
//   - The table empty: it has no primary key.

// Address is a row of the table addresses.
//
//ashlar:model
type Address struct {
	UserID string `db:"pk"`
	Kind   string `db:"pk"`
	Street string

	User       *Person
	Deliveries []*Delivery `db:"has=UserID+Kind"`
}

// Delivery is a row of the table deliveries.
//
//ashlar:model
type Delivery struct {
	ID     int64 `db:"pk"`
	UserID string
	Kind   string
	Email  *string `db:"references=people.email"`

	Address *Address `db:"rel=UserID+Kind"`
}

// FilmTag is a row of the table film_tags.
//
//ashlar:model
type FilmTag struct {
	FilmID int64 `db:"pk"`
	TagID  int64 `db:"pk"`

	Film *Film
	Tag  *Tag
}

// FilmStatus is what the column status may hold.
type FilmStatus string

// The values of FilmStatus.
const (
	FilmStatusDraft FilmStatus = "draft"
	FilmStatusGone  FilmStatus = "gone"
)

// FilmMood is what the column mood may hold.
type FilmMood string

// The values of FilmMood.
const (
	FilmMoodCalm      FilmMood = "calm"
	FilmMoodVeryTense FilmMood = "very tense"
)

// Film is a row of the table films.
//
//ashlar:model
type Film struct {
	ID       int64      `db:"pk"`
	Title    string     `db:"index=films_by_title"`
	StudioID int64      `db:"index=films_by_title"`
	Status   FilmStatus `db:"size=20,enum,default='draft'"`
	Mood     *FilmMood
	Price    string `db:"check=(price >= (0)::numeric)"` // decimal(10,2), as its text; has a default, which Insert does not use
	Seen     bool   `db:"default=false"`
	Poster   *[]byte
	Rating   *float64
	Released *time.Time               // date, taken as UTC
	Created  time.Time                // has a default, which Insert does not use
	Extra    db.JSON[json.RawMessage] // has a default, which Insert does not use
	More     *string
	Run      *string // interval, as its text

	Studio *Studio `db:"ondelete=cascade"`
	Tags   []*Tag  `db:"through=FilmTag"`

	// Left out is the column weight: a decimal whose digits behind the point are not fixed is no one type of Go.
	// Left out is the column "Odd Column": the generator takes names of letters of a to z, digits and _, 63 at most.
}

// Passport is a row of the table passports.
//
//ashlar:model
type Passport struct {
	PersonID string `db:"pk"`
	Number   string

	Person *Person `db:"ondelete=cascade"`
}

// Person is a row of the table people.
//
//ashlar:model table=people
type Person struct {
	ID        string `db:"pk"`
	Email     string `db:"unique"`
	ManagerID *string

	Manager          *Person
	Addresses        []*Address `db:"has=UserID"`
	Passport         *Passport  `db:"has=PersonID"`
	PersonsByManager []*Person  `db:"has=ManagerID"`
}

// Studio is a row of the table studios.
//
//ashlar:model
type Studio struct {
	ID          int64  `db:"pk"`
	Name        string `db:"size=80,unique"`
	HomepageURL *string
	Tags        *[]string

	Films []*Film
}

// Tag is a row of the table tags.
//
//ashlar:model
type Tag struct {
	ID    int64 `db:"pk"`
	Label string

	Films []*Film `db:"through=FilmTag"`
}
