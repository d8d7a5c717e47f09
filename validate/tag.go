package validate

import (
	"errors"
	"fmt"
	"strings"
)

// A Spec is one rule as a tag has it: `max=200`, `oneof=draft live`,
// `each(required,max=20)`.
type Spec struct {
	Name   string
	Params []string // without their quotes
	Each   []Spec   // the rules of the elements, when Name is "each"
}

// maxNesting bounds each(each(…)).
const maxNesting = 8

// parseTag reads
//
//	rules  = rule { "," rule } .
//	rule   = name [ "=" param { " " param } ] | "each" "(" rules ")" .
//	param  = bare | "'" quoted "'" .
//
// A bare parameter has no comma, space, quote or parenthesis; in a quoted one
// a quote is written twice.
func parseTag(tag string) ([]Spec, error) {
	p := &tagParser{rest: strings.TrimSpace(tag)}
	if p.rest == "" {
		return nil, nil
	}
	specs, err := p.rules(0)
	if err == nil && p.rest != "" {
		err = fmt.Errorf("%q closes nothing: put a parameter with a parenthesis in single quotes", p.rest)
	}
	return specs, err
}

type tagParser struct{ rest string }

// next takes c, and the spaces around it, if it is what comes next.
func (p *tagParser) next(c byte) bool {
	rest := strings.TrimLeft(p.rest, " ")
	if rest == "" || rest[0] != c {
		return false
	}
	p.rest = strings.TrimLeft(rest[1:], " ")
	return true
}

func (p *tagParser) rules(depth int) ([]Spec, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("each is nested more than %d deep", maxNesting)
	}
	var specs []Spec
	for {
		spec, err := p.rule(depth)
		if err != nil {
			return nil, err
		}
		for _, other := range specs {
			if other.Name == spec.Name {
				return nil, fmt.Errorf("rule %q stands twice", spec.Name)
			}
		}
		specs = append(specs, spec)
		if !p.next(',') {
			return specs, nil
		}
	}
}

func (p *tagParser) rule(depth int) (Spec, error) {
	end := 0
	for end < len(p.rest) && isNameByte(p.rest[end]) {
		end++
	}
	spec := Spec{Name: p.rest[:end]}
	if end == 0 {
		return spec, fmt.Errorf("want the name of a rule at %q", p.rest)
	}
	p.rest = p.rest[end:]
	var err error
	switch {
	case spec.Name == "each":
		if !p.next('(') {
			return spec, errors.New("each needs rules, such as each(max=20)")
		}
		if spec.Each, err = p.rules(depth + 1); err == nil && !p.next(')') {
			err = fmt.Errorf("each is not closed: want ) at %q", p.rest)
		}
	case p.next('='):
		if spec.Params, err = p.params(); err == nil && len(spec.Params) == 0 {
			err = fmt.Errorf("%s= has no parameter; an empty one is ''", spec.Name)
		}
	}
	// Whoever asked for the rule sees what must follow: a comma, ) or the end.
	p.rest = strings.TrimLeft(p.rest, " ")
	if err == nil && p.rest != "" && p.rest[0] != ',' && p.rest[0] != ')' {
		err = fmt.Errorf("want a comma at %q", p.rest)
	}
	return spec, err
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func (p *tagParser) params() ([]string, error) {
	var params []string
	for {
		p.rest = strings.TrimLeft(p.rest, " ")
		if p.rest == "" || p.rest[0] == ',' || p.rest[0] == ')' {
			return params, nil
		}
		if p.rest[0] == '\'' {
			param, err := p.quoted()
			if err != nil {
				return nil, err
			}
			params = append(params, param)
			continue
		}
		end := strings.IndexAny(p.rest, " ,)('")
		if end < 0 {
			end = len(p.rest)
		} else if c := p.rest[end]; c == '(' || c == '\'' {
			return nil, fmt.Errorf("put the parameter %q in single quotes: it holds %q", p.rest, c)
		}
		params = append(params, p.rest[:end])
		p.rest = p.rest[end:]
	}
}

// quoted reads a quoted parameter and the end of the word.
func (p *tagParser) quoted() (string, error) {
	var b strings.Builder
	rest := p.rest[1:]
	for {
		part, after, closed := strings.Cut(rest, "'")
		if !closed {
			return "", fmt.Errorf("the quote of %s is not closed", p.rest)
		}
		b.WriteString(part)
		if !strings.HasPrefix(after, "'") {
			if after != "" && !strings.ContainsRune(" ,)", rune(after[0])) {
				return "", fmt.Errorf("want a space or a comma after the quote, at %q", after)
			}
			p.rest = after
			return b.String(), nil
		}
		b.WriteByte('\'')
		rest = after[1:]
	}
}
