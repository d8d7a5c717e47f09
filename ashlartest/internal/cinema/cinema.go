// Package cinema is two models with relations, for tests of ashlartest.
package cinema

//go:generate go run github.com/ashlar-go/ashlar/cmd/ashlar generate

// Film is shown.
//
//ashlar:model
type Film struct {
	ID      int64  `db:"pk"`
	Slug    string `db:"size=100,unique"`
	Reviews []*Review
}

// Review is what somebody wrote about a film.
//
//ashlar:model
type Review struct {
	ID     int64 `db:"pk"`
	FilmID int64
	Stars  int32
	Film   *Film
}
