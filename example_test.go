package ashlar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
)

// visitor starts an app and returns a function that sends it a request and
// prints the answer. A program calls app.Main instead.
func visitor(app *ashlar.App) func(method, target string, form ...string) {
	if err := app.Start(context.Background()); err != nil {
		panic(err)
	}
	return func(method, target string, form ...string) {
		r := httptest.NewRequest(method, target, strings.NewReader(strings.Join(form, "&")))
		if len(form) > 0 {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		answer := w.Header().Get("Location") + strings.TrimSpace(w.Body.String())
		var problem ashlar.Problem
		if w.Code >= 400 && json.Unmarshal(w.Body.Bytes(), &problem) == nil {
			answer = problem.Detail
		}
		fmt.Println(w.Code, answer)
	}
}

var quiet = ashlar.Config{Log: slog.New(slog.DiscardHandler)}

// The smallest app.
func Example() {
	app := ashlar.New(quiet)
	app.Get("/hello/{name}", func(c *ashlar.Ctx) error { return c.Text("Hello, " + c.Param("name")) })

	visit := visitor(app) // in a program: app.Main()
	visit("GET", "/hello/Ann")
	// Output: 200 Hello, Ann
}

type Search struct {
	Genre string `path:"genre"`
	Words string `query:"q" validate:"max=40"`
	Page  int    `query:"page" default:"1" validate:"min=1"`
}

type Found struct {
	Title string `json:"title"`
	Page  int    `json:"page"`
}

// An action knows nothing of HTTP: its input says where each field comes from,
// its output is sent in the form that the client prefers.
func ExampleGet() {
	search := func(_ context.Context, in Search) ([]Found, error) {
		if in.Genre != "drama" {
			return nil, errs.NotFound.New("There is no such genre.")
		}
		return []Found{{"Solaris", in.Page}}, nil
	}
	app := ashlar.New(quiet)
	ashlar.Get(app.Router, "/films/{genre}", search)

	visit := visitor(app)
	visit("GET", "/films/drama?q=solaris&page=2")
	visit("GET", "/films/drama")

	// A test calls the function.
	_, err := search(context.Background(), Search{Genre: "western"})
	fmt.Println(err)
	// Output:
	// 200 [{"title":"Solaris","page":2}]
	// 200 [{"title":"Solaris","page":1}]
	// There is no such genre.
}

type Signup struct {
	Email string `form:"email" validate:"required,email"`
	Age   int    `form:"age" validate:"min=18"`
}

// A form is shown again with a message beside each field that is not right,
// and with what was typed.
func ExampleForm() {
	signUp := func(_ context.Context, in ashlar.Form[Signup]) (ashlar.Response, error) {
		if in.Valid() && in.Value.Email == "ann@example.com" {
			in.Reject("email", "taken", "This address has an account already.")
		}
		if in.Valid() {
			return ashlar.Redirect("/welcome"), nil
		}
		return ashlar.ResponseFunc(func(c *ashlar.Ctx) error { // in a site: a template
			email, err := in.Field("email")
			if err != nil {
				return err
			}
			return c.Status(422).Text(fmt.Sprintf("email %q: %s", email.Value, email.Error))
		}), nil
	}
	app := ashlar.New(quiet)
	ashlar.Post(app.Router, "/signup", signUp, ashlar.InsecureNoCSRF()) // for the example; forms carry Ctx.CSRFToken

	visit := visitor(app)
	visit("POST", "/signup", "email=nobody", "age=20")
	visit("POST", "/signup", "email="+url.QueryEscape("ann@example.com"), "age=20")
	visit("POST", "/signup", "email="+url.QueryEscape("bob@example.com"), "age=20")
	// Output:
	// 422 email "nobody": Must be an email address.
	// 422 email "ann@example.com": This address has an account already.
	// 303 /welcome
}

// Catalog is a service: it is handed what it needs and knows nothing of the
// app.
type Catalog struct{ clock ashlar.Clock }

func (c *Catalog) Show(_ context.Context, in struct {
	ID int `path:"id"`
}) (string, error) {
	return fmt.Sprintf("film %d, as of %d", in.ID, c.clock().Year()), nil
}

// A module is one entry of the list in main.go. It says what it provides and
// needs; the app checks all of it before anything runs.
func ExampleModule() {
	data := ashlar.Module{Name: "data", Doc: "keeps the films", Setup: func(s *ashlar.Setup) error {
		s.Provide(func(clock ashlar.Clock) *Catalog { return &Catalog{clock} })
		s.Run(ashlar.Service{
			Start: func(context.Context) error { fmt.Println("data starts"); return nil },
			Stop:  func(context.Context) error { fmt.Println("data stops"); return nil },
		})
		return nil
	}}
	web := ashlar.Module{Name: "web", Doc: "shows them", Setup: func(s *ashlar.Setup) error {
		s.Routes(func(r *ashlar.Router, catalog *Catalog) {
			ashlar.Get(r, "/films/{id:int}", catalog.Show, ashlar.Name("film"))
		})
		return nil
	}}

	cfg := quiet
	cfg.Clock = func() time.Time { return time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC) }
	app := ashlar.New(cfg, data, web)
	visit := visitor(app)
	visit("GET", "/films/7")
	_ = app.Stop(context.Background())
	// Output:
	// data starts
	// 200 film 7, as of 2026
	// data stops
}

// A group has a prefix, options and stages in front of its handlers: functions
// of a Ctx, or any middleware made for net/http.
func ExampleRouter_Group() {
	app := ashlar.New(quiet)
	app.Group("/admin", func(r *ashlar.Router) {
		r.Use(ashlar.Stage{Name: "staff", Run: func(c *ashlar.Ctx) error {
			if c.Query("key") != "open" {
				return errs.Forbidden.New("This is for staff.")
			}
			return c.Next()
		}})
		r.Use(ashlar.Stage{Name: "legacy", Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Legacy", "1")
				next.ServeHTTP(w, r)
			})
		}})
		r.Get("/stock", func(c *ashlar.Ctx) error { return c.Text("3 films left") })
	})

	visit := visitor(app)
	visit("GET", "/admin/stock?key=open")
	visit("GET", "/admin/stock")
	// Output:
	// 200 3 films left
	// 403 This is for staff.
}
