// Package ashlartest puts an app under test: it starts the app, serves it over
// real HTTP, visits it as a browser does, and stops it when the test ends.
//
//	cfg := ashlartest.Config("DATABASE_URL=sqlite::memory:")
//	c := ashlartest.Start(t, shop(cfg))
//
//	c.Get("/cart") // the page with the form, and its CSRF token
//	res := c.Post("/cart/lines", url.Values{"film": {"7"}, "quantity": {"2"}})
//	if res.Status != 303 || res.Header.Get("Location") != "/cart" {
//		t.Errorf("got %d %s, want a redirect to the cart", res.Status, res.Body)
//	}
//
// A [Client] is one visitor; [Client.Visitor] is another one, with cookies of
// its own. Redirects are not followed, since a test wants to see them:
// [Client.Follow] does. [Clock] and [Logs] stand in for the clock and the log.
// [Databases] gives each test a database, [MaxQueries] and [MaxRepeats] fail it
// when it asks too much of that.
//
// It is not for testing a single action: call the function. Nor is it a
// browser: it runs no script and knows no style.
package ashlartest
