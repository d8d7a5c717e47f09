package ashlar

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// A Response is an action's output that answers by itself.
type Response interface {
	Respond(c *Ctx) error
}

// ResponseFunc is a function as a [Response].
type ResponseFunc func(c *Ctx) error

// Respond calls f.
func (f ResponseFunc) Respond(c *Ctx) error { return f(c) }

// Redirect returns a response that leads to a page of this site; see
// [Ctx.Redirect].
func Redirect(to string) Response {
	return ResponseFunc(func(c *Ctx) error { return c.Redirect(to) })
}

// A Representation writes an action's output in one media type.
type Representation struct {
	MediaType string // such as "text/html"
	Render    func(ctx context.Context, w io.Writer, out any) error
}

// respond sends an action's output as the client prefers.
func (c *Ctx) respond(out any) error {
	if r, ok := out.(Response); ok && r != nil {
		return r.Respond(c)
	}
	if out == nil {
		return c.NoContent()
	}
	if _, ok := out.(struct{}); ok {
		return c.NoContent()
	}
	reps := c.route.representations
	offers := make([]string, 0, len(reps)+len(builtIn))
	for _, r := range reps {
		offers = append(offers, r.MediaType)
	}
	for _, r := range builtIn {
		if r.takes(c.route, out) {
			offers = append(offers, r.MediaType)
		}
	}
	c.varyBy("Accept")
	for {
		best := preferred(c.wire.list("Accept"), offers)
		r, ok := c.representation(best)
		if !ok {
			return errs.NotAcceptable.Errorf("This can be had as %s.", strings.Join(offers, ", "))
		}
		err := c.render(r, out)
		if !errors.Is(err, errNotInXML) {
			return err
		}
		offers = slices.DeleteFunc(offers, func(o string) bool { return o == best })
	}
}

func (c *Ctx) representation(mediaType string) (Representation, bool) {
	for _, r := range c.route.representations {
		if r.MediaType == mediaType {
			return r, true
		}
	}
	for _, r := range builtIn {
		if r.MediaType == mediaType {
			return r.Representation, true
		}
	}
	return Representation{}, false
}

// render writes into memory first, so that an error half-way leaves nothing.
func (c *Ctx) render(r Representation, out any) error {
	var b bytesWriter
	if err := r.Render(c, &b, out); err != nil {
		return err
	}
	contentType := r.MediaType
	if strings.HasPrefix(contentType, "text/") {
		contentType += "; charset=utf-8"
	}
	return c.Bytes(contentType, b)
}

type bytesWriter []byte

func (b *bytesWriter) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

type builtInRepresentation struct {
	Representation
	takes func(r *Route, out any) bool
}

// builtIn are the representations that need no registration, in the order of
// preference for a client that has none.
var builtIn = [...]builtInRepresentation{
	{Representation{"text/plain", writePlain}, func(_ *Route, out any) bool { return isText(out) }},
	{Representation{"application/json", writeJSON}, func(*Route, any) bool { return true }},
	{Representation{"application/xml", writeXML}, func(r *Route, out any) bool { return r.xml && !isText(out) }},
	{Representation{"text/csv", writeCSV}, func(_ *Route, out any) bool { return isTable(out) }},
}

func isText(out any) bool { return reflect.TypeOf(out).Kind() == reflect.String }

func writePlain(_ context.Context, w io.Writer, out any) error {
	_, err := io.WriteString(w, reflect.ValueOf(out).String())
	return err
}

func writeJSON(ctx context.Context, w io.Writer, out any) error {
	c, _ := FromContext(ctx) // respond passes its own
	b, err := c.app.json.Append(nil, out)
	if err != nil {
		return fmt.Errorf("ashlar: encode answer: %w", err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// errNotInXML says of an output that XML has no form for it: a map, nil. Only
// encoding tells, as it may stand anywhere inside; JSON is left then.
var errNotInXML = errors.New("ashlar: encode answer: no XML form")

// XML lets the output of an action be had as XML, by encoding/xml's rules: they
// differ from JSON's (json:"-" hides nothing), so it has to be asked for.
func XML() Option { return func(r *Route) { r.xml = true } }

func writeXML(_ context.Context, w io.Writer, out any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return errNotInXML
	}
	var err error
	if v.Kind() == reflect.Slice {
		err = xml.NewEncoder(w).EncodeElement(struct{ Item any }{out}, xml.StartElement{Name: xml.Name{Local: "list"}})
	} else {
		err = xml.NewEncoder(w).Encode(out)
	}
	var unsupported *xml.UnsupportedTypeError
	if errors.As(err, &unsupported) {
		return errNotInXML
	}
	return err
}
