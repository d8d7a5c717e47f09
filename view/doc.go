// Package view renders HTML pages from templates: the language and the
// escaping of html/template, with a layout, partials and the helpers that a
// page needs, all parsed and checked when the app starts.
//
//	//go:embed all:templates
//	var files embed.FS
//
//	var ShowFilm = view.Page[ShowData]("films/show.html")
//
//	func (c *Catalog) Show(ctx context.Context, in FilmID) (ashlar.Response, error) {
//		film, err := Films.Get(ctx, in.ID)
//		if err != nil {
//			return nil, err
//		}
//		return ShowFilm.With(ShowData{Film: film}), nil
//	}
//
// # Files
//
// layout.html stands around every page and has {{block "content" .}}{{end}}
// where the page goes. A page, such as films/show.html, defines "content" and
// whatever other blocks the layout has; one that does not define "content"
// stands alone. Files whose name begins with "_" are partials: partials/_card.html
// is {{template "card" .}} on every page, in a page or in the layout.
//
// # Helpers
//
//	{{url "film" "id" .ID}}   the path of a named route; further pairs are the query
//	{{asset "shop.css"}}      the URL of a static file, with its fingerprint
//	{{csrf}}                  the hidden field that every form with method post needs
//	{{nonce}}                 for the nonce attribute of a script or style element
//	{{field .Form "email"}}   one field of an ashlar.Form: Name, ID, Value, Error …
//	{{dict "film" . "big" 1}} a map, to pass several values to a partial
//
// Config.Funcs adds the app's own.
//
// Anything with a method Render(ctx, io.Writer) error is a page as well: see
// [Answer]. The package is not for text that is no HTML: its escaping would
// be wrong there.
package view
