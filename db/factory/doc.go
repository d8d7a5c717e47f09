// Package factory makes rows for tests and for development, with all that they
// need and as many as are wanted. A factory says once what a usual row looks
// like; each use says only what matters to it:
//
//	var genres = factory.New(Genres, func(s *factory.Seq) *Genre {
//		return &Genre{Name: s.Name("genre")}
//	})
//
//	var films = factory.New(Films, func(s *factory.Seq) *Film {
//		f := &Film{Title: s.Name("film"), Stock: s.Rand.Int64N(10)}
//		factory.Need(s, genres, &f.GenreID, func(g *Genre) int64 { return g.ID })
//		return f
//	})
//
//	func soldOut(f *Film) { f.Stock = 0 } // a trait is a function
//
//	film, err := films.Create(ctx, soldOut, func(f *Film) { f.Title = "Ran" })
//	many, err := films.CreateMany(ctx, 100)
//
// Rows are inserted as any others are: rules and hooks of the model hold. The
// n-th row of a factory is the same in each run.
//
// It is not for data that an app cannot be without: that is a migration.
package factory
