package router_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/router"
)

// compareWithServeMux adds patterns to both, insists that both take or refuse
// each, and then that both give the same answer to each request.
func compareWithServeMux(t *testing.T, patterns, requests []string) {
	t.Helper()
	mux := http.NewServeMux()
	tree := router.New[string](router.Config{})
	for _, p := range patterns {
		muxErr := addToMux(mux, p)
		err := tree.Add(router.Route[string]{Pattern: p, Value: p})
		if (muxErr == nil) != (err == nil) {
			t.Errorf("add %q: got %v, want %v", p, err, muxErr)
		}
	}
	for _, request := range requests {
		if got, wanted := ask(tree, request), askMux(mux, request); got != wanted {
			t.Errorf("%s of %q: got %q, want %q", request, patterns, got, wanted)
		}
	}
}

func addToMux(mux *http.ServeMux, pattern string) (err any) {
	defer func() { err = recover() }()
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		line := pattern
		if p, err := router.Parse(pattern); err == nil { // for the names only
			for _, param := range p.Params() {
				line += " " + param.Name + "=" + r.PathValue(param.Name)
			}
		}
		w.Header().Set("Route", line)
	})
	return nil
}

// askMux answers as ask does. Two things that this package does beyond
// ServeMux are added here, told in terms of ServeMux's answers: OPTIONS is
// allowed where anything is, and a path with a trailing slash too many has the
// redirect, or else the methods, of the path without it.
func askMux(mux *http.ServeMux, request string) string {
	method, target, _ := strings.Cut(request, " ")
	host, path, _ := strings.Cut(target, "/")
	path = "/" + path
	line, allow := serveMux(mux, method, host, path)
	if line == "" && path != "/" && strings.HasSuffix(path, "/") {
		shorter := strings.TrimSuffix(path, "/")
		short, more := serveMux(mux, method, host, shorter)
		if short != "" {
			return "redirect " + shorter
		}
		allow = append(allow, more...)
	}
	if line == "" && len(allow) > 0 {
		allow = append(allow, "OPTIONS")
		slices.Sort(allow)
		return "allow " + strings.Join(slices.Compact(allow), " ")
	}
	if line == "" {
		return "not found"
	}
	return line
}

// serveMux returns "" and the allowed methods when there is no route.
func serveMux(mux *http.ServeMux, method, host, path string) (line string, allow []string) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, path, nil)
	r.Host = host
	mux.ServeHTTP(w, r)
	if to := w.Header().Get("Location"); to != "" {
		// ServeMux decodes the path, so that it sends /a%2Fb to /a/b/, which is
		// another path. What it means is the path with a slash behind it.
		if decoded, err := url.PathUnescape(path); err != nil || to != (&url.URL{Path: decoded + "/"}).String() {
			return "odd redirect " + to, nil
		}
		return "redirect " + path + "/", nil
	}
	if a := w.Header().Get("Allow"); a != "" {
		return "", strings.Split(a, ", ")
	}
	return w.Header().Get("Route"), nil
}

func TestServeMux(t *testing.T) {
	t.Parallel()
	var requests []string
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "DELETE", "CUSTOM"} {
		for _, path := range []string{
			"/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a/b/c/", "/b", "/b/", "/x", "/x/y", "/x/y/z/w/", "/a/x/c", "/a%2Fb", "/%61/b",
			"/a/b%2Fc", "/item/7", "/item/7/", "/tree", "/tree/", "/tree/x", "/only/post", "/only/post/",
		} {
			requests = append(requests, method+" one.example"+path, method+" two.example"+path)
		}
	}
	for _, patterns := range [][]string{
		{"/"},
		{"/{$}", "/a", "/b/"},
		{"GET /", "/a", "GET /a", "POST /a", "GET /{x}"},
		{"/a/b/z", "/a/{x}/c", "/{p...}", "/a/{q...}", "/a/{$}"},
		{"/tree/", "/tree/{$}", "POST /tree/x", "GET /item/{id}", "POST /item/{id}/"},
		{"one.example/", "GET one.example/a", "GET two.example/a/{x}", "POST /a/{x}"},
		{"GET /{x}", "POST /{y}", "HEAD /a", "CUSTOM /a/b/c", "/{x}/{y}/{z}", "GET /{x}/y"},
		{"POST /only/post", "POST /only/post/", "GET /only/{x...}", "HEAD /{x}/{y}"},
		{"/{x}/{y...}", "/{x}/{y}/{z}/"},
		{"GET /a%2Fb", "GET /a/b%2Fc", "GET /{x}/{y}"},
		{"/a", "/a", "/{x}", "/{y}", "GET /{x}/b", "GET /a/{y}", "/a/", "/a/{z...}", "GET /b/{$}", "/b/{$}"},
		githubRoutes[:60],
	} {
		compareWithServeMux(t, patterns, requests)
	}
}

func FuzzServeMux(f *testing.F) {
	for seed := range 40 {
		data := make([]byte, 120)
		for i := range data {
			data[i] = byte(seed*31 + i*i*7 + i*seed*13)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := choices(data)
		var patterns, requests []string
		for range 2 + c.next(14) {
			if p := c.pattern(); !strings.Contains(p, ":") { // ServeMux has no types
				patterns = append(patterns, p)
			}
		}
		for range 20 {
			method := []string{"GET", "HEAD", "POST", "PUT"}[c.next(4)]
			host := []string{"a.example", "b.example"}[c.next(2)]
			requests = append(requests, method+" "+host+escapePath(c.path()))
		}
		compareWithServeMux(t, patterns, requests)
	})
}
