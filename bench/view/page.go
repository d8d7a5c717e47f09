package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log/slog"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/bench/internal/measure"
	"github.com/ashlar-go/ashlar/view"
)

//go:embed all:templates
var files embed.FS

// list is what the page shows.
type list struct {
	Title string
	Films []film
}

type film struct {
	ID              int64
	Title, Director string
	Year, Price     int
	InShop          bool
}

func makeList() list {
	l := list{Title: "Films & more"}
	for i := range 20 {
		f := film{ID: int64(i + 1), Title: fmt.Sprintf("The <Film> No. %d", i+1), Year: 1950 + i, Price: 500 + 50*i, InShop: i%3 != 0}
		if i%4 != 0 {
			f.Director = fmt.Sprintf("Director O'%d", i)
		}
		l.Films = append(l.Films, f)
	}
	return l
}

// A renderer writes the page; all of them write the same bytes.
type renderer struct {
	title string
	write func(context.Context, io.Writer) error
}

// renderers returns html/template by itself, the baseline, and package view.
func renderers(ctx context.Context) ([]renderer, error) {
	folder, err := fs.Sub(files, "templates")
	if err != nil {
		return nil, err
	}
	raw, err := template.New("").ParseFS(folder, "layout.html", "films.html")
	if err != nil {
		return nil, err
	}
	partial, err := fs.ReadFile(folder, "_film.html")
	if err != nil {
		return nil, err
	}
	if _, err := raw.New("film").Parse(string(partial)); err != nil {
		return nil, err
	}
	app, err := startApp(ctx, folder)
	if err != nil {
		return nil, err
	}
	data := makeList()
	page := func(name string) func(context.Context, io.Writer) error {
		p := view.Page[list](name)
		return func(ctx context.Context, w io.Writer) error { return p.With(data).Render(app.Context(ctx), w) }
	}
	return []renderer{
		{"html/template", func(_ context.Context, w io.Writer) error { return raw.ExecuteTemplate(w, "layout.html", data) }},
		{"view", page("films.html")},
		{"view, links by {{url}}", page("linked.html")},
	}, nil
}

// startApp starts an app of the module view, as in production. It has nothing
// to stop.
func startApp(ctx context.Context, templates fs.FS) (*ashlar.App, error) {
	app := ashlar.New(ashlar.Config{
		Hosts: []string{"*"}, Log: slog.New(slog.DiscardHandler), Dir: embed.FS{},
		LookupEnv: environment,
	}, view.Module(view.Config{FS: templates}))
	app.Get("/films/{id}", func(c *ashlar.Ctx) error { return c.NoContent() }, ashlar.Name("film"))
	return app, app.Start(ctx)
}

// environment is that of a server in production, whatever runs the benchmark.
func environment(name string) (string, bool) {
	if name == "ASHLAR_ENV" {
		return ashlar.Production, true
	}
	return "", false
}

// entries returns the renderers for measuring, into memory that is used again.
func entries(list []renderer) []measure.Entry {
	var out []measure.Entry
	for _, r := range list {
		var b bytes.Buffer
		out = append(out, measure.Entry{Title: r.title, Run: func(ctx context.Context) (int, error) {
			const calls = 50
			for range calls {
				b.Reset()
				if err := r.write(ctx, &b); err != nil {
					return 0, err
				}
			}
			return calls, nil
		}})
	}
	return out
}
