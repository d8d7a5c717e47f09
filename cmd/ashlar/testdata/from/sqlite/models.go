package sqlite

// Tables without a model:
//
//   - The table log: it has no primary key.
//   - The table "odd name": the generator takes names of letters of a to z, digits and _, 63 at most.

// Tag is a row of the table Tag.
//
//ashlar:model table=tag
type Tag struct {
	TagID int64 `db:"pk,column=tagid"`
	Label string

	Films []*Film `db:"through=FilmTag"`
}

// Address is a row of the table addresses.
//
//ashlar:model
type Address struct {
	UserID int64  `db:"pk"`
	Kind   string `db:"pk"`
	Street string

	User       *Person
	Deliveries []*Delivery `db:"has=UserID+Kind"`
}

// Category is a row of the table categories.
//
//ashlar:model
type Category struct {
	ID       int64 `db:"pk"`
	ParentID *int64
	Name     string

	Parent   *Category
	Children []*Category `db:"has=ParentID"`
}

// Delivery is a row of the table deliveries.
//
//ashlar:model
type Delivery struct {
	ID     int64 `db:"pk"`
	UserID int64
	Kind   string
	At     string

	Address *Address `db:"rel=UserID+Kind"`
}

// FilmTag is a row of the table film_tags.
//
//ashlar:model
type FilmTag struct {
	FilmID int64 `db:"pk,column=film"`
	TagID  int64 `db:"pk"`

	Film *Film
	Tag  *Tag
}

// FilmStatus is what the column status may hold.
type FilmStatus string

// The values of FilmStatus.
const (
	FilmStatusDraft     FilmStatus = "draft"
	FilmStatusInCinemas FilmStatus = "in cinemas"
	FilmStatusGone      FilmStatus = "gone"
)

// Film is a row of the table films.
//
//ashlar:model
type Film struct {
	ID          int64  `db:"pk"`
	Title       string `db:"index=films_by_title,unique=films_title_released"`
	StudioID    int64  `db:"index=films_by_title"`
	CoStudioID  *int64
	Status      FilmStatus `db:"enum,default='draft'"`
	Price       float64    `db:"check=price >= 0,default=0"` // decimal, which SQLite keeps as a floating-point number
	Seen        bool       `db:"default=false"`
	Poster      *[]byte
	Rating      *float64
	Released    *string `db:"unique=films_title_released"` // datetime, of which SQLite keeps the text
	Extra       *string
	Type        *string
	TableColumn *string `db:"column=table"`

	CoStudio *Studio `db:"ondelete=setnull"`
	Studio   *Studio `db:"ondelete=cascade"`
	Tags     []*Tag  `db:"through=FilmTag"`

	// Left out is the column odd: it has no type.
}

// Passport is a row of the table passports.
//
//ashlar:model
type Passport struct {
	PersonID int64 `db:"pk"`
	Number   string

	Person *Person `db:"ondelete=cascade"`
}

// Person is a row of the table people.
//
//ashlar:model table=people
type Person struct {
	ID        int64  `db:"pk"`
	Email     string `db:"unique"`
	ManagerID *int64

	Manager          *Person
	Addresses        []*Address `db:"has=UserID"`
	Passport         *Passport  `db:"has=PersonID"`
	PersonsByManager []*Person  `db:"has=ManagerID"`
}

// Status is a row of the table status.
//
//ashlar:model table=status
type Status struct {
	Code  string `db:"pk"`
	Label string
}

// Studio is a row of the table studios.
//
//ashlar:model
type Studio struct {
	ID          int64  `db:"pk"`
	Name        string `db:"size=80,unique"`
	Founded     *int64
	HomepageURL *string

	FilmsByCoStudio []*Film `db:"has=CoStudioID"`
	FilmsByStudio   []*Film
}
