package view

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/errs"
)

type viewsKey struct{}

// Views are the templates of an app, parsed. It is safe for concurrent use.
type Views struct {
	cfg     Config
	helpers *helpers
	live    bool
	pages   atomic.Pointer[pageSet]
	reading sync.Mutex
}

type pageSet struct {
	byName map[string]*parsed
	stamp  string
}

// parsed is one page with its layout and partials.
type parsed struct {
	root  *template.Template // never executed: html/template forbids a Clone after that
	entry string             // the template that is executed
	ready sync.Pool          // of *bound
}

// bound is a clone whose helpers read the request from ctx. html/template
// binds functions to a template, not to an execution, so each clone serves one
// request at a time.
type bound struct {
	t   *template.Template
	ctx context.Context
}

// load parses all files; the error lists everything that is wrong with them.
func (v *Views) load() error {
	set := &pageSet{byName: map[string]*parsed{}, stamp: v.stamp()}
	files, err := v.files()
	if err != nil {
		return &errs.Setup{Code: "A1601", What: "read templates", Err: err, Mend: "set view.Config.FS to the folder of the templates"}
	}
	var problems errs.List
	base := template.New("").Funcs(v.helpers.forParsing())
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if isPartial(name) {
			problems.Add(parseInto(base, partialName(name), name, files[name]))
		}
	}
	layout, hasLayout := files[v.cfg.Layout]
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if isPartial(name) || name == v.cfg.Layout {
			continue
		}
		p, err := v.parsePage(base, name, files[name], layout, hasLayout)
		problems.Add(err)
		if err == nil {
			set.byName[name] = p
		}
	}
	if len(problems) == 0 {
		v.pages.Store(set)
	}
	return problems.Err()
}

func (v *Views) parsePage(base *template.Template, name, text, layout string, hasLayout bool) (*parsed, error) {
	root, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if hasLayout {
		if err := parseInto(root, v.cfg.Layout, v.cfg.Layout, layout); err != nil {
			return nil, err
		}
	}
	// The layout's own "content" is a default, so whether the page has one is
	// seen on the page alone.
	alone, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if err := parseInto(alone, name, name, text); err != nil {
		return nil, err
	}
	if err := parseInto(root, name, name, text); err != nil {
		return nil, err
	}
	p := &parsed{root: root, entry: name}
	if hasLayout && alone.Lookup("content") != nil {
		p.entry = v.cfg.Layout
	}
	// Escaping is done at the first execution; a mistake in it, such as an
	// action in a place that has no safe escaping, is to be known now.
	if err := p.tryEscape(v.helpers); err != nil {
		return nil, &errs.Setup{Code: "A1602", What: "escape template " + name, Err: err}
	}
	p.ready.New = func() any {
		b := &bound{}
		t, err := p.root.Clone()
		if err != nil {
			return err
		}
		b.t = t.Funcs(v.helpers.forRequest(b))
		return b
	}
	return p, nil
}

func parseInto(into *template.Template, define, file, text string) error {
	if _, err := into.New(define).Parse(text); err != nil {
		return &errs.Setup{Code: "A1602", What: "parse template " + file, Err: err, Where: errorPlace(err)}
	}
	return nil
}

// errorPlace finds file:line in the errors of text/template, which carry it in
// their text alone.
func errorPlace(err error) string {
	_, rest, ok := strings.Cut(err.Error(), "template: ")
	if !ok {
		return ""
	}
	parts := strings.SplitN(rest, ":", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[0] + ":" + parts[1]
}

// tryEscape runs html/template's escaper over the page, and only that: the
// writer refuses the first byte.
func (p *parsed) tryEscape(h *helpers) error {
	t, err := p.root.Clone()
	if err != nil {
		return err
	}
	b := &bound{ctx: context.Background()}
	err = t.Funcs(h.forRequest(b)).ExecuteTemplate(refuse{}, p.entry, nil)
	if escape, ok := err.(*template.Error); ok { //nolint:errorlint // ExecuteTemplate returns it bare
		return escape
	}
	return nil
}

type refuse struct{}

func (refuse) Write([]byte) (int, error) { return 0, errRefused }

var errRefused = fmt.Errorf("view: only escaping was wanted")

func isPartial(name string) bool { return strings.HasPrefix(path.Base(name), "_") }

// partialName is the name of the template that a partial's file defines.
func partialName(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(path.Base(name), "_"), path.Ext(name))
}

const (
	templateMax  = 1 << 20 // bytes in one file
	templatesMax = 10000   // files
)

func (v *Views) files() (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(v.cfg.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		text, err := fs.ReadFile(v.cfg.FS, name)
		if err == nil && (len(text) > templateMax || len(files) == templatesMax) {
			err = fmt.Errorf("%s: over %d bytes, or more than %d files", name, templateMax, templatesMax)
		}
		files[name] = string(text)
		return err
	})
	return files, err
}

// stamp tells two states of the files apart.
func (v *Views) stamp() string {
	if !v.live {
		return ""
	}
	var b strings.Builder
	_ = fs.WalkDir(v.cfg.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil {
			fmt.Fprintln(&b, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}

// current returns the pages, parsed again when a file changed in development.
func (v *Views) current() (*pageSet, error) {
	set := v.pages.Load()
	if !v.live {
		return set, nil
	}
	v.reading.Lock()
	defer v.reading.Unlock()
	if set = v.pages.Load(); set.stamp == v.stamp() {
		return set, nil
	}
	if err := v.load(); err != nil {
		return nil, err
	}
	return v.pages.Load(), nil
}

func (v *Views) render(ctx context.Context, w io.Writer, name string, data any) error {
	set, err := v.current()
	if err != nil {
		return err
	}
	p, ok := set.byName[name]
	if !ok {
		return fmt.Errorf("view: no template %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(set.byName)), ", "))
	}
	got := p.ready.Get()
	b, ok := got.(*bound)
	if !ok {
		return fmt.Errorf("view: clone template %s: %w", name, got.(error))
	}
	b.ctx = ctx
	err = b.t.ExecuteTemplate(w, p.entry, data)
	b.ctx = nil
	p.ready.Put(b)
	if err != nil {
		return fmt.Errorf("view: render %s: %w", name, err)
	}
	return nil
}
