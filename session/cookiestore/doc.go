// Package cookiestore keeps sessions in the visitor's cookie, sealed with the
// app's keys, for apps that have no database:
//
//	app := ashlar.New(ashlar.Config{},
//		session.Module(session.Config{}, cookiestore.Store),
//	)
//
// Nobody can read or alter the cookie (AES-256-GCM, package keys). It holds
// some 2.4 KiB of values, in JSON; the sealed text is 3.5 KiB at most, as
// browsers keep no cookie of more than 4 KiB.
//
// Nothing is kept on the server, and that has a price:
//
//   - There is no revocation. Destroy and Rotate replace the cookie in the
//     visitor's browser, but a copy of the old one, made by malware or on a
//     shared machine, stays good until it expires. Shorten session.Config.Idle
//     and Absolute, or use dbstore, where that matters: it does for sign-in.
//   - Of two requests at the same time the last answer wins with all of its
//     values, so a value that must not be lost does not belong here.
//   - The visitor can put an older cookie back, and its values with it: no
//     counters, no "used already".
//   - Every request carries all of it.
//
// It is not for secrets that must be gone at a certain moment.
package cookiestore
