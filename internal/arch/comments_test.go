package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"strings"
)

// packageComments: a package says what it is for in doc.go. A package of one
// written file may say it there, and a program wherever its main function is.
func packageComments(t *tree) []finding {
	var out []finding
	for _, p := range t.sorted() {
		if len(p.files) == 0 {
			continue
		}
		var doc *source
		written := 0
		for _, s := range p.files {
			if !s.generated {
				written++
			}
			if s.ast.Doc != nil && (doc == nil || path.Base(s.path) == "doc.go") {
				doc = s
			}
		}
		start := "Package " + p.name
		if p.main() {
			start = "" // what it does, in its own words
		}
		switch {
		case doc == nil:
			out = append(out, finding{p.dir, fmt.Sprintf("package %s has no package comment", p.dir),
				"add doc.go: what the package is for, ten lines of use, what it is not for"})
		case !strings.HasPrefix(doc.ast.Doc.Text(), start):
			out = append(out, finding{t.at(doc.ast.Doc), fmt.Sprintf("the package comment does not begin with %q", start),
				"go doc shows the first sentence in its list of packages; begin it with the name"})
		case !p.main() && written > 1 && path.Base(doc.path) != "doc.go":
			out = append(out, finding{t.at(doc.ast.Doc), "the package comment is not in doc.go",
				"move it to " + path.Join(p.dir, "doc.go")})
		}
	}
	return out
}

// exportedComments: every exported name says what it promises, in a comment
// that begins with the name. One comment may stand for a group of constants or
// variables.
func exportedComments(t *tree) []finding {
	var out []finding
	for _, p := range t.sorted() {
		if p.main() {
			continue
		}
		for _, s := range p.files {
			if s.generated {
				continue
			}
			for _, d := range s.ast.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported()) {
						out = append(out, named(t, d, d.Doc, d.Name.Name, funcName(d))...)
					}
				case *ast.GenDecl:
					out = append(out, exportedSpecs(t, d)...)
				}
			}
		}
	}
	return out
}

func exportedSpecs(t *tree, d *ast.GenDecl) []finding {
	var out []finding
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() {
				doc := spec.Doc
				if doc == nil {
					doc = d.Doc
				}
				out = append(out, named(t, spec, doc, spec.Name.Name, spec.Name.Name)...)
			}
		case *ast.ValueSpec:
			for _, id := range spec.Names {
				if !id.IsExported() {
					continue
				}
				group := d.Lparen.IsValid() && (d.Doc != nil || spec.Doc != nil || spec.Comment != nil)
				if !group && (d.Tok == token.CONST || d.Tok == token.VAR) {
					doc := d.Doc
					if doc == nil {
						doc = spec.Doc
					}
					out = append(out, named(t, id, doc, id.Name, id.Name)...)
				}
			}
		}
	}
	return out
}

// named reports a comment that is missing or does not begin with name, an
// article before it being fine.
func named(t *tree, at ast.Node, doc *ast.CommentGroup, name, full string) []finding {
	mend := fmt.Sprintf("say what %s promises, then its limits, units, errors and concurrency: // %s …", full, name)
	if doc == nil {
		return []finding{{t.at(at), full + " has no comment", mend}}
	}
	words := strings.Fields(doc.Text())
	if len(words) > 1 && (words[0] == "A" || words[0] == "An" || words[0] == "The") {
		words = words[1:]
	}
	if len(words) == 0 || strings.TrimRight(words[0], ",:") != name {
		return []finding{{t.at(at), fmt.Sprintf("the comment of %s does not begin with %q", full, name), mend}}
	}
	return nil
}
