package main

import "fmt"

// A Film is a row of the table that all contenders read and write.
//
//ashlar:model
type Film struct {
	ID       int64   `db:"pk" bun:",pk,autoincrement"`
	Title    string  `db:"size=200"`
	Genre    string  `db:"index"`
	Director *string `db:"size=200"`
	Price    int64   `db:"check=price >= 0"`
	Rating   *float64
	InShop   bool
	Added    int64 // microseconds since 1970: the peers have no type for what SQLite stores of a time
}

// A Stock is what is known of the films of a genre.
type Stock struct {
	Genre   string
	Films   int64
	Dearest int64
}

// genres are those of the films; a list asks for one of them.
var genres = [...]string{"Comedy", "Crime", "Documentary", "Drama", "Western"}

// filmCount is how many films there are to read.
const filmCount = 1000

// makeFilms returns n films without keys. Every third has no director, every
// fourth no rating.
func makeFilms(n int) []*Film {
	films := make([]*Film, n)
	for i := range films {
		f := &Film{
			Title:  fmt.Sprintf("The Film Number %d", i+1),
			Genre:  genres[i%len(genres)],
			Price:  int64(500 + i%20*50),
			InShop: i%2 == 0,
			Added:  1_767_225_600_000_250 + int64(i)*1_000_000,
		}
		if i%3 != 0 {
			name := fmt.Sprintf("Director %d", i%70)
			f.Director = &name
		}
		if i%4 != 0 {
			rating := float64(i%100) / 10
			f.Rating = &rating
		}
		films[i] = f
	}
	return films
}
