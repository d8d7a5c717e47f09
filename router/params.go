package router

import "iter"

// Params holds the parameters of a match. Its zero value is empty and ready
// for use. It is meant to be a part of a larger value that lives as long as the
// request, such as a context: up to two parameters need no further memory.
// With more than two, a copy is good until the original is matched with again.
//
// A Params is not safe for use by one goroutine while another matches with it.
type Params struct {
	names *[]string // of the route that matched; shared with it, never written
	few   [fewParams]string
	more  *moreParams // values beyond the first few
}

// moreParams is kept small where it is not needed: a Params is a part of every
// request.
type moreParams struct {
	values []string
	room   [4]string
}

// fewParams is the number of values that a Params holds by itself.
const fewParams = 2

// Len returns the number of parameters.
func (p *Params) Len() int { return len(p.all()) }

func (p *Params) all() []string {
	if p.names == nil {
		return nil
	}
	return *p.names
}

// Value returns the decoded text of the parameter with this name, "" when
// there is none. A {name} is never empty when there is one; a {name...} may be.
func (p *Params) Value(name string) string {
	for i, n := range p.all() {
		if n == name {
			return p.at(i)
		}
	}
	return ""
}

// All yields names and values in the order of the path.
func (p *Params) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for i, name := range p.all() {
			if !yield(name, p.at(i)) {
				return
			}
		}
	}
}

func (p *Params) at(i int) string {
	if i < fewParams {
		return p.few[i]
	}
	return p.more.values[i-fewParams]
}

// set puts the value at i in place and forgets those after it. All values
// before i must be there.
func (p *Params) set(i int, value string) {
	if i < fewParams {
		p.few[i] = value
		return
	}
	if p.more == nil {
		p.more = new(moreParams)
		p.more.values = p.more.room[:0]
	}
	p.more.values = append(p.more.values[:i-fewParams], value)
}
