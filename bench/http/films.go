package main

import (
	"encoding/json"
	"strings"
)

// What the servers answer and read. Ashlar checks inputs by the tag validate,
// the peers by binding, which is Gin's name for go-playground/validator's: the
// same rules, but for "dive", which there leads into a slice.

// message is the answer to the tasks "json".
type message struct {
	Message string `json:"message"`
}

// review is the answer to the tasks "route" and "stages": 160 bytes of JSON.
type review struct {
	Film   int64  `json:"film"`
	Review int64  `json:"review"`
	Author string `json:"author"`
	Stars  int    `json:"stars"`
	Text   string `json:"text"`
}

func reviewOf(film, number int64) review {
	return review{film, number, "Setsuko", 5, "Nothing happens, and then it is over, and one sits there in the dark a long time, thinking of home."}
}

// film is a row of the answer to the task "list".
type film struct {
	ID       int64  `json:"id"`
	Title    string `json:"title"`
	Director string `json:"director"`
	Genre    string `json:"genre"`
	Year     int    `json:"year"`
	Minutes  int    `json:"minutes"`
	Price    int    `json:"price"`
	InStock  bool   `json:"in_stock"`
}

// films are the rows: 100, 16 KB of JSON.
var films = makeFilms()

func makeFilms() []film {
	list := make([]film, 100)
	for i := range list {
		list[i] = film{int64(1000 + i), "The Flavour of Green Tea over Rice", "Yasujiro Ozu, Kogo Noda",
			"drama", 1920 + i, 90 + i%60, 700 + 10*i, i%3 > 0}
	}
	return list
}

// newFilm is the input of the task "post".
type newFilm struct {
	Title    string   `json:"title" validate:"required,max=200" binding:"required,max=200"`
	Director string   `json:"director" validate:"required,max=100" binding:"required,max=100"`
	Genre    string   `json:"genre" validate:"oneof=drama comedy western" binding:"oneof=drama comedy western"`
	Year     int      `json:"year" validate:"min=1888,max=2100" binding:"min=1888,max=2100"`
	Minutes  int      `json:"minutes" validate:"min=1,max=1000" binding:"min=1,max=1000"`
	Contact  string   `json:"contact" validate:"required,email" binding:"required,email"`
	Tags     []string `json:"tags" validate:"max=10" binding:"max=10"`
	Cast     []role   `json:"cast" validate:"min=1,max=50" binding:"min=1,max=50,dive"`
	Synopsis string   `json:"synopsis" validate:"max=2000" binding:"max=2000"`
}

type role struct {
	Actor string `json:"actor" validate:"required,max=100" binding:"required,max=100"`
	Name  string `json:"name" validate:"required,max=100" binding:"required,max=100"`
}

// created is the answer to the task "post".
type created struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

func create(in *newFilm) created { return created{4711, in.Title} }

// order is what the client posts: 1 KiB.
func order(year int) string {
	in := newFilm{"Tokyo Story", "Yasujiro Ozu", "drama", year, 136, "archive@films.example",
		[]string{"family", "classic", "postwar"}, []role{{"Chishu Ryu", "Shukichi"}, {"Chieko Higashiyama", "Tomi"},
			{"Setsuko Hara", "Noriko"}, {"Haruko Sugimura", "Shige"}, {"So Yamamura", "Koichi"}}, ""}
	const synopsis = "Two old people travel to the city to see their children, who have little time for them. "
	rest := 1024 - len(encode(in))
	in.Synopsis = strings.Repeat(synopsis, rest/len(synopsis)+1)[:rest]
	return encode(in)
}

// encode returns v as the answers have it, up to a line's end.
func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // the types above can be encoded
	}
	return string(text)
}
