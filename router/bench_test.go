package router_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/router"
)

// githubRoutes is a part of GitHub's REST API, as a table of realistic size.
var githubRoutes = strings.Split(strings.TrimSpace(`
GET /authorizations
GET /authorizations/{id}
POST /authorizations
DELETE /authorizations/{id}
GET /applications/{client}/tokens/{token}
DELETE /applications/{client}/tokens
DELETE /applications/{client}/tokens/{token}
GET /events
GET /repos/{owner}/{repo}/events
GET /networks/{owner}/{repo}/events
GET /orgs/{org}/events
GET /users/{user}/received_events
GET /users/{user}/received_events/public
GET /users/{user}/events
GET /users/{user}/events/public
GET /users/{user}/events/orgs/{org}
GET /feeds
GET /notifications
PUT /notifications
GET /repos/{owner}/{repo}/notifications
PUT /repos/{owner}/{repo}/notifications
GET /notifications/threads/{id}
GET /notifications/threads/{id}/subscription
PUT /notifications/threads/{id}/subscription
DELETE /notifications/threads/{id}/subscription
GET /repos/{owner}/{repo}/stargazers
GET /users/{user}/starred
GET /user/starred
GET /user/starred/{owner}/{repo}
PUT /user/starred/{owner}/{repo}
DELETE /user/starred/{owner}/{repo}
GET /repos/{owner}/{repo}/subscribers
GET /users/{user}/subscriptions
GET /user/subscriptions
GET /repos/{owner}/{repo}/subscription
PUT /repos/{owner}/{repo}/subscription
DELETE /repos/{owner}/{repo}/subscription
GET /users/{user}/gists
GET /gists
GET /gists/{id}
POST /gists
PUT /gists/{id}/star
DELETE /gists/{id}/star
GET /gists/{id}/star
POST /gists/{id}/forks
DELETE /gists/{id}
GET /repos/{owner}/{repo}/git/blobs/{sha}
POST /repos/{owner}/{repo}/git/blobs
GET /repos/{owner}/{repo}/git/commits/{sha}
POST /repos/{owner}/{repo}/git/commits
GET /repos/{owner}/{repo}/git/refs
POST /repos/{owner}/{repo}/git/refs
GET /repos/{owner}/{repo}/git/tags/{sha}
GET /repos/{owner}/{repo}/git/trees/{sha}
GET /issues
GET /user/issues
GET /orgs/{org}/issues
GET /repos/{owner}/{repo}/issues
GET /repos/{owner}/{repo}/issues/{number}
POST /repos/{owner}/{repo}/issues
GET /repos/{owner}/{repo}/assignees
GET /repos/{owner}/{repo}/assignees/{assignee}
GET /repos/{owner}/{repo}/issues/{number}/comments
POST /repos/{owner}/{repo}/issues/{number}/comments
GET /repos/{owner}/{repo}/issues/{number}/events
GET /repos/{owner}/{repo}/labels
GET /repos/{owner}/{repo}/labels/{name}
POST /repos/{owner}/{repo}/labels
DELETE /repos/{owner}/{repo}/labels/{name}
GET /repos/{owner}/{repo}/milestones
GET /repos/{owner}/{repo}/milestones/{number}
GET /emojis
GET /gitignore/templates
GET /gitignore/templates/{name}
POST /markdown
POST /markdown/raw
GET /meta
GET /rate_limit
GET /users/{user}/orgs
GET /user/orgs
GET /orgs/{org}
GET /orgs/{org}/members
GET /orgs/{org}/members/{user}
DELETE /orgs/{org}/members/{user}
GET /orgs/{org}/teams
GET /teams/{id}
POST /orgs/{org}/teams
DELETE /teams/{id}
GET /repos/{owner}/{repo}/pulls
GET /repos/{owner}/{repo}/pulls/{number}
POST /repos/{owner}/{repo}/pulls
GET /repos/{owner}/{repo}/pulls/{number}/commits
PUT /repos/{owner}/{repo}/pulls/{number}/merge
GET /user/repos
GET /users/{user}/repos
GET /orgs/{org}/repos
GET /repositories
POST /user/repos
GET /repos/{owner}/{repo}
DELETE /repos/{owner}/{repo}
GET /repos/{owner}/{repo}/contributors
GET /repos/{owner}/{repo}/branches
GET /repos/{owner}/{repo}/branches/{branch}
GET /repos/{owner}/{repo}/contents/{path...}
GET /search/repositories
GET /search/code
GET /users/{user}
GET /user
GET /users
GET /user/keys/{id:int}
`), "\n")

