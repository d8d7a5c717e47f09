package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A task is what a server is asked to do. Every contender gives the same
// status, media type and body for it.
type task struct {
	name, title string
	path        string // what the client asks for
	media       string // how the answer's Content-Type begins
	body        string
	middlewares bool // the peers have theirs, and Ashlar writes its access log
}

var tasks = [...]task{
	{"hello", "Hello: 12 bytes of text", "/hello", "text/plain", "Hello, world", false},
	{"json", "JSON: a small message", "/json", "application/json", `{"message":"Hello, world"}` + "\n", false},
	{"route", "Route: one parameter, recover, request id and access log", "/films/42", "application/json",
		`{"id":42,"title":"Tokyo Story","genre":"Drama","year":1953,"price":900,"tags":["family","classic"]}` + "\n", true},
}

// work says what the contenders do beside the answer: not the same.
func (t task) work() string {
	if t.middlewares {
		return "The peers have three middlewares, the same for all. Ashlar runs its whole pipeline."
	}
	return "The peers run bare. Ashlar runs its whole pipeline, without the access log."
}

// message is the answer to the task "json".
type message struct {
	Message string `json:"message"`
}

// film is the answer to the task "route".
type film struct {
	ID    int64    `json:"id"`
	Title string   `json:"title"`
	Genre string   `json:"genre"`
	Year  int      `json:"year"`
	Price int      `json:"price"`
	Tags  []string `json:"tags"`
}

func filmOf(id int64) film {
	return film{id, "Tokyo Story", "Drama", 1953, 900, []string{"family", "classic"}}
}

// A contender is one way to write a server. Its handler serves all tasks, with
// or without middlewares.
type contender struct {
	name    string // for -only
	title   string
	module  string // whose version is told; "" for the standard library
	handler func(middlewares bool) (http.Handler, error)
}

// baseline is what the others are compared with, the first of the contenders.
const baseline = "net/http"

var contenders = [...]contender{
	{baseline, "net/http, ServeMux", "", stdHandler},
	{"chi", "chi", "github.com/go-chi/chi/v5", chiHandler},
	{"echo", "Echo", "github.com/labstack/echo/v5", echoHandler},
	{"ashlar-action", "Ashlar, action", "", ashlarAction},
	{"ashlar-ctx", "Ashlar, Ctx handler", "", ashlarCtx},
	{"ashlar-mount", "Ashlar, mounted http.Handler", "", ashlarMount},
	{"ashlar-action-own", "Ashlar on httpd, action", "", own(ashlarAction)},
	{"ashlar-ctx-own", "Ashlar on httpd, Ctx handler", "", own(ashlarCtx)},
	{"ashlar-mount-own", "Ashlar on httpd, mounted http.Handler", "", own(ashlarMount)},
}

// choose returns the contenders and tasks that a list such as "chi,json"
// names. Where it names none of a kind, all of it are meant. The baseline is
// always the first of the contenders.
func choose(only string) ([]contender, []task, error) {
	var cs []contender
	var ts []task
	for name := range strings.SplitSeq(only, ",") {
		c, isContender := findContender(name)
		t, isTask := findTask(name)
		switch {
		case isContender && name != baseline:
			cs = append(cs, c)
		case isTask:
			ts = append(ts, t)
		case name != "" && !isContender:
			return nil, nil, fmt.Errorf("-only: no contender or task %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	if len(cs) == 0 {
		cs = contenders[1:]
	}
	if len(ts) == 0 {
		ts = tasks[:]
	}
	return slices.Concat(contenders[:1], cs), ts, nil
}

func findContender(name string) (contender, bool) {
	i := slices.IndexFunc(contenders[:], func(c contender) bool { return c.name == name })
	if i < 0 {
		return contender{}, false
	}
	return contenders[i], true
}

func findTask(name string) (task, bool) {
	i := slices.IndexFunc(tasks[:], func(t task) bool { return t.name == name })
	if i < 0 {
		return task{}, false
	}
	return tasks[i], true
}

func names() []string {
	var list []string
	for _, c := range contenders {
		list = append(list, c.name)
	}
	for _, t := range tasks {
		list = append(list, t.name)
	}
	return list
}
