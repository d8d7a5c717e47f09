package view

import (
	"fmt"
	"html/template"
	"maps"
	"text/template/parse"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
)

// helpers are the functions that templates call.
type helpers struct {
	app   *ashlar.App
	funcs template.FuncMap // the app's own
}

// forParsing returns functions of the right names; the parser looks at nothing
// else.
func (h *helpers) forParsing() template.FuncMap { return h.forRequest(&bound{}) }

// forRequest returns the functions, bound to the request that b serves.
func (h *helpers) forRequest(b *bound) template.FuncMap {
	f := template.FuncMap{
		"url":   func(name string, pairs ...any) (string, error) { return h.app.URL(name, texts(pairs)...) },
		"asset": h.app.Asset,
		"dict":  dict,
		"field": field,
		"nonce": func() (string, error) {
			c, err := b.request("nonce")
			if err != nil {
				return "", err
			}
			return c.Nonce(), nil
		},
		"csrf": func() (template.HTML, error) {
			c, err := b.request("csrf")
			if err != nil {
				return "", err
			}
			// The token is base64url, so it needs no escaping.
			return template.HTML(`<input type="hidden" name="_csrf" value="` + c.CSRFToken() + `">`), nil
		},
	}
	maps.Copy(f, h.funcs)
	return f
}

func (b *bound) request(helper string) (*ashlar.Ctx, error) {
	if b.ctx != nil {
		if c, ok := ashlar.FromContext(b.ctx); ok {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s: there is no request", helper)
}

// texts turns the values of a url's parameters into text.
func texts(values []any) []string {
	s := make([]string, len(values))
	for i, v := range values {
		s[i] = fmt.Sprint(v)
	}
	return s
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d names and values do not pair", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: name %v is no string", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// fielder is an ashlar.Form of any type.
type fielder interface {
	Field(name string) (ashlar.FormField, error)
}

func field(form fielder, name string) (ashlar.FormField, error) { return form.Field(name) }

// checkNames reports routes and static files that templates name by a literal
// and that are not there.
func (v *Views) checkNames() error {
	var problems errs.List
	seen := map[string]bool{}
	for _, p := range v.pages.Load().byName {
		for _, t := range p.root.Templates() {
			if t.Tree == nil {
				continue
			}
			walk(t.Tree.Root, func(cmd *parse.CommandNode) {
				if err := v.checkCall(cmd); err != nil {
					where, _ := t.Tree.ErrorContext(cmd)
					if !seen[where] {
						seen[where] = true
						problems.Add(&errs.Setup{Code: "A1603", What: err.Error(), Where: where,
							Mend: "`app routes` lists the routes; static files are those given to Router.Static"})
					}
				}
			})
		}
	}
	return problems.Err()
}

func (v *Views) checkCall(cmd *parse.CommandNode) error {
	if len(cmd.Args) < 2 {
		return nil
	}
	fn, ok := cmd.Args[0].(*parse.IdentifierNode)
	name, literal := cmd.Args[1].(*parse.StringNode)
	if !ok || !literal {
		return nil
	}
	switch fn.Ident {
	case "url":
		if !v.helpers.app.HasRoute(name.Text) {
			return fmt.Errorf("no route is named %q", name.Text)
		}
	case "asset":
		_, err := v.helpers.app.Asset(name.Text)
		return err
	}
	return nil
}

// walk calls visit for every command below a node.
func walk(n parse.Node, visit func(*parse.CommandNode)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.TemplateNode:
		walk(n.Pipe, visit)
	case *parse.IfNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.PipeNode:
		if n == nil {
			return
		}
		for _, c := range n.Cmds {
			walk(c, visit)
		}
	case *parse.CommandNode:
		visit(n)
		for _, a := range n.Args {
			walk(a, visit)
		}
	}
}

func walkBranch(b *parse.BranchNode, visit func(*parse.CommandNode)) {
	walk(b.Pipe, visit)
	walk(b.List, visit)
	walk(b.ElseList, visit)
}
