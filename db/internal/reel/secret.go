package reel

import "github.com/ashlar-go/ashlar/db"

// A Patient has secrets of all kinds, and JSON that may be missing.
//
//ashlar:model was=people
type Patient struct {
	ID      int64 `db:"pk"`
	Name    db.Secret[string]
	Scan    db.Secret[[]byte] `db:"was=picture"`
	History db.Secret[[]Visit]
	Note    *db.Secret[string]
	Attrs   *db.JSON[Attrs]
}

// A Visit is part of a Patient's history.
type Visit struct {
	Why  string `json:"why"`
	Cost Cents  `json:"cost"`
}
