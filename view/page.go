package view

import (
	"context"
	"errors"
	"io"

	"github.com/ashlar-go/ashlar"
)

// A Page names a template file and the type of the data that it shows.
type Page[T any] string

// With returns the page with its data, as the output of an action.
func (p Page[T]) With(data T) *Filled { return &Filled{name: string(p), data: data} }

// HTML is a route's option: the action's output can be had as this page by
// clients that prefer text/html, and as JSON by others.
func (p Page[T]) HTML() ashlar.Option {
	return ashlar.Represent(ashlar.Representation{
		MediaType: "text/html",
		Render: func(ctx context.Context, w io.Writer, out any) error {
			return (&Filled{name: string(p), data: out}).Render(ctx, w)
		},
	})
}

// A Renderer is anything that writes a page: a filled template, a component of
// another engine.
type Renderer interface {
	Render(ctx context.Context, w io.Writer) error
}

// Filled is a page with its data.
type Filled struct {
	name   string
	data   any
	status int
}

var (
	_ Renderer        = (*Filled)(nil)
	_ ashlar.Response = (*Filled)(nil)
)

// Status sets the status of the answer, 200 by default, and returns f.
func (f *Filled) Status(code int) *Filled {
	f.status = code
	return f
}

// Render writes the page. The context must be one of an app that has this
// module.
func (f *Filled) Render(ctx context.Context, w io.Writer) error {
	v, ok := ctx.Value(viewsKey{}).(*Views)
	if !ok {
		return errors.New("view: the app has no view.Module")
	}
	return v.render(ctx, w, f.name, f.data)
}

// Respond answers with the page.
func (f *Filled) Respond(c *ashlar.Ctx) error {
	if f.status != 0 {
		c.Status(f.status)
	}
	return Answer(f).Respond(c)
}

// Answer returns a response that is rendered by r, of any engine. It is
// rendered into memory first, so that an error half-way shows the error page
// and not half a page.
func Answer(r Renderer) ashlar.Response {
	return ashlar.ResponseFunc(func(c *ashlar.Ctx) error {
		var b page
		if err := r.Render(c, &b); err != nil {
			return err
		}
		return c.Bytes("text/html; charset=utf-8", b)
	})
}

// page is what a template writes into; its bytes become the answer, uncopied.
type page []byte

func (p *page) Write(b []byte) (int, error) {
	if len(*p)+len(b) > pageMax {
		return 0, errPageTooLarge
	}
	*p = append(*p, b...)
	return len(b), nil
}

// pageMax bounds a page: a template that loops would otherwise take all memory.
const pageMax = 64 << 20

var errPageTooLarge = errors.New("view: the page is over 64 MiB")
