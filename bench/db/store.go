package main

import "context"

// A store is one way to reach the tables. What it reads it gives as its own
// structs: converting them is not part of what is measured.
type store interface {
	// get returns the film with this key.
	get(ctx context.Context, id int64) (oneFilm, error)
	// list returns the 100 newest films of a genre.
	list(ctx context.Context, genre string) (manyFilms, error)
	// related returns the same with their studios, and with their reviews in
	// the order of these's keys.
	related(ctx context.Context, genre string) (manyFilms, error)
	// insertOne stores a film without a key and sets it.
	insertOne(ctx context.Context, f *Film) error
	// insert stores films without keys, all or none, and sets their keys.
	insert(ctx context.Context, films []*Film) error
	// raise adds to the price of the film with this key, in the database.
	raise(ctx context.Context, id, by int64) error
	// stock returns how many films each genre has and what the dearest costs,
	// by genre.
	stock(ctx context.Context) ([]Stock, error)
	// trim deletes the films with keys above last.
	trim(ctx context.Context, last int64) error

	// world returns one row, to be encoded as JSON.
	world(ctx context.Context, id int64) (any, error)
	// worlds returns rows by their keys, each by a query of its own.
	worlds(ctx context.Context, ids []int64) (any, error)
	// change reads rows as worlds does, replaces their numbers by what follow
	// makes of them, and writes all of them in one transaction.
	change(ctx context.Context, ids []int64) (any, error)
	// fortunes returns all, in any order.
	fortunes(ctx context.Context) ([]*Fortune, error)

	close() error
}

// A oneFilm is a film as a store has it.
type oneFilm interface{ film() *Film }

// manyFilms are films as a store has them.
type manyFilms interface{ films() []*Film }

func (f *Film) film() *Film { return f }

// ownFilms are those of a store that fills the structs of this package.
type ownFilms []*Film

func (l ownFilms) films() []*Film { return l }

// follow is the number that a row of worlds is changed to.
func follow(number int64) int64 { return number%worldCount + 1 }
