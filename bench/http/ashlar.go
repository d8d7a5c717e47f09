package main

import (
	"context"
	"embed"
	"log/slog"
	"net/http"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/validate"
)

// The three kinds of handler that Ashlar has, in production's settings. At the
// task "stages" they run behind its whole road; at "route" behind those stages
// that the peers have as well, and else behind none that can be left out.

// newApp returns a started app with the routes that register adds. It has no
// services, so there is nothing to stop.
func newApp(w work, register func(*ashlar.App)) (*ashlar.App, error) {
	cfg := ashlar.Config{
		Hosts:     []string{host},
		Log:       accessLog(slog.LevelInfo),
		Dir:       embed.FS{}, // no settings but these
		LookupEnv: environment,
	}
	others := []string{"headers", "compress", "conditional", "host", "static", "limit", "timeout", "csrf"}
	switch w {
	case bare:
		cfg.Log = accessLog(slog.LevelError)
		cfg.InsecureOmitStages = append(others, "log", "request-id")
	case three:
		cfg.InsecureOmitStages = others
	}
	app := ashlar.New(cfg)
	register(app)
	return app, app.Start(context.Background())
}

// environment is that of a server in production, whatever runs the benchmark.
func environment(name string) (string, bool) {
	if name == "ASHLAR_ENV" {
		return ashlar.Production, true
	}
	return "", false
}

// own has what make returns served by the engine of our own, with its limits.
func own(make func(task) (*ashlar.App, error)) func(task) (server, error) {
	return func(t task) (server, error) {
		app, err := make(t)
		if err != nil {
			return nil, err
		}
		return &httpd.Server{Handler: app}, nil
	}
}

// onStd has it served by net/http's server, with the same limits.
func onStd(make func(task) (*ashlar.App, error)) func(task) (server, error) {
	return func(t task) (server, error) {
		app, err := make(t)
		if err != nil {
			return nil, err
		}
		return serveStd(app, stages), nil
	}
}

func ashlarCtx(t task) (*ashlar.App, error) {
	var rules validate.Validator
	return newApp(t.work, func(app *ashlar.App) {
		app.Get("/hello", func(c *ashlar.Ctx) error { return c.Text("Hello, world") })
		app.Get("/json", func(c *ashlar.Ctx) error { return c.JSON(message{"Hello, world"}) })
		app.Get("/films", func(c *ashlar.Ctx) error { return c.JSON(films) })
		app.Post("/films", func(c *ashlar.Ctx) error {
			var in newFilm
			if err := decodeStrictly(c.Body(), &in); err != nil {
				return errs.Malformed.Wrap(err, "This is no film.")
			}
			if err := rules.Struct(c, &in); err != nil {
				return err
			}
			return c.JSON(create(&in))
		})
		app.Get("/films/{film}/reviews/{review}", func(c *ashlar.Ctx) error {
			rev, ok := findReview(c.Param("film"), c.Param("review"))
			if !ok {
				return errs.NotFound.New("There is no such review.")
			}
			return c.JSON(rev)
		})
	})
}

type none struct{}

type reviewID struct {
	Film   int64 `path:"film"`
	Review int64 `path:"review"`
}

func ashlarAction(t task) (*ashlar.App, error) {
	return newApp(t.work, func(app *ashlar.App) {
		ashlar.Get(app.Router, "/hello", func(context.Context, none) (string, error) { return "Hello, world", nil })
		ashlar.Get(app.Router, "/json", func(context.Context, none) (message, error) { return message{"Hello, world"}, nil })
		ashlar.Get(app.Router, "/films", func(context.Context, none) ([]film, error) { return films, nil })
		ashlar.Post(app.Router, "/films", func(_ context.Context, in newFilm) (created, error) { return create(&in), nil })
		ashlar.Get(app.Router, "/films/{film}/reviews/{review}", func(_ context.Context, in reviewID) (review, error) {
			return reviewOf(in.Film, in.Review), nil
		})
	})
}

func ashlarMount(t task) (*ashlar.App, error) {
	return newApp(t.work, func(app *ashlar.App) {
		if t.mounted {
			app.Mount("/", mountable())
			return
		}
		app.Handle("GET /hello", http.HandlerFunc(stdHello))
		app.Handle("GET /json", http.HandlerFunc(stdJSON))
		app.Handle("GET /films", http.HandlerFunc(stdList))
		app.Handle("POST /films", stdPost(newValidator()))
		app.Handle("GET /films/{film}/reviews/{review}", stdReview((*http.Request).PathValue))
	})
}
