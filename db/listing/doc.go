// Package listing is the allow-list of what visitors may ask of a list: how it
// is sorted, what it is filtered by, how long a page is. It is declared once
// for a model, out of its columns:
//
//	var FilmList = listing.New(
//		listing.Sort("title", Films.Title), listing.Sort("price", Films.Price),
//		listing.First("-price"),
//		listing.Filter("title", Films.Title.Contains),
//		listing.Filter("max_price", Films.Price.LTE),
//		listing.AnyOf("genre", Films.Genre.In),
//		listing.Sizes(20, 100),
//	)
//
//	// GET /films?sort=-price,title&filter[title]=tokyo&filter[genre]=Drama&size=20&page=2
//	func list(c *ashlar.Ctx) error {
//		ask, err := FilmList.Parse(c.QueryValues())
//		if err != nil {
//			return err // 422: of the field filter[genre], sort, size …
//		}
//		films, page, err := listing.Page(c, Films.Where(Films.InShop.Eq(true)), ask)
//		…
//	}
//
// What a visitor writes chooses among what was declared, or is a value that is
// bound to the statement: it never becomes part of the SQL. Everything else is
// refused, by the name of its parameter.
//
// It is not a language for conditions: what needs Or, or a range of its own, is
// a filter with a function of yours.
package listing
