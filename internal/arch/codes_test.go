package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const errorsPage = "docs/errors.md"

var (
	codeText  = regexp.MustCompile(`^A1\d{3}$`)
	codeEntry = regexp.MustCompile(`^### (A1\d{3}) \S`)
	codeRange = regexp.MustCompile(`^## (A1\d)xx `)
)

// errorCodes: every code that a set-up mistake shows has an entry in
// docs/errors.md, and every entry has a mistake that shows it. The entries are
// sorted, stand under the heading of their range, and carry an anchor with the
// very text that the error prints.
func errorCodes(t *tree) []finding {
	entries, out := readErrorsPage(t)
	used := map[string]string{} // code → where
	for _, p := range t.sorted() {
		for _, s := range p.files {
			ast.Inspect(s.ast, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if n.Kind == token.STRING {
						if code, _ := strconv.Unquote(n.Value); codeText.MatchString(code) && used[code] == "" {
							used[code] = t.at(n)
						}
					}
				case *ast.CompositeLit:
					if isSetup(p.info.TypeOf(n)) && !hasKey(n, "Code") {
						out = append(out, finding{t.at(n), "a set-up mistake has no code",
							"choose the next free one in its range of " + errorsPage + " and write its entry"})
					}
				}
				return true
			})
		}
	}
	for _, code := range slices.Sorted(maps.Keys(used)) {
		if entries[code] == "" {
			out = append(out, finding{used[code], fmt.Sprintf("%s has no entry in %s", code, errorsPage),
				fmt.Sprintf("add %q there: what it means, and an example of the mend", "### "+code+" …")})
		}
	}
	for _, code := range slices.Sorted(maps.Keys(entries)) {
		if used[code] == "" {
			out = append(out, finding{entries[code], fmt.Sprintf("no error shows %s", code),
				"remove the entry, and leave the number unused: an old release may still print it"})
		}
	}
	return out
}

// readErrorsPage returns where each code's entry stands.
func readErrorsPage(t *tree) (entries map[string]string, out []finding) {
	text, _ := fs.ReadFile(t.fsys, errorsPage)
	entries = map[string]string{}
	section, last, previous, n := "", "", "", 0
	for l := range strings.Lines(string(text)) {
		n++
		l = strings.TrimSpace(l)
		at := fmt.Sprintf("%s:%d", errorsPage, n)
		if m := codeRange.FindStringSubmatch(l); m != nil {
			section = m[1]
		}
		if m := codeEntry.FindStringSubmatch(l); m != nil {
			code := m[1]
			switch {
			case code <= last:
				out = append(out, finding{at, fmt.Sprintf("%s stands after %s", code, last), "sort the entries by code, each once"})
			case !strings.HasPrefix(code, section) || section == "":
				out = append(out, finding{at, fmt.Sprintf("%s does not stand in its section", code),
					fmt.Sprintf("move it under %q", "## "+code[:3]+"xx …")})
			case previous != `<a id="`+code+`"></a>`:
				out = append(out, finding{at, fmt.Sprintf("%s has no anchor", code),
					fmt.Sprintf("write <a id=%q></a> on the line above it, so that %s#%s leads here", code, errorsPage, code)})
			}
			entries[code], last = at, code
		}
		if l != "" {
			previous = l
		}
	}
	return entries, out
}

// isSetup reports whether typ is errs.Setup, or *errs.Setup in a list whose
// elements leave out their type.
func isSetup(typ types.Type) bool {
	if p, ok := typ.(*types.Pointer); ok {
		typ = p.Elem()
	}
	n, ok := typ.(*types.Named)
	return ok && n.Obj().Name() == "Setup" && n.Obj().Pkg() != nil && n.Obj().Pkg().Name() == "errs"
}

func hasKey(lit *ast.CompositeLit, name string) bool {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return len(lit.Elts) > 0 // positional: all fields are there
		}
		if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
			return true
		}
	}
	return false
}
