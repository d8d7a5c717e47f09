package arch_test

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
)

const requestPage = "docs/request.md"

// requestTold: docs/request.md follows a request through functions that exist,
// each where the page says. A link to a Go file has the name of what stands in
// it as its text, or the name of the file.
func requestTold(t *tree) []finding {
	var out []finding
	for _, p := range pages(t) {
		if p.path != requestPage {
			continue
		}
		links := 0
		for _, m := range mentions(p) {
			if path.Ext(m.file) != ".go" {
				continue
			}
			links++
			name := strings.Trim(m.text, "` ")
			if name == path.Base(m.file) || name == m.file {
				continue
			}
			name = strings.NewReplacer("(*", "", "()", "", ")", "").Replace(name)
			if !t.declares(m.file, name) {
				out = append(out, finding{m.at, fmt.Sprintf("%s declares no %s", m.file, name),
					"tell the road as the code goes now: [Type.Method](../file.go) or [function](../file.go)"})
			}
		}
		if links == 0 {
			out = append(out, finding{p.path, "the page names no function", "link each step to its file: [App.ServeHTTP](../app.go)"})
		}
	}
	return out
}

// declares reports whether a file declares a top-level name, or Type.Method. A
// leading package name is ignored.
func (t *tree) declares(file, name string) bool {
	p := t.pkgs[path.Dir(file)]
	if p == nil {
		return false
	}
	name = strings.TrimPrefix(name, p.name+".")
	for _, s := range p.files {
		if s.path != file {
			continue
		}
		for _, d := range s.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if name == funcName(d) {
					return true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						if name == spec.Name.Name {
							return true
						}
					case *ast.ValueSpec:
						for _, id := range spec.Names {
							if name == id.Name {
								return true
							}
						}
					}
				}
			}
		}
	}
	return false
}
