package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/go-playground/validator/v10"
)

// net/http with its ServeMux, and chi, which is a router for it.

// serveStd returns h behind net/http's server. Those without middlewares have
// no time limits, as in the first example of each peer; the others have the
// limits that Ashlar has at all tasks.
func serveStd(h http.Handler, w work) server {
	if w == bare {
		return &http.Server{Handler: h}
	}
	return &http.Server{Handler: h, ReadHeaderTimeout: headTime, IdleTimeout: idleTime, MaxHeaderBytes: headLimit}
}

func stdServer(t task) (server, error) {
	mux := mountable()
	if !t.mounted {
		mux.HandleFunc("GET /json", stdJSON)
		mux.HandleFunc("GET /films", stdList)
		mux.HandleFunc("POST /films", stdPost(newValidator()))
		mux.HandleFunc("GET /films/{film}/reviews/{review}", stdReview((*http.Request).PathValue))
	}
	switch t.work {
	case three:
		return serveStd(withThree(mux), t.work), nil
	case stages:
		return serveStd(withStages(mux), t.work), nil
	}
	return serveStd(mux, t.work), nil
}

func chiServer(t task) (server, error) {
	r := chi.NewRouter()
	switch t.work {
	case three:
		r.Use(withThree)
	case stages:
		r.Use(chiStages()...)
	}
	if t.mounted {
		r.Mount("/", mountable())
		return serveStd(r, t.work), nil
	}
	r.Get("/hello", stdHello)
	r.Get("/json", stdJSON)
	r.Get("/films", stdList)
	r.Post("/films", stdPost(newValidator()))
	r.Get("/films/{film}/reviews/{review}", stdReview(chi.URLParam))
	return serveStd(r, t.work), nil
}

// mountable is the handler of the task "mount".
func mountable() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello", stdHello)
	return mux
}

func stdHello(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "Hello, world") // the client has gone: nothing to do
}

func stdJSON(w http.ResponseWriter, _ *http.Request) { writeJSON(w, message{"Hello, world"}) }

func stdList(w http.ResponseWriter, _ *http.Request) { writeJSON(w, films) }

func stdReview(param func(r *http.Request, name string) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rev, ok := findReview(param(r, "film"), param(r, "review"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		writeJSON(w, rev)
	}
}

// findReview takes the parameters as they stand in the path.
func findReview(film, number string) (review, bool) {
	f, err := strconv.ParseInt(film, 10, 64)
	if err != nil {
		return review{}, false
	}
	n, err := strconv.ParseInt(number, 10, 64)
	return reviewOf(f, n), err == nil
}

func stdPost(v *validator.Validate) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in newFilm
		if err := decodeStrictly(r.Body, &in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := v.Struct(&in); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		writeJSON(w, create(&in))
	}
}

// decodeStrictly refuses fields that nobody reads, as Ashlar does.
func decodeStrictly(r io.Reader, v any) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// newValidator checks the rules in the tag binding.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.SetTagName("binding")
	return v
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the types can be encoded, and the client may go
}
