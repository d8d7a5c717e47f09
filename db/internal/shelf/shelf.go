package shelf

import "time"

// A Shelf has an array of each type.
//
//ashlar:model
type Shelf struct {
	ID      int64    `db:"pk"`
	Tags    []string `db:"default={}"`
	Pages   []int64
	Weights []float64
	Lent    []bool
	Days    []time.Time
	Notes   *[]string
}
