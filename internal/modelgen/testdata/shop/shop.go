// Package shop is a model package as users write it, for the tests.
package shop

import "time"

// Cents is an amount of money.
type Cents int64

// Genre is one of the shop's shelves.
type Genre string

//ashlar:model
type Film struct {
	ID        int64  `db:"pk"`
	Title     string `db:"size=200,index"`
	Genre     *Genre
	Price     Cents  `db:"check=price >= 0"`
	Stock     int64  `db:"check=stock >= 0,default=0"`
	Slug      string `db:"unique"`
	Rating    *float64
	Released  *time.Time
	InShop    bool `db:"default=true"`
	Poster    []byte
	CreatedAt time.Time

	Lines []*OrderLine

	loaded bool
}

//ashlar:model was=purchases
type Order struct {
	ID     int64  `db:"pk"`
	Status string `db:"default=new,check=status in ('new', 'paid'),index=by_status"`
	Placed time.Time
}

//ashlar:model
type OrderLine struct {
	OrderID  int64 `db:"pk,references=orders.id,ondelete=cascade"`
	FilmID   int64 `db:"pk,references=films.id,index"`
	Quantity int32 `db:"was=qty"`
	Price    Cents
	Order    *Order
	Film     *Film
}

//ashlar:model table=settings
type Setting struct {
	Key   string `db:"pk,column=name"`
	Value string
	Flag  *bool
	Data  *[]byte
	Small uint8
	Plain int
	Ratio float32
	Wait  time.Duration
	Notes func() `db:"-"`
}
