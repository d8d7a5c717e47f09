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
func (c *Ctx) respond(plan *outputs, out any) error {
	kind := plan.kind
	if kind == outputVaries {
		kind = kindOfValue(out)
	}
	switch kind {
	case outputResponds:
		return out.(Response).Respond(c)
	case outputEmpty:
		return c.NoContent()
	}
	offers := plan.offers[kind]
	c.varyBy("Accept")
	types := offers.types
	for {
		best := preferred(c.wire.list("Accept"), types)
		if best == "" {
			return errs.NotAcceptable.Errorf("This can be had as %s.", strings.Join(types, ", "))
		}
		err := c.render(offers.of(best), out)
		if !errors.Is(err, errNotInXML) {
			return err
		}
		types = slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == best })
	}
}

// render writes into memory first, so that an error half-way leaves nothing.
// Only what is a stream is sent as it comes; an error in it cuts the connection,
// unless it comes before much was written.
func (c *Ctx) render(o *offer, out any) error {
	if o.stream != nil {
		return c.Stream(o.contentType, func(w io.Writer) error { return o.stream(c.app.tableOf(out), w) })
	}
	b := c.room()
	body, err := o.body(c, (*b)[:0], out)
	if err != nil {
		return err
	}
	*b = body
	return c.buffered(o.contentType, b)
}

func appendPlain(_ *Ctx, b []byte, out any) ([]byte, error) {
	return append(b, reflect.ValueOf(out).String()...), nil
}

func appendJSON(c *Ctx, b []byte, out any) ([]byte, error) {
	b, err := c.app.json.Append(b, out)
	if err != nil {
		return nil, fmt.Errorf("ashlar: encode answer: %w", err)
	}
	return append(b, '\n'), nil
}

// written makes the appending function of one that writes.
func written(render func(context.Context, io.Writer, any) error) appendBody {
	return func(c *Ctx, b []byte, out any) ([]byte, error) {
		w := bytesWriter(b)
		err := render(c, &w, out)
		return w, err
	}
}

type bytesWriter []byte

func (b *bytesWriter) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
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
