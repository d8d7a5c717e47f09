package reel

import "time"

// An Article is found by its words.
//
//ashlar:model
type Article struct {
	ID      int64      `db:"pk"`
	Title   string     `db:"search=a"`
	Words   *string    `db:"search"`
	Deleted *time.Time `db:"softdelete"`
	Loans   []*Loan
}

// A Loan is of an article, or of none.
//
//ashlar:model
type Loan struct {
	ID        int64  `db:"pk"`
	ArticleID *int64 `db:"ondelete=setnull"`
	Days      int64
	Article   *Article
}

// A Paper is found by words of its language, in all their forms.
//
//ashlar:model search=english
type Paper struct {
	ID    int64  `db:"pk"`
	Title string `db:"search"`
}
