package ashlartest

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A Response is the answer to one request, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   string

	t testing.TB
}

// JSON decodes the body into v, which points to where it goes. A body that is
// no JSON, or does not fit, fails the test.
func (r *Response) JSON(v any) {
	if r.t == nil {
		return // a request without an answer, which failed the test
	}
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.Body), v); err != nil {
		r.t.Errorf("got status %d with a body that is not the JSON wanted: %v\n%s", r.Status, err, r.Body)
	}
}

// Cookie returns the cookie of that name which the answer sets, nil if it sets
// none.
func (r *Response) Cookie(name string) *http.Cookie {
	for _, k := range (&http.Response{Header: r.Header}).Cookies() {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Field returns the value of the first form field of that name on the page, ""
// if there is none: of an input, of a textarea, or what is chosen of a select,
// of radio buttons or of check boxes.
func (r *Response) Field(name string) string {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(r.Body, name) {
		return ""
	}
	for rest := r.Body; ; {
		m := tags.FindStringSubmatchIndex(rest)
		if m == nil {
			return ""
		}
		tag, a := strings.ToLower(rest[m[2]:m[3]]), attributes(rest[m[4]:m[5]])
		rest = rest[m[1]:]
		if n, ok := a["name"]; !ok || n != name {
			continue
		}
		_, checked := a["checked"]
		switch tag {
		case "textarea":
			return html.UnescapeString(strings.TrimPrefix(textOf(rest), "\n"))
		case "select":
			return chosen(rest)
		default:
			if kind := a["type"]; checked || kind != "radio" && kind != "checkbox" {
				return a["value"]
			}
		}
	}
}

// chosen returns the value of the option that is selected, else of the first,
// of the select whose inside text begins with.
func chosen(text string) string {
	text, _, _ = strings.Cut(text, "</select")
	value := ""
	for i, m := range options.FindAllStringSubmatchIndex(text, -1) {
		a := attributes(text[m[2]:m[3]])
		v, given := a["value"]
		if !given {
			v = strings.TrimSpace(html.UnescapeString(textOf(text[m[1]:])))
		}
		if _, selected := a["selected"]; selected {
			return v
		}
		if i == 0 {
			value = v
		}
	}
	return value
}

// textOf returns text up to the next tag.
func textOf(text string) string {
	text, _, _ = strings.Cut(text, "<")
	return text
}

const attribute = `((?:\s+[^\s=>"]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*/?>`

var (
	tags    = regexp.MustCompile(`<(?i:(input|textarea|select))` + attribute)
	options = regexp.MustCompile(`<(?i:option)` + attribute)
	pairs   = regexp.MustCompile(`([^\s=>"/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?`)
)

func attributes(text string) map[string]string {
	a := map[string]string{}
	for _, m := range pairs.FindAllStringSubmatch(text, -1) {
		a[strings.ToLower(m[1])] = html.UnescapeString(m[2] + m[3] + m[4])
	}
	return a
}
