package main

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
)

// The three kinds of handler that Ashlar has. All of them run behind its whole
// pipeline, as in production: nothing that is on by default is switched off.
// Without middlewares the log is set to a level above that of requests.

// host is the host that the client asks for.
const host = "films.example"

// start returns a started app with the routes that register adds. It has no
// services, so there is nothing to stop.
func start(middlewares bool, register func(*ashlar.App)) (http.Handler, error) {
	level := slog.LevelError
	if middlewares {
		level = slog.LevelInfo
	}
	app := ashlar.New(ashlar.Config{
		Hosts:     []string{host},
		Log:       accessLog(level),
		Dir:       embed.FS{}, // no settings but these
		LookupEnv: environment,
	})
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

func ashlarCtx(middlewares bool) (http.Handler, error) {
	return start(middlewares, func(app *ashlar.App) {
		app.Get("/hello", func(c *ashlar.Ctx) error { return c.Text("Hello, world") })
		app.Get("/json", func(c *ashlar.Ctx) error { return c.JSON(message{"Hello, world"}) })
		app.Get("/films/{id}", func(c *ashlar.Ctx) error {
			id, err := strconv.ParseInt(c.Param("id"), 10, 64)
			if err != nil {
				return errs.NotFound.Wrap(err, "There is no such film.")
			}
			return c.JSON(filmOf(id))
		})
	})
}

// onOwn marks an app that is served by package httpd rather than by net/http.
type onOwn struct{ *ashlar.App }

// own has what make returns served by the engine of our own.
func own(make func(bool) (http.Handler, error)) func(bool) (http.Handler, error) {
	return func(middlewares bool) (http.Handler, error) {
		h, err := make(middlewares)
		if err != nil {
			return nil, err
		}
		return onOwn{h.(*ashlar.App)}, nil
	}
}

type none struct{}

type filmID struct {
	ID int64 `path:"id"`
}

func ashlarAction(middlewares bool) (http.Handler, error) {
	return start(middlewares, func(app *ashlar.App) {
		ashlar.Get(app.Router, "/hello", func(context.Context, none) (string, error) { return "Hello, world", nil })
		ashlar.Get(app.Router, "/json", func(context.Context, none) (message, error) { return message{"Hello, world"}, nil })
		ashlar.Get(app.Router, "/films/{id}", func(_ context.Context, in filmID) (film, error) { return filmOf(in.ID), nil })
	})
}

func ashlarMount(middlewares bool) (http.Handler, error) {
	return start(middlewares, func(app *ashlar.App) {
		app.Handle("GET /hello", http.HandlerFunc(stdHello))
		app.Handle("GET /json", http.HandlerFunc(stdJSON))
		app.Handle("GET /films/{id}", stdFilm(func(r *http.Request) string { return r.PathValue("id") }))
	})
}