func benchmark(b *testing.B, method, path string, status router.Status) {
	tree := newTree(b, router.RedirectSlash, githubRoutes...)
	var params router.Params
	b.ReportAllocs()
	for b.Loop() {
		if r := tree.Match(method, "api.example.com", path, &params); r.Status != status {
			b.Fatalf("got %v, want %v", r.Status, status)
		}
	}
}

func BenchmarkStatic(b *testing.B)    { benchmark(b, "GET", "/gitignore/templates", router.Found) }
func BenchmarkOneParam(b *testing.B)  { benchmark(b, "GET", "/users/octocat/repos", router.Found) }
func BenchmarkTyped(b *testing.B)     { benchmark(b, "GET", "/user/keys/12345", router.Found) }
func BenchmarkTwoParams(b *testing.B) { benchmark(b, "GET", "/repos/octocat/hello", router.Found) }
func BenchmarkThreeParams(b *testing.B) {
	benchmark(b, "GET", "/repos/octocat/hello/issues/42/comments", router.Found)
}
func BenchmarkRest(b *testing.B) {
	benchmark(b, "GET", "/repos/octocat/hello/contents/src/main/app.go", router.Found)
}
func BenchmarkEscaped(b *testing.B)  { benchmark(b, "GET", "/users/octo%20cat/repos", router.Found) }
func BenchmarkNotFound(b *testing.B) { benchmark(b, "GET", "/users/octocat/nothing", router.NotFound) }
func BenchmarkNotAllowed(b *testing.B) {
	benchmark(b, "PATCH", "/repos/octocat/hello", router.MethodNotAllowed)
}

// BenchmarkHostile turns back 512 times and finds nothing.
func BenchmarkHostile(b *testing.B) {
	var patterns []string
	for bits := range 512 {
		p := ""
		for i := range 9 {
			p += [2]string{"/a", "/{" + string(rune('a'+i)) + "}"}[bits>>i&1]
		}
		patterns = append(patterns, p+"/end"+strings.Repeat("x", bits))
	}
	tree := newTree(b, router.StrictSlash, patterns...)
	var params router.Params
	b.ReportAllocs()
	for b.Loop() {
		tree.Match("GET", "", "/a/a/a/a/a/a/a/a/a/none", &params)
	}
}

// BenchmarkServeMux is the yardstick: net/http with the same table.
func BenchmarkServeMux(b *testing.B) {
	mux := http.NewServeMux()
	for _, p := range githubRoutes {
		mux.Handle(strings.Replace(p, ":int", "", 1), http.NotFoundHandler())
	}
	for _, c := range []struct{ name, path string }{
		{"Static", "/gitignore/templates"}, {"OneParam", "/users/octocat/repos"}, {"TwoParams", "/repos/octocat/hello"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r, _ := http.NewRequest("GET", c.path, nil)
			b.ReportAllocs()
			for b.Loop() {
				if _, pattern := mux.Handler(r); pattern == "" {
					b.Fatal("got no pattern")
				}
			}
		})
	}
}

func TestMatchAllocations(t *testing.T) { // not parallel: AllocsPerRun forbids it
	tree := newTree(t, router.RedirectSlash, append(githubRoutes, "GET files.example.com/{path...}", "/four/{a}/{b}/{c}/{d}")...)
	for _, c := range []struct {
		target string
		want   float64
	}{
		{"/gitignore/templates", 0},
		{"/users/octocat/repos", 0},
		{"/user/keys/12345", 0},
		{"/repos/octocat/hello", 0},
		{"/gists/not-an-int", 0},
		{"/nothing/at/all", 0},
		{"files.example.com:443/a/b", 0},
		// More than two parameters.
		{"/repos/octocat/hello/issues/42/comments", 1},
		{"/four/1/2/3/4", 1},
		{"/repos/octocat/hello/contents/src/main/app.go", 2}, // one for the same path with a slash behind it
	} {
		i := strings.IndexByte(c.target, '/')
		host, path := c.target[:i], c.target[i:]
		got := testing.AllocsPerRun(100, func() {
			var params router.Params
			tree.Match("GET", host, path, &params)
		})
		if got != c.want {
			t.Errorf("%s: got %v allocations, want %v", c.target, got, c.want)
		}
	}
}
