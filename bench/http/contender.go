package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
)

// A server answers what comes to a listener until it is shut down.
type server interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

// A contender is one way to write a server.
type contender struct {
	name    string // for -only
	title   string
	modules []string // whose versions are told; none for the standard library
	pictured,
	mounts bool // takes part in the task of mounted handlers
	server func(t task) (server, error)
}

// baseline is what the others are compared with, the first of the contenders.
const baseline = "net/http"

const playground = "github.com/go-playground/validator/v10"

var contenders = [...]contender{
	{baseline, "net/http", []string{playground}, true, true, stdServer},
	{"chi", "chi", []string{"github.com/go-chi/chi/v5"}, false, true, chiServer},
	{"gin", "Gin", []string{"github.com/gin-gonic/gin", "github.com/gin-contrib/secure", "github.com/gin-contrib/requestid"}, true, true, ginServer},
	{"echo", "Echo", []string{"github.com/labstack/echo/v5"}, true, true, echoServer},
	{"hertz", "Hertz", []string{"github.com/cloudwego/hertz"}, true, true, hertzServer},
	{"fasthttp", "fasthttp", []string{"github.com/valyala/fasthttp"}, true, true, fasthttpServer},
	{"fiber", "fiber", []string{"github.com/gofiber/fiber/v3"}, true, true, fiberServer},
	{"ashlar-action", "Ashlar, action", nil, true, false, own(ashlarAction)},
	{"ashlar-ctx", "Ashlar, Ctx handler", nil, true, false, own(ashlarCtx)},
	{"ashlar-mount", "Ashlar, mounted http.Handler", nil, false, true, own(ashlarMount)},
	{"ashlar-ctx-std", "Ashlar, Ctx on net/http", nil, false, false, onStd(ashlarCtx)},
}

// ours reports whether c is Ashlar.
func (c contender) ours() bool { return strings.HasPrefix(c.name, "ashlar") }

// among returns those of cs that take part in t.
func (t task) among(cs []contender) []contender {
	return slices.DeleteFunc(slices.Clone(cs), func(c contender) bool { return t.mounted && !c.mounts })
}

// A choice is what is to be measured.
type choice struct {
	contenders []contender
	tasks      []task
	idle       bool
}

// choose returns the contenders and tasks that a list such as "chi,json"
// names. Where it names none of a kind, all of it are meant. The baseline is
// always the first of the contenders.
func choose(only string) (choice, error) {
	var got choice
	for name := range strings.SplitSeq(only, ",") {
		c, isContender := findContender(name)
		t, isTask := findTask(name)
		switch {
		case isContender && name != baseline:
			got.contenders = append(got.contenders, c)
		case isTask:
			got.tasks = append(got.tasks, t)
		case name == idleTask:
			got.idle = true
		case name != "" && !isContender:
			return choice{}, fmt.Errorf("-only: no contender or task %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	if got.contenders == nil {
		got.contenders = contenders[1:]
	}
	if got.tasks == nil && !got.idle {
		got.tasks, got.idle = tasks[:], true
	}
	got.contenders = slices.Concat(contenders[:1], got.contenders)
	return got, nil
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
	return append(list, idleTask)
}
