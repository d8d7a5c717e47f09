// Package session remembers things about a visitor from one request to the
// next: who has signed in, which cart is theirs, what to tell them on the next
// page.
//
//	app := ashlar.New(ashlar.Config{},
//		db.Module(db.Config{URL: "sqlite:app.db"}, sqlite.Driver),
//		migrate.Module(migrate.Options{}),
//		session.Module(session.Config{}, dbstore.Store),
//	)
//
//	var cartID = session.NewKey[int64]("cart.id")
//
//	err := cartID.Set(ctx, 7)        // the first Set begins the session
//	id, ok := cartID.Get(ctx)
//	err = session.Rotate(ctx)        // on sign-in: new id, same values
//	err = session.AddFlash(ctx, "info", "Welcome back.")
//	err = session.Destroy(ctx)       // on sign-out
//
// Nothing is stored and no cookie is set before the first Set. The session of a
// request is loaded before its handler runs and stored once, when the handler
// has answered; a request that ends in an internal error changes nothing.
//
// Where sessions are kept is the driver's matter. With dbstore they are rows of
// the app's database: requests of one visitor that run at the same time lose
// nothing of each other unless they set the same key, and Destroy and Rotate
// are final. With cookiestore they are in the cookie, sealed: no database is
// needed, of requests at the same time the last one wins, and a copy of a cookie
// stays good until it expires, whatever Destroy and Rotate do.
//
// The id in the cookie is 256 random bits. It is named session, or
// __Host-session under TLS, and is HttpOnly, SameSite=Lax and Secure under TLS.
// A session ends after [Config.Idle] without a request and after
// [Config.Absolute] in any case. CSRF tokens are bound to it.
//
// Every route has the session in its context. What is answered without a route
// has none: static files, and pages that are not found.
//
// It is not for large or lasting data: keep that in the database, under the
// user's id or the session's [Ref]. It is not for commands, jobs and other code
// without a request either: there Get finds nothing and Set is an error.
package session
