package reel

import "time"

// Cents is an amount of money.
type Cents int64

// A Film has a column of each type.
//
//ashlar:model
type Film struct {
	ID        int64  `db:"pk"`
	Title     string `db:"size=200,index"`
	Genre     *string
	Price     Cents  `db:"check=price >= 0"`
	Stock     int32  `db:"check=stock >= 0"`
	Slug      string `db:"unique"`
	Rating    *float64
	Released  *time.Time
	InShop    bool
	Poster    []byte
	CreatedAt time.Time
}

// An Order has lines.
//
//ashlar:model
type Order struct {
	ID     int64 `db:"pk"`
	Total  Cents
	Placed time.Time
}

// An OrderLine has a key of two columns.
//
//ashlar:model
type OrderLine struct {
	OrderID  int64 `db:"pk,references=orders.id,ondelete=cascade"`
	FilmID   int64 `db:"pk,references=films.id,index"`
	Quantity int
}

// A Setting has a text for its key.
//
//ashlar:model
type Setting struct {
	Name    string `db:"pk"`
	Value   string
	Weight  float32
	Small   *uint8
	Flag    *bool
	Blob    *[]byte
	Timeout time.Duration
}
