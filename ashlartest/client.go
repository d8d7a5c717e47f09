package ashlartest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar"
)

// csrfField is the name under which a form carries its CSRF token.
const csrfField = "_csrf"

// A Client is one visitor with one browser: it keeps cookies, and the CSRF
// token of the last page that had one. It says that it wants HTML and that its
// requests come from the site itself. It is safe for concurrent use.
//
// A request that gets no answer fails the test; its [Response] has status 0.
type Client struct {
	// URL is the address of the app, such as "http://127.0.0.1:40123".
	URL string

	t    testing.TB
	site *site
	http *http.Client

	mu    sync.Mutex
	token string
}

func newClient(t testing.TB, s *site) *Client {
	jar, _ := cookiejar.New(nil) // fails for no input
	return &Client{URL: s.server.URL, t: t, site: s, http: &http.Client{
		Transport: s.server.Client().Transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Visitor returns another visitor of the same app, who has been nowhere yet.
func (c *Client) Visitor() *Client { return newClient(c.t, c.site) }

// Restart stops the app and serves another one in its place, at the same
// address and to the same visitors, as a new release does.
func (c *Client) Restart(app *ashlar.App) {
	c.t.Helper()
	c.site.stop(c.t)
	c.site.start(c.t, app)
}

// Token returns the CSRF token of the last page that had one, "" before that.
func (c *Client) Token() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

// Get asks for a page. path may have a query.
func (c *Client) Get(path string, opts ...Option) *Response {
	c.t.Helper()
	return c.Do(http.MethodGet, path, nil, opts...)
}

// Post sends a form, with the CSRF token that the last page brought. A visitor
// who has seen no page has none to send; [CSRF] sends another one or none. A
// field "_csrf" in the form itself is sent as it is.
func (c *Client) Post(path string, form url.Values, opts ...Option) *Response {
	c.t.Helper()
	form = maps.Clone(form)
	if form == nil {
		form = url.Values{}
	}
	ask := asking{token: c.Token()}
	for _, o := range opts {
		o.apply(&ask)
	}
	if _, own := form[csrfField]; !own && ask.token != "" {
		form.Set(csrfField, ask.token)
	}
	opts = append([]Option{Header("Content-Type", "application/x-www-form-urlencoded")}, opts...)
	return c.Do(http.MethodPost, path, strings.NewReader(form.Encode()), opts...)
}

// PostJSON sends v as JSON and asks for JSON, as a script does.
func (c *Client) PostJSON(path string, v any, opts ...Option) *Response {
	c.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		c.t.Errorf("POST %s: %v", path, err)
		return &Response{}
	}
	opts = append([]Option{Header("Content-Type", "application/json"), Header("Accept", "application/json")}, opts...)
	return c.Do(http.MethodPost, path, bytes.NewReader(b), opts...)
}

// Follow asks for the page that res leads to, and fails the test when it leads
// nowhere.
func (c *Client) Follow(res *Response, opts ...Option) *Response {
	c.t.Helper()
	to := res.Header.Get("Location")
	if to == "" {
		c.t.Errorf("got status %d without a Location to follow:\n%s", res.Status, res.Body)
		return &Response{}
	}
	return c.Get(to, opts...)
}

// Do sends any request. It adds no CSRF token and no content type.
func (c *Client) Do(method, path string, body io.Reader, opts ...Option) *Response {
	c.t.Helper()
	res, err := c.send(method, path, body, opts)
	if err != nil {
		c.t.Errorf("%s %s: %v", method, path, err)
		return &Response{}
	}
	if token := res.Field(csrfField); token != "" {
		c.mu.Lock()
		c.token = token
		c.mu.Unlock()
	}
	return res
}

func (c *Client) send(method, path string, body io.Reader, opts []Option) (*Response, error) {
	to, err := c.address(path)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, to, body)
	if err != nil {
		return nil, err
	}
	ask := asking{header: req.Header}
	Header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").apply(&ask)
	Header("Sec-Fetch-Site", "same-origin").apply(&ask)
	for _, o := range append(c.site.always[:len(c.site.always):len(c.site.always)], opts...) {
		o.apply(&ask)
	}
	if len(ask.limits) > 0 {
		end, err := c.site.watch(req, ask.limits)
		if err != nil {
			return nil, err
		}
		defer func() {
			end()
			for _, l := range ask.limits {
				l.check(c.t, method+" "+path)
			}
		}()
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
		req.Header.Del("Host")
	}
	got, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	return &Response{t: c.t, Status: got.StatusCode, Header: got.Header, Body: string(b)}, err
}

// address takes a path of the app or, as in a Location, a whole address of it.
func (c *Client) address(path string) (string, error) {
	switch {
	case strings.HasPrefix(path, "/"):
		return c.URL + path, nil
	case strings.HasPrefix(path, c.URL+"/"):
		return path, nil
	}
	return "", errors.New("not a path of the app: it must begin with a slash")
}

// An Option says something about one request: [Header], [CSRF], [MaxQueries],
// [MaxRepeats].
type Option interface{ apply(*asking) }

type asking struct {
	header http.Header
	token  string
	limits []*limit
}

// option is an Option that is a function.
type option func(*asking)

func (o option) apply(a *asking) { o(a) }

// Header sets a field of the request, in place of what a [Client] sends by
// itself. An empty value leaves the field out.
func Header(name, value string) Option {
	return option(func(a *asking) {
		switch {
		case a.header == nil:
		case value == "":
			a.header.Del(name)
		default:
			a.header.Set(name, value)
		}
	})
}

// CSRF sends this token in place of the visitor's; "" sends none.
func CSRF(token string) Option { return option(func(a *asking) { a.token = token }) }
