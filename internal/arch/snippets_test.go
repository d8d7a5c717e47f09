package arch_test

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"path"
	"slices"
	"strings"
	"sync"
)

// How Go code stands on a page:
//
// A block that begins with a package clause is a whole file: it imports what
// it uses, and compiles alone.
//
// Any other block is a fragment: either declarations or statements. The
// fragments of a page are one package, so a block may use what an earlier or
// later one declares. Statements stand in a function of their own, which has a
// ctx and returns an error. Imports are found by name: the packages of this
// module first, then those of the standard library.
//
// What a reader need not see stands in a comment of its own:
//
//	<!-- go
//	var app *ashlar.App
//	-->
//
// and <!-- go:new --> begins a new package for the rest of the page.
//
// A block that shows no real Go (an outline, another project's code) is fenced
// as text.

// A snippet is one block of Go on a page.
type snippet struct {
	page string
	line int // of its first line of code
	text string
	part int // which package of the page it belongs to
}

// snippets returns the blocks of a page, hidden ones included.
func snippets(p page) (all []snippet, out []finding) {
	part, open := 0, -1
	hidden := false
	for i, l := range p.lines {
		trimmed := strings.TrimSpace(l)
		m := fence.FindStringSubmatch(l)
		end := open >= 0 && (hidden && trimmed == "-->" || !hidden && m != nil && m[2] == "" && p.code[i])
		switch {
		case end:
			all = append(all, snippet{p.path, open + 1, strings.Join(p.lines[open:i], "\n") + "\n", part})
			open = -1
		case open >= 0:
		case trimmed == "<!-- go:new -->" && !p.code[i]:
			part++
		case trimmed == "<!-- go" && !p.code[i]:
			open, hidden = i+1, true
		case m != nil && p.code[i] && m[2] == "go":
			open, hidden = i+1, false
		case m != nil && p.code[i] && (strings.HasPrefix(strings.ToLower(m[2]), "go") && m[2] != "gotemplate"):
			out = append(out, finding{fmt.Sprintf("%s:%d", p.path, i+1), fmt.Sprintf("a block is marked %q, which nobody compiles", m[2]),
				"mark it go, or text if it shows no real code"})
		}
	}
	return all, out
}

// snippetsCompile: what the papers show is what the compiler accepts.
func snippetsCompile(t *tree) []finding {
	var out []finding
	for _, p := range pages(t) {
		all, bad := snippets(p)
		out = append(out, bad...)
		parts := map[int][]snippet{}
		for _, s := range all {
			if isFile(s.text) {
				out = append(out, compile(t, []snippet{s})...)
				continue
			}
			parts[s.part] = append(parts[s.part], s)
		}
		for i := range len(parts) + len(all) {
			out = append(out, compile(t, parts[i])...)
		}
	}
	return out
}

// isFile reports whether the first line of code is a package clause.
func isFile(text string) bool {
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l != "" && !strings.HasPrefix(l, "//") {
			return strings.HasPrefix(l, "package ")
		}
	}
	return false
}

// compile type-checks blocks as one package.
func compile(t *tree, blocks []snippet) []finding {
	const mend = "mend the code; internal/arch/snippets_test.go tells how blocks are compiled and how to hide a line"
	var out []finding
	var files []*ast.File
	report := func(err error) {
		out = append(out, finding{at(t, err), "does not compile: " + text(err), mend})
	}
	declared := map[string]bool{}
	var parsed []*block
	for _, s := range blocks {
		b, err := parse(t, s)
		if err != nil {
			report(err)
			continue
		}
		for name := range b.file.Scope.Objects { // known to go/parser alone, and enough here
			declared[name] = true
		}
		parsed = append(parsed, b)
	}
	whole := len(blocks) == 1 && isFile(blocks[0].text)
	for _, b := range parsed {
		if whole {
			files = append(files, b.file)
			if b.file.Name.Name == "main" && b.file.Scope.Objects["main"] == nil {
				out = append(out, finding{t.at(b.file), "does not compile: a program without a main function", mend})
			}
			continue
		}
		f, err := b.withImports(t, declared)
		if err != nil {
			report(err)
			continue
		}
		files = append(files, f)
	}
	conf := types.Config{Importer: t, Error: func(err error) {
		if soft := err.(types.Error).Soft; !soft || whole { // a fragment may leave a variable unused
			report(err)
		}
	}}
	_, _ = conf.Check("page", t.fset, files, nil)
	return out
}

