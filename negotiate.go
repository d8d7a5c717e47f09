package ashlar

import (
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/internal/tabular"
)

// outputs is what the outputs of one route's action can be had as, planned
// when the route is registered.
type outputs struct {
	kind   outputKind // by the action's type
	offers [outputValue + 1]*offers
}

// An outputKind tells outputs apart by their form.
type outputKind uint8

const (
	outputVaries   outputKind = iota // of an interface type: each value is of another kind
	outputResponds                   // a Response
	outputEmpty                      // nothing: nil or struct{}
	outputText                       // a string
	outputTable                      // a list of structs
	outputStream                     // rows that come one after the other
	outputValue                      // anything else
)

var responseType = reflect.TypeFor[Response]()

func planOutputs(r *Route) *outputs {
	p := &outputs{kind: kindOfType(r.Out)}
	for kind := outputText; kind <= outputValue; kind++ {
		if p.kind == kind || p.kind == outputVaries {
			p.offers[kind] = planOffers(r, kind)
		}
	}
	return p
}

func kindOfType(t reflect.Type) outputKind {
	switch {
	case t.Kind() == reflect.Interface:
		return outputVaries
	case t.Implements(responseType):
		return outputResponds
	}
	return kindByForm(t)
}

func kindByForm(t reflect.Type) outputKind {
	switch {
	case t == reflect.TypeFor[struct{}]():
		return outputEmpty
	case t.Kind() == reflect.String:
		return outputText
	case isTable(t):
		return outputTable
	case isStream(t):
		return outputStream
	}
	return outputValue
}

func kindOfValue(out any) outputKind {
	switch out.(type) {
	case nil:
		return outputEmpty
	case Response:
		return outputResponds
	}
	return kindByForm(reflect.TypeOf(out))
}

// offers are the media types for one kind of output, in the order of
// preference for a client that has none.
type offers struct {
	types []string
	list  []*offer
}

func planOffers(r *Route, kind outputKind) *offers {
	o := &offers{}
	for _, rep := range r.representations {
		o.add(rep.MediaType, written(rep.Render))
	}
	if kind == outputText {
		o.add("text/plain", appendPlain)
	}
	if kind == outputStream {
		for _, form := range rowForms {
			o.add(form.mediaType, nil)
			o.list[len(o.list)-1].stream = form.write
		}
		return o
	}
	o.add("application/json", appendJSON)
	if r.xml && kind != outputText {
		o.add("application/xml", written(writeXML))
	}
	if kind == outputTable {
		for _, form := range rowForms[1:] { // JSON is there
			o.add(form.mediaType, appended(form.write))
		}
	}
	return o
}

func (o *offers) add(mediaType string, body appendBody) {
	of := &offer{contentType: contentType(mediaType), body: body}
	o.types, o.list = append(o.types, mediaType), append(o.list, of)
}

// contentType returns the field for a media type: texts are in UTF-8.
func contentType(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/") {
		return mediaType + "; charset=utf-8"
	}
	return mediaType
}

// of returns the first offer of a media type; of two the route's own counts.
func (o *offers) of(mediaType string) *offer {
	for i, t := range o.types {
		if t == mediaType {
			return o.list[i]
		}
	}
	return nil // preferred returns no others
}

// appendBody appends an output in one media type.
type appendBody func(c *Ctx, b []byte, out any) ([]byte, error)

// An offer is one media type.
type offer struct {
	contentType string
	body        appendBody
	stream      func(tabular.Table, io.Writer) error // instead, of rows that are sent as they come
}

// preferred returns the offer that an Accept field likes best (RFC 9110,
// section 12.5.1), "" when it accepts none. Of equals the first offer wins; an
// absent field accepts everything.
func preferred(accept string, offers []string) string {
	if accept == "" || accept == "*/*" || strings.TrimSpace(accept) == "" {
		return offers[0]
	}
	if !strings.ContainsAny(accept, ",;") { // one range, most often one type
		i := slices.IndexFunc(offers, func(offer string) bool { return strings.EqualFold(offer, accept) })
		if i >= 0 {
			return offers[i]
		}
	}
	best, bestQ := "", 0.0
	for _, offer := range offers {
		if q := acceptance(accept, offer); q > bestQ {
			best, bestQ = offer, q
		}
	}
	return best
}

// acceptance returns the quality that the most specific range of accept gives
// to a media type without parameters.
func acceptance(accept, offer string) float64 {
	q, specificity := 0.0, 0
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		if s := matchRange(strings.TrimSpace(name), offer); s > specificity {
			q, specificity = quality(params), s
		}
	}
	return q
}

// matchRange returns 0 when a media range does not hold offer, else how
// specific it is.
func matchRange(r, offer string) int {
	switch {
	case strings.EqualFold(r, offer):
		return 3
	case r == "*/*":
		return 1
	}
	if prefix, ok := strings.CutSuffix(r, "*"); ok && strings.HasSuffix(prefix, "/") && len(offer) > len(prefix) &&
		strings.EqualFold(prefix, offer[:len(prefix)]) {
		return 2
	}
	return 0
}

// quality reads the q parameter among the parameters of one part of an Accept
// field; 1 when there is none, 0 when it is not a number from 0 to 1.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(param), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
