// Package dbstore keeps sessions as rows of the app's database:
//
//	app := ashlar.New(ashlar.Config{},
//		db.Module(db.Config{URL: "sqlite:app.db"}, sqlite.Driver),
//		migrate.Module(migrate.Options{Apply: true}),
//		session.Module(session.Config{}, dbstore.Store),
//	)
//
// It brings the table ashlar_sessions and its migration. Of the cookie only a
// SHA-256 is stored, so a copy of the database opens no session. Requests of
// one visitor that run at the same time are merged key by key; Rotate and
// Destroy are final. A session holds 64 KiB of values, in JSON.
//
// A table of yours may refer to a session by its Ref, which goes with it:
//
//	Session string `db:"references=ashlar_sessions.ref,ondelete=cascade"`
//
// It costs a read per request with a cookie, and a write per request that
// changes the session, or per minute of use (session.Config.Touch). It is not
// for apps without a database: see package cookiestore.
package dbstore