// A block is a parsed fragment and the text around it.
type block struct {
	snippet
	before, after string
	file          *ast.File
}

// parse reads a block as a file, as declarations, or as statements.
func parse(t *tree, s snippet) (*block, error) {
	forms := []block{
		{before: "package page\n", after: ""},
		{before: "package page\nfunc _(ctx context.Context) (_ error) {\n{\n", after: "\n}\npanic(0)\n}\n"},
	}
	if isFile(s.text) {
		forms = []block{{}}
	}
	var first error
	for i := range forms {
		b := &forms[i]
		b.snippet = s
		var err error
		if b.file, err = parser.ParseFile(t.fset, path.Base(s.page), b.source(""), 0); err == nil {
			return b, nil
		}
		if first == nil || !strings.Contains(err.Error(), "expected declaration") && strings.Contains(first.Error(), "expected declaration") {
			first = err
		}
	}
	return nil, first
}

// source returns the block as a Go file whose positions are those of the page.
func (b *block) source(imports string) string {
	before := strings.Replace(b.before, "package page\n", "package page\n"+imports, 1)
	return fmt.Sprintf("%s//line %s:%d\n%s%s", before, b.page, b.line, b.text, b.after)
}

// withImports parses the block once more, with imports for the packages that
// it names and does not declare.
func (b *block) withImports(t *tree, declared map[string]bool) (*ast.File, error) {
	imported := map[string]bool{}
	for _, spec := range b.file.Imports {
		name := path.Base(strings.Trim(spec.Path.Value, "\"`"))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = true
	}
	unresolved := map[*ast.Ident]bool{}
	for _, id := range b.file.Unresolved {
		unresolved[id] = true
	}
	var imports []string
	ast.Inspect(b.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || !unresolved[id] || declared[id.Name] || imported[id.Name] {
			return true
		}
		if from := t.named(id.Name); from != "" {
			imported[id.Name] = true
			imports = append(imports, fmt.Sprintf("import %s %q\n", id.Name, from))
		}
		return true
	})
	return parser.ParseFile(t.fset, path.Base(b.page), b.source(strings.Join(imports, "")), 0)
}

// named returns the import path of the package that a page means by a name.
func (t *tree) named(name string) string {
	best := ""
	for _, p := range t.sorted() {
		shown := !p.main() && !strings.Contains(p.dir, "internal/") && len(p.files) > 0
		if shown && p.name == name && (best == "" || len(p.dir) < len(best)) {
			best = p.dir
		}
	}
	if best != "" {
		return t.importPath(best)
	}
	switch name {
	case "rand":
		return "crypto/rand"
	case "template":
		return "html/template"
	}
	all := standard()
	i := slices.IndexFunc(all, func(p string) bool { return path.Base(p) == name })
	if i < 0 {
		return ""
	}
	return all[i]
}

// standard lists the standard library, shortest import paths first.
var standard = sync.OnceValue(func() []string {
	text, err := goCommand(".", "list", "std")
	if err != nil {
		panic(err)
	}
	all := slices.DeleteFunc(strings.Fields(text), func(p string) bool {
		return strings.Contains("/"+p+"/", "/internal/") || strings.HasPrefix(p, "vendor/")
	})
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	return all
})

// at and text take a compiler's error apart.
func at(t *tree, err error) string {
	var e types.Error
	if errors.As(err, &e) {
		p := t.fset.Position(e.Pos)
		return fmt.Sprintf("%s:%d", p.Filename, p.Line)
	}
	where, _, _ := strings.Cut(err.Error(), ": ")
	if i := strings.LastIndex(where, ":"); strings.Count(where, ":") == 2 {
		where = where[:i] // without the column
	}
	return where
}

func text(err error) string {
	var e types.Error
	if errors.As(err, &e) {
		return e.Msg
	}
	_, what, _ := strings.Cut(err.Error(), ": ")
	return what
}
