package main

import (
	"fmt"
	"time"
)

// The tables that all contenders read and write. The structs are those of
// Ashlar, Bun, GORM and the code by hand; Ent and sqlc generate their own.

// A Film is a row of films.
//
//ashlar:model
type Film struct {
	ID       int64   `db:"pk" bun:",pk,autoincrement"`
	Title    string  `db:"size=200"`
	Genre    string  `db:"size=40,index"`
	Director *string `db:"size=200"`
	Price    int64   `db:"check=price >= 0"`
	Rating   *float64
	InShop   bool
	Added    int64 // microseconds since 1970: the peers have no type for what SQLite stores of a time
	StudioID int64
	Studio   *Studio   `bun:"rel:belongs-to,join:studio_id=id"`
	Reviews  []*Review `bun:"rel:has-many,join:id=film_id"`
}

// A Studio is a row of studios.
//
//ashlar:model
type Studio struct {
	ID      int64  `db:"pk" bun:",pk,autoincrement"`
	Name    string `db:"size=100"`
	Country string `db:"size=40"`
}

// A Review is a row of reviews.
//
//ashlar:model
type Review struct {
	ID     int64  `db:"pk" bun:",pk,autoincrement"`
	FilmID int64  `db:"index"`
	Author string `db:"size=100"`
	Stars  int64
	Body   string `db:"size=2000"`
}

// A World is a row of worlds, a number that is read and changed. It and Fortune
// are the tables of the web tests, as they are known from TechEmpower.
//
//ashlar:model
type World struct {
	ID           int64 `db:"pk" bun:",pk,autoincrement" json:"id"`
	RandomNumber int64 `json:"random_number"`
}

// A Fortune is a row of fortunes, a saying.
//
//ashlar:model
type Fortune struct {
	ID      int64  `db:"pk" bun:",pk,autoincrement"`
	Message string `db:"size=200"`
}

// A Stock is what is known of the films of a genre.
type Stock struct {
	Genre   string
	Films   int64
	Dearest int64
}

// genres are those of the films; a list asks for one of them.
var genres = [...]string{"Comedy", "Crime", "Documentary", "Drama", "Western"}

const (
	filmCount   = 1000
	studioCount = 24
	perFilm     = 3 // reviews
	worldCount  = 10_000
)

// makeFilms returns n films without keys. Every third has no director, every
// fourth no rating.
func makeFilms(n int) []*Film {
	start := time.Date(2026, 1, 1, 0, 0, 0, 250_000, time.UTC).UnixMicro()
	films := make([]*Film, n)
	for i := range films {
		f := &Film{
			Title:    fmt.Sprintf("The Film Number %d", i+1),
			Genre:    genres[i%len(genres)],
			Price:    int64(500 + i%20*50),
			InShop:   i%2 == 0,
			Added:    start + int64(i)*1_000_000,
			StudioID: int64(i%studioCount + 1),
		}
		if i%3 != 0 {
			f.Director = new(fmt.Sprintf("Director %d", i%70))
		}
		if i%4 != 0 {
			f.Rating = new(float64(i%100) / 10)
		}
		films[i] = f
	}
	return films
}

func makeStudios() []*Studio {
	studios := make([]*Studio, studioCount)
	for i := range studios {
		studios[i] = &Studio{Name: fmt.Sprintf("Studio %d", i+1), Country: []string{"Japan", "France", "Senegal"}[i%3]}
	}
	return studios
}

// makeReviews returns perFilm reviews of each film that is there to read.
func makeReviews() []*Review {
	var reviews []*Review
	for film := range filmCount {
		for i := range perFilm {
			reviews = append(reviews, &Review{
				FilmID: int64(film + 1), Author: fmt.Sprintf("Critic %d", (film+i)%40), Stars: int64((film+i)%5 + 1),
				Body: "Nothing happens, and then it is over, and one sits there in the dark a long time.",
			})
		}
	}
	return reviews
}

func makeWorlds() []*World {
	worlds := make([]*World, worldCount)
	for i := range worlds {
		worlds[i] = &World{RandomNumber: int64(i*7919%worldCount + 1)}
	}
	return worlds
}

// makeFortunes returns sayings that a page must escape, in several scripts.
func makeFortunes() []*Fortune {
	var fortunes []*Fortune
	for _, message := range []string{
		"A film is never finished, only released.",
		"The projector breaks in the last reel.",
		"<script>alert(\"This is text, not a script.\");</script>",
		"Whoever reads the subtitles misses the picture & whoever does not, the joke.",
		"フレームワークのベンチマーク",
		"The sequel was planned before the end was.",
		"Two prints were made; both are lost.",
		"The longest queue is for the shortest film.",
		"A review of one star is still a star.",
		"Silence cannot be dubbed.",
		"The trailer shows everything but the film.",
		"Nobody stays for the credits but those in them.",
	} {
		fortunes = append(fortunes, &Fortune{Message: message})
	}
	return fortunes
}
