// Package seed fills a database with what an app begins with: the command seed
// runs functions that modules bring.
//
//	app := ashlar.New(cfg, db.Module(…), migrate.Module(…), seed.Module(), catalog.Module())
//
//	func Module() ashlar.Module { // of the catalogue
//		return ashlar.Module{Name: "catalog", Setup: func(s *ashlar.Setup) error {
//			s.Add(seed.Seed{Name: "genres", Run: seedGenres})
//			s.Add(seed.Seed{Name: "films", Sample: true, Run: seedFilms})
//			return nil
//		}}
//	}
//
// A seed may be run again at any time, and then changes nothing but what was
// changed in itself: it writes by Upsert or FindOrCreate, by a key that it
// chooses. Nothing remembers which seeds ran, so one that was edited is simply
// run again.
//
//	func seedGenres(ctx context.Context) error {
//		return Genres.Upsert(ctx, db.OnConflict(Genres.Slug).Update(Genres.Name),
//			&Genre{Slug: "drama", Name: "Drama"}, &Genre{Slug: "comedy", Name: "Comedy"})
//	}
//
// It is not for changes of data that go with a change of the schema: those are
// migrations.
package seed

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
)

// A Seed is one function of the command seed. A module adds it with Setup.Add.
type Seed struct {
	Name string // one word, unique in the app
	Run  func(context.Context) error

	// Sample is data to try the app with. It is not run in production.
	Sample bool
}

// Module gives an app the command seed. It runs all seeds in the order of the
// list of modules, or those that are named, each in a transaction of its own.
func Module() ashlar.Module {
	return ashlar.Module{
		Name: "seed",
		Doc:  "fills the database with what the app begins with",
		Setup: func(s *ashlar.Setup) error {
			var seeds []Seed
			s.Need(&seeds)
			production := s.Env() == ashlar.Production
			s.Check("names", func(context.Context) error { return check(seeds) })
			s.Command(ashlar.Command{
				Name: "seed", Usage: "[NAME…]", Doc: "fills the database with what the app begins with",
				Help: "Without names all seeds are run, in their order; in production without those that are samples.\n" +
					"A seed may be run again: it changes nothing but what was changed in itself.",
				Run: func(ctx context.Context, call *ashlar.Call) error { return run(ctx, call, seeds, production) },
			})
			return nil
		},
	}.At(errs.Caller(0))
}

// check reports seeds that no command line can name.
func check(seeds []Seed) error {
	for i, s := range seeds {
		switch {
		case s.Name == "" || strings.ContainsAny(s.Name, " -") || s.Run == nil:
			return fmt.Errorf("seed %q: needs a name of one word and a Run function", s.Name)
		case slices.ContainsFunc(seeds[:i], func(o Seed) bool { return o.Name == s.Name }):
			return fmt.Errorf("seed %q: is there twice; give one of them another name", s.Name)
		}
	}
	return nil
}

func run(ctx context.Context, call *ashlar.Call, seeds []Seed, production bool) error {
	chosen, err := named(seeds, call.Args)
	if err != nil {
		return err
	}
	for _, s := range chosen {
		if s.Sample && production {
			if len(call.Args) > 0 {
				return fmt.Errorf("seed %s: is a sample, which does not run in production", s.Name)
			}
			continue
		}
		began := ashlar.Now(ctx)
		if err := db.Tx(ctx, s.Run); err != nil {
			return fmt.Errorf("seed %s: %w", s.Name, err)
		}
		if _, err := fmt.Fprintf(call.Out, "seeded %s (%v)\n", s.Name, ashlar.Now(ctx).Sub(began).Round(time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}

// named returns the seeds of these names, in the order of the seeds, all for
// none.
func named(seeds []Seed, names []string) ([]Seed, error) {
	var all []string
	for _, s := range seeds {
		all = append(all, s.Name)
	}
	for _, name := range names {
		if !slices.Contains(all, name) {
			return nil, ashlar.UsageError{Text: fmt.Sprintf("no seed %q; there are %s", name, strings.Join(all, ", "))}
		}
	}
	if len(names) == 0 {
		return seeds, nil
	}
	return slices.DeleteFunc(slices.Clone(seeds), func(s Seed) bool { return !slices.Contains(names, s.Name) }), nil
}
