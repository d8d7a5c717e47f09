// Package ashlar is a backend framework: an application is a list of modules,
// a request has one road, and work has one shape.
//
//	func main() {
//		app := ashlar.New(ashlar.Config{Name: "reel"},
//			db.Module(db.Config{URL: "sqlite:reel.db"}, sqlite.Driver),
//			session.Module(session.Config{}, dbstore.Store),
//			view.Module(view.Config{FS: templates}),
//			catalog.Module(),
//		)
//		app.Main() // serve (the default), routes, pipeline, modules, config, check, …
//	}
//
// There are three kinds of handler:
//
//	ashlar.Get(r, "/films/{id:int}", catalog.Show)                // an action: typed in, typed out
//	r.Get("/films/{id}/poster", func(c *ashlar.Ctx) error { … })   // the wire itself
//	r.Handle("GET /metrics", promhttp.Handler())                   // any http.Handler
//
// An [App] is an http.Handler, and so runs under any server and in httptest;
// any func(http.Handler) http.Handler can be a [Stage] of its road. The road
// is in pipeline.go, the life of an App in app.go, its defaults in [Config].
//
// This package and all that it imports are the standard library and this
// module. It is not for what has a package of its own: routing alone is in
// router, configuration in config, rules on structs in validate; they know
// nothing of an App.
package ashlar
