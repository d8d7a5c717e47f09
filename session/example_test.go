package session_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/cookiestore"
)

// A value that lasts from one request to the next.
func Example() {
	visits := session.NewKey[int]("home.visits")

	app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler)},
		session.Module(session.Config{}, cookiestore.Store),
	)
	app.Get("/", func(c *ashlar.Ctx) error {
		n, _ := visits.Get(c)
		if err := visits.Set(c, n+1); err != nil {
			return err
		}
		return c.Text(fmt.Sprintf("visit %d", n+1))
	})
	if err := app.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	defer app.Stop(context.Background())

	r := httptest.NewRequest("GET", "/", nil)
	for range 3 {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		fmt.Println(w.Body)
		for _, cookie := range w.Result().Cookies() { // as a browser does
			r = httptest.NewRequest("GET", "/", nil)
			r.AddCookie(cookie)
		}
	}
	// Output:
	// visit 1
	// visit 2
	// visit 3
}

// Signing in and out. Each changes what the visitor may do, so each leaves the
// old session id behind.
func ExampleRotate() {
	userID := session.NewKey[int64]("auth.user")

	signIn := func(c *ashlar.Ctx) error {
		if err := session.Rotate(c); err != nil {
			return err
		}
		if err := userID.Set(c, 42); err != nil {
			return err
		}
		return c.Redirect("/")
	}
	signOut := func(c *ashlar.Ctx) error {
		if err := session.Destroy(c); err != nil {
			return err
		}
		if err := session.AddFlash(c, "info", "You have signed out."); err != nil {
			return err
		}
		return c.Redirect("/")
	}
	home := func(c *ashlar.Ctx) error {
		id, ok := userID.Get(c)
		return c.Text(fmt.Sprint(id, ok, session.Flashes(c)))
	}

	app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler)},
		session.Module(session.Config{}, cookiestore.Store),
	)
	app.Get("/", home)
	app.Post("/in", signIn)
	app.Post("/out", signOut)
	fmt.Println(app.Check(context.Background()))
	// Output: <nil>
}
