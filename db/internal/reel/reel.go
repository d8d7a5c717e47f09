package reel

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
)

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

	Reviews  []*Review
	Tags     []*Tag     `db:"through=FilmTag"`
	Trailer  *Trailer   `db:"has=FilmID"`
	Comments []*Comment `db:"poly=Subject"`
}

// An Order has lines.
//
//ashlar:model
type Order struct {
	ID     int64 `db:"pk"`
	Total  Cents
	Placed time.Time
	Lines  []*OrderLine
}

// An OrderLine has a key of two columns.
//
//ashlar:model
type OrderLine struct {
	OrderID  int64 `db:"pk,references=orders.id,ondelete=cascade"`
	FilmID   int64 `db:"pk,references=films.id,index"`
	Quantity int
	Order    *Order
	Film     *Film
	Refunds  []*Refund `db:"has=OrderID+FilmID"`
}

// A Refund belongs to a line, by the two columns of its key, or to none.
//
//ashlar:model
type Refund struct {
	ID      int64 `db:"pk"`
	OrderID *int64
	FilmID  *int64
	Pieces  int
	Line    *OrderLine `db:"rel=OrderID+FilmID"`
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

// A Review belongs to a film, and perhaps to a critic.
//
//ashlar:model
type Review struct {
	ID       int64 `db:"pk"`
	FilmID   int64 `db:"ondelete=cascade"`
	CriticID *int64
	Stars    int32
	Words    string

	Film     *Film
	Critic   *Critic
	Comments []*Comment `db:"poly=Subject"`
}

// A Critic writes reviews.
//
//ashlar:model
type Critic struct {
	ID      int64 `db:"pk"`
	Name    string
	Reviews []*Review
}

// A Tag has many films, which have many tags.
//
//ashlar:model
type Tag struct {
	ID    int64   `db:"pk"`
	Name  string  `db:"unique"`
	Films []*Film `db:"through=FilmTag"`
}

// A FilmTag is a pair.
//
//ashlar:model
type FilmTag struct {
	FilmID int64 `db:"pk"`
	TagID  int64 `db:"pk"`
	Since  time.Time
	Film   *Film
	Tag    *Tag
}

// A Trailer is the only one of its film.
//
//ashlar:model
type Trailer struct {
	ID     int64 `db:"pk"`
	FilmID int64 `db:"unique"`
	URL    string
	Film   *Film
}

// A Comment is on a film or on a review.
//
//ashlar:model
type Comment struct {
	ID          int64 `db:"pk"`
	SubjectKind string
	SubjectID   int64
	Text        string
	Film        *Film   `db:"poly=Subject"`
	Review      *Review `db:"poly=Subject"`
}

// A Category is one of a tree.
//
//ashlar:model
type Category struct {
	ID       int64 `db:"pk"`
	Name     string
	ParentID *int64
	Parent   *Category
	Children []*Category
}

// A Note has every column that is filled in, rules and hooks.
//
//ashlar:model hooks=noteHooks
type Note struct {
	ID        int64      `db:"pk"`
	Title     string     `db:"unique" validate:"required,max=20"`
	Stars     int64      `db:"check=stars >= 0" form:"rating"`
	Version   int64      `db:"version"`
	Made      time.Time  `db:"created"`
	Changed   time.Time  `db:"updated"`
	MadeBy    int64      `db:"createdby"`
	ChangedBy *int64     `db:"updatedby"`
	Deleted   *time.Time `db:"softdelete"`

	Calls []string `db:"-" validate:"-"` // of its hooks
}

// noteHooks write down what they are called for.
func noteHooks() db.Hooks[*Note] {
	return db.Hooks[*Note]{
		Before: func(_ context.Context, c db.Change, n *Note) error {
			n.Calls = append(n.Calls, fmt.Sprint("before ", c))
			if n.Title == "refused" {
				return errs.Forbidden.New("This title is refused.")
			}
			return nil
		},
		After: func(_ context.Context, c db.Change, n *Note) error {
			n.Calls = append(n.Calls, fmt.Sprint("after ", c))
			return nil
		},
		AfterCommit: func(_ context.Context, c db.Change, n *Note) {
			n.Calls = append(n.Calls, fmt.Sprint("committed ", c))
		},
	}
}

// State is what a Ticket is in.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed, isn't it"
)

// A Ticket has a key of its own making and types of later thought.
//
//ashlar:model
type Ticket struct {
	ID    string `db:"pk,uuid"`
	State State  `db:"enum"`
	Seat  sql.Null[int64]
	Note  sql.Null[string]
	Until sql.Null[time.Time]
	Attrs db.JSON[Attrs]
}

// Attrs are a Ticket's.
type Attrs struct {
	Kind string `json:"kind"`
	Size struct {
		Width  int     `json:"width"`
		Weight float64 `json:"weight"`
	} `json:"size"`
	Tags []string `json:"tags,omitempty"`
}
