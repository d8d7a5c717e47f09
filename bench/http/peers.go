package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/labstack/echo/v5"
)

func stdHandler(middlewares bool) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello", stdHello)
	mux.HandleFunc("GET /json", stdJSON)
	mux.HandleFunc("GET /films/{id}", stdFilm(func(r *http.Request) string { return r.PathValue("id") }))
	if middlewares {
		return wrap(mux), nil
	}
	return mux, nil
}

func chiHandler(middlewares bool) (http.Handler, error) {
	r := chi.NewRouter()
	if middlewares {
		r.Use(wrap)
	}
	r.Get("/hello", stdHello)
	r.Get("/json", stdJSON)
	r.Get("/films/{id}", stdFilm(func(r *http.Request) string { return chi.URLParam(r, "id") }))
	return r, nil
}

func stdHello(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "Hello, world") // the client has gone: nothing to do
}

func stdJSON(w http.ResponseWriter, _ *http.Request) { writeJSON(w, message{"Hello, world"}) }

func stdFilm(param func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(param(r), 10, 64)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		writeJSON(w, filmOf(id))
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the types can be encoded, and the client may go
}

func echoHandler(middlewares bool) (http.Handler, error) {
	e := echo.New()
	if middlewares {
		e.Use(echoMiddlewares()...)
	}
	e.GET("/hello", func(c *echo.Context) error { return c.String(http.StatusOK, "Hello, world") })
	e.GET("/json", func(c *echo.Context) error { return c.JSON(http.StatusOK, message{"Hello, world"}) })
	e.GET("/films/:id", func(c *echo.Context) error {
		id, err := strconv.ParseInt(c.Param("id"), 10, 64)
		if err != nil {
			return echo.ErrNotFound
		}
		return c.JSON(http.StatusOK, filmOf(id))
	})
	return e, nil
}
