package ashlar

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// A Stage is a piece of the road that every request takes, such as the
// session. Give it one of Run and Wrap.
type Stage struct {
	Name string // unique in the app
	Doc  string // one line for `app pipeline`

	// Run does its part and calls c.Next for the rest. What it returns is
	// turned into an answer by stage "errors".
	Run func(c *Ctx) error

	// Wrap is a middleware of the net/http kind, from any library.
	Wrap func(http.Handler) http.Handler

	// Before or After name the stage to stand next to. With neither, the stage
	// stands in front of the handler, behind all others.
	Before, After string
}

// stage is a Stage that is ready to run.
type stage struct {
	name, doc string
	run       func(*Ctx) error
}

func (s Stage) ready() stage {
	run := s.Run
	if s.Wrap != nil {
		run = runWrapped(s.Wrap)
	}
	return stage{s.Name, s.Doc, run}
}

// runWrapped fits a net/http middleware in. The middleware is called once, at
// start, as its author expects; what lies behind it travels in the request's
// context, and is a Ctx of its own (see fork), because the middleware may
// exchange both the request and the writer.
func runWrapped(wrap func(http.Handler) http.Handler) func(*Ctx) error {
	h := wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := FromContext(r.Context())
		if !ok {
			http.Error(w, "A middleware dropped the request's context.", http.StatusInternalServerError)
			return
		}
		in := c.fork(w, r)
		defer in.finish()
		if err := in.next(); err != nil {
			in.fail(err)
		}
		if err := in.flush(); err != nil {
			in.app.log.Debug("answer not delivered", "request", in.RequestID(), "error", err)
		}
	}))
	return func(c *Ctx) error {
		h.ServeHTTP(c.Writer(), c.Request())
		return nil
	}
}

// problem reports what is wrong with the stage on its own.
func (s Stage) problem(where string) error {
	what := ""
	switch {
	case s.Name == "":
		what = "stage has no name"
	case (s.Run == nil) == (s.Wrap == nil):
		what = fmt.Sprintf("stage %q must have one of Run and Wrap", s.Name)
	case s.Before != "" && s.After != "":
		what = fmt.Sprintf("stage %q has both Before and After", s.Name)
	default:
		return nil
	}
	return &errs.Setup{Code: "A1003", What: what, Where: where,
		Mend: `use ashlar.Stage{Name: "…", Run: func(c *ashlar.Ctx) error { … return c.Next() }}`}
}

// placed is a stage of a module with the place it was listed at.
type placed struct {
	Stage
	where string
}

// buildRoad puts the stages of modules between the built-in ones and cuts the
// result at "route": what follows runs per route.
func buildRoad(extra []placed, omit []string) (until, from []stage, err error) {
	all := append(roadUntilRoute(), roadFromRoute()...)
	var problems errs.List
	for _, s := range extra {
		if p := s.problem(s.where); p != nil {
			problems.Add(p)
			continue
		}
		if slices.ContainsFunc(all, func(o stage) bool { return o.name == s.Name }) {
			problems.Add(&errs.Setup{Code: "A1004", What: fmt.Sprintf("two stages are named %q", s.Name), Where: s.where,
				Mend: "give one of them another name"})
			continue
		}
		at, ok := position(all, s.Stage)
		if !ok {
			problems.Add(&errs.Setup{Code: "A1005", What: fmt.Sprintf("stage %q cannot stand next to %q: %s", s.Name, s.Before+s.After, whyNot(s.Stage)),
				Where: s.where, Mend: "stages so far: " + strings.Join(names(all), ", ")})
			continue
		}
		all = slices.Insert(all, at, s.ready())
	}
	for _, name := range omit { // after the others found their places beside it
		i := slices.IndexFunc(all, func(s stage) bool { return s.name == name })
		if i < 0 || slices.Contains(needed[:], name) {
			problems.Add(&errs.Setup{Code: "A1016", What: fmt.Sprintf("stage %q cannot be left out", name),
				Mend: "Config.InsecureOmitStages takes those that `app pipeline` shows, but " + strings.Join(needed[:], ", ")})
			continue
		}
		all = slices.Delete(all, i, i+1)
	}
	cut := slices.IndexFunc(all, func(s stage) bool { return s.name == "route" }) + 1
	return all[:cut:cut], all[cut:], problems.Err()
}

// needed are the stages without which no request is answered, or which other
// code counts on.
var needed = [...]string{"errors", "recover", "route", "handler"}

func whyNot(s Stage) string {
	if s.After == "handler" {
		return "nothing runs behind the handler"
	}
	return "there is no such stage"
}

func position(all []stage, s Stage) (int, bool) {
	switch {
	case s.Before == "" && s.After == "":
		return len(all) - 1, true
	case s.After == "handler": // nothing runs behind it
		return 0, false
	}
	i := slices.IndexFunc(all, func(o stage) bool { return o.name == s.Before+s.After })
	if s.After != "" {
		return i + 1, i >= 0
	}
	return i, i >= 0
}

func names(all []stage) []string {
	n := make([]string, len(all))
	for i, s := range all {
		n[i] = s.name
	}
	return n
}
