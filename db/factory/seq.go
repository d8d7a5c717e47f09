package factory

import (
	"context"
	"math/rand/v2"
	"strconv"
)

// A Seq is what one row is made with: its number, and values that look random
// and are the same in each run.
type Seq struct {
	// Rand is seeded with the factory's seed and the row's number.
	Rand *rand.Rand

	n     int
	needs []func(context.Context) error
}

// N is the number of the row, from 1, among those that the factory made.
func (s *Seq) N() int { return s.n }

// Name returns a text that no other row of the factory has, such as "film 7".
func (s *Seq) Name(of string) string { return of + " " + strconv.Itoa(s.n) }

// OneOf returns one of values, by chance.
func OneOf[T any](s *Seq, values ...T) T { return values[s.Rand.IntN(len(values))] }

// Need makes a row that the new one cannot be without, such as the genre of a
// film, unless a trait has said which: where key is still zero, of creates a
// row, and its id becomes the key.
//
//	factory.Need(s, genres, &f.GenreID, func(g *Genre) int64 { return g.ID })
func Need[P any, K comparable](s *Seq, of *Factory[P], key *K, id func(P) K) {
	s.needs = append(s.needs, func(ctx context.Context) error {
		var zero K
		if *key != zero {
			return nil
		}
		p, err := of.Create(ctx)
		if err != nil {
			return err
		}
		*key = id(p)
		return nil
	})
}

// meet makes the rows that are needed.
func (s *Seq) meet(ctx context.Context) error {
	for _, need := range s.needs {
		if err := need(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Must returns v, and panics if there is an error. It is for tests, and for
// seeds in a main function:
//
//	film := factory.Must(films.Create(ctx))
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
