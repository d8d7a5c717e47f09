package factory

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/db"
)

// An Inserter is a table that rows of type P are inserted into, such as Films.
type Inserter[P any] interface {
	Insert(ctx context.Context, rows ...P) error
}

// A Factory makes rows of one model. It is safe for concurrent use.
type Factory[P any] struct {
	table Inserter[P]
	build func(*Seq) P
	made  atomic.Int64
	seed  uint64
}

// New returns a factory whose rows are what build returns, changed by who asks
// for one. build leaves the key that the database makes alone.
func New[P any](table Inserter[P], build func(s *Seq) P) *Factory[P] {
	return &Factory[P]{table: table, build: build}
}

// Seeded returns a factory of the same rows that counts from one again and
// whose random values are others: those of that seed. The seed of New is 0.
func (f *Factory[P]) Seeded(seed uint64) *Factory[P] {
	return &Factory[P]{table: f.table, build: f.build, seed: seed}
}

// Make returns a row without inserting it. Each of traits changes it, in their
// order: a trait is any function of a row. What it would [Need] is not made.
func (f *Factory[P]) Make(traits ...func(P)) P {
	p, _ := f.row(traits)
	return p
}

// Create makes a row, and what it needs, and inserts it.
func (f *Factory[P]) Create(ctx context.Context, traits ...func(P)) (P, error) {
	list, err := f.CreateMany(ctx, 1, traits...)
	if err != nil {
		var none P
		return none, err
	}
	return list[0], nil
}

// CreateMany makes n rows, and what they need, and inserts all of them or none.
func (f *Factory[P]) CreateMany(ctx context.Context, n int, traits ...func(P)) ([]P, error) {
	list := make([]P, n)
	err := db.Tx(ctx, func(ctx context.Context) error {
		for i := range list {
			p, s := f.row(traits)
			if err := s.meet(ctx); err != nil {
				return err
			}
			list[i] = p
		}
		return f.table.Insert(ctx, list...)
	})
	if err != nil {
		var one P
		return nil, fmt.Errorf("factory: create %T: %w", one, err)
	}
	return list, nil
}

// row makes a row and applies the traits.
func (f *Factory[P]) row(traits []func(P)) (P, *Seq) {
	s := &Seq{n: int(f.made.Add(1))}
	s.Rand = rand.New(rand.NewPCG(f.seed, uint64(s.n)))
	p := f.build(s)
	for _, trait := range traits {
		trait(p)
	}
	return p, s
}
