package inject_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/ashlar-go/ashlar/inject"
)

// Types to make random graphs of.
type (
	t0 struct{ _ int }
	t1 struct{ _ int }
	t2 struct{ _ int }
	t3 struct{ _ int }
	t4 struct{ _ int }
	t5 struct{ _ int }
	t6 struct{ _ int }
	t7 struct{ _ int }
)

var pool = [...]reflect.Type{
	reflect.TypeFor[*t0](), reflect.TypeFor[*t1](), reflect.TypeFor[*t2](), reflect.TypeFor[*t3](),
	reflect.TypeFor[*t4](), reflect.TypeFor[*t5](), reflect.TypeFor[*t6](), reflect.TypeFor[*t7](),
}

// A part is one line of a random graph, over indexes of pool.
type part struct {
	kind   byte // p: provide, d: decorate, i: item of a group, n: need
	typ    int
	module int
	needs  []int
	groups []int
	private,
	request bool
}

// randomParts reads choices from next, so that both a random source and a
// fuzzer can make graphs. Most graphs that it makes are nearly right.
func randomParts(next func(n int) int) []part {
	modules := 1 + next(4)
	var parts []part
	for typ := range pool {
		p := part{kind: 'p', typ: typ, module: min(modules-1, typ*modules/len(pool))}
		switch next(40) {
		case 0:
			continue // nobody provides it
		case 1:
			p.module = next(modules) // perhaps out of order
		case 2:
			p.private = true
		case 3:
			p.request = true
		case 5:
			parts = append(parts, part{kind: 'p', typ: typ, module: next(modules), private: next(4) > 0})
		case 6:
			parts = append(parts, part{kind: 'd', typ: typ, module: next(modules), needs: randomNeeds(next, typ, 2)})
		case 7:
			parts = append(parts, part{kind: 'i', typ: typ, module: next(modules), needs: randomNeeds(next, typ, 2)})
		case 8:
			p.groups = []int{next(len(pool))}
		}
		p.needs = randomNeeds(next, typ, 3)
		parts = append(parts, p)
	}
	for range next(3) {
		parts = append(parts, part{kind: 'n', typ: next(len(pool)), module: modules - 1})
	}
	for i := range parts { // lines of one module stand in any order
		j := i + next(len(parts)-i)
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

func randomNeeds(next func(int) int, typ, most int) []int {
	var list []int
	for range next(most) * min(typ, 1) {
		if next(80) == 0 {
			list = append(list, next(len(pool)))
		} else {
			list = append(list, next(typ))
		}
	}
	return list
}

// declare turns parts into a graph whose constructors can be called.
func declare(parts []part) *inject.Graph {
	g := inject.New(nil)
	modules := []*inject.Module{}
	for range 4 {
		modules = append(modules, g.Module("m", "main.go:1").At("m.go:1"))
	}
	for _, p := range parts {
		m, out := modules[p.module], pool[p.typ]
		var in []reflect.Type
		if p.kind == 'd' {
			in = append(in, out)
		}
		for _, n := range p.needs {
			in = append(in, pool[n])
		}
		for _, n := range p.groups {
			in = append(in, reflect.SliceOf(pool[n]))
		}
		fn := reflect.MakeFunc(reflect.FuncOf(in, []reflect.Type{out}, false), func([]reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.New(out.Elem())}
		}).Interface()
		var opts []inject.Option
		if p.private {
			opts = append(opts, inject.Private)
		}
		if p.request {
			opts = append(opts, inject.PerRequest)
		}
		switch p.kind {
		case 'p':
			m.Provide(fn, opts...)
		case 'd':
			m.Decorate(fn)
		case 'i':
			m.Add(fn)
		case 'n':
			m.Need(reflect.New(out).Interface())
		}
	}
	return g
}

// A naive builder knows nothing of graphs: it just builds every part, by
// recursion, and sees whether it gets stuck.
type naive struct {
	parts  []part
	state  map[int]byte // by part: 1 is being built, 2 is built
	failed error
}

func (b *naive) fail(text string) {
	if b.failed == nil {
		b.failed = errors.New(text)
	}
}

// provider finds the part that module gets typ from.
func (b *naive) provider(typ, module int) int {
	own, public := -1, -1
	for i, p := range b.parts {
		switch {
		case p.kind != 'p' || p.typ != typ:
		case p.private && p.module == module:
			own = i
		case !p.private:
			public = i
		}
	}
	if own >= 0 {
		return own
	}
	return public
}

func (b *naive) want(typ int, by part, byRequest bool) int {
	i := b.provider(typ, by.module)
	if i < 0 {
		b.fail("missing")
		return -1
	}
	if p := b.parts[i]; p.module > by.module {
		b.fail("out of order")
	} else if p.request && !byRequest {
		b.fail("captive")
	}
	return i
}

func (b *naive) build(i int) {
	switch b.state[i] {
	case 1:
		b.fail("cycle")
		return
	case 2:
		return
	}
	b.state[i] = 1
	p := b.parts[i]
	request := p.request
	if p.kind == 'd' {
		if j := b.want(p.typ, p, true); j >= 0 {
			request = b.parts[j].request
			b.build(j)
		}
	}
	needs := p.needs
	if p.kind == 'n' {
		needs = []int{p.typ}
	}
	for _, n := range needs {
		if j := b.want(n, p, request); j >= 0 {
			b.build(j)
			b.decorators(j)
		}
	}
	for _, n := range p.groups {
		for j, item := range b.parts {
			if item.kind == 'i' && item.typ == n {
				b.build(j)
			}
		}
	}
	b.state[i] = 2
}

// decorators builds what is wrapped around the provider i.
func (b *naive) decorators(i int) {
	for j, d := range b.parts {
		if d.kind == 'd' && d.typ == b.parts[i].typ && b.provider(d.typ, d.module) == i {
			b.build(j)
		}
	}
}

func naively(parts []part) error {
	b := &naive{parts: parts, state: map[int]byte{}}
	for i, p := range parts {
		for _, q := range parts[:i] {
			if p.kind == 'p' && q.kind == 'p' && p.typ == q.typ && (p.private == q.private && (!p.private || p.module == q.module) || p.private != q.private && p.module == q.module) {
				return errors.New("provided twice")
			}
		}
	}
	for i := range parts {
		b.build(i)
	}
	return b.failed
}

// compare is the property: Check accepts what the naive builder can build, and
// then Build succeeds.
func compare(t *testing.T, parts []part) bool {
	g := declare(parts)
	got, want := g.Check(), naively(parts)
	if (got == nil) != (want == nil) {
		t.Errorf("got %v, want %v, for %+v", got, want, parts)
	}
	if built := g.Build(); got == nil && built != nil {
		t.Errorf("got %v from Build after Check accepted, for %+v", built, parts)
	}
	_ = g.Text() + g.Mermaid()
	return got == nil
}

func TestCheckAgreesWithNaiveBuilder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	accepted, rounds := 0, 3_000
	for range rounds {
		if compare(t, randomParts(r.IntN)) {
			accepted++
		}
		if t.Failed() {
			return
		}
	}
	// The test says little unless it sees enough of both sorts.
	if accepted < rounds/20 || accepted > rounds*19/20 {
		t.Errorf("got %d graphs accepted of %d, want a mixture", accepted, rounds)
	}
	t.Logf("%d of %d graphs were accepted", accepted, rounds)
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"", "\x01\x00", "\x03\x0b\x00\x0b\x01\x00\x06\x01\x02", "\x02\x08\x05\x07\x04\x03\x01\x01\x09"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		compare(t, randomParts(func(n int) int {
			if len(choices) == 0 {
				return n - 1
			}
			c := int(choices[0]) % n
			choices = choices[1:]
			return c
		}))
	})
}

// Whatever the order in which a module writes its lines, the answer is the
// same set of problems.
func TestLinesOfAModuleStandInAnyOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		parts := randomParts(r.IntN)
		first := slices.Sorted(slices.Values(codes(t, declare(parts).Check())))
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		got := slices.Sorted(slices.Values(codes(t, declare(parts).Check())))
		if (len(got) == 0) != (len(first) == 0) {
			t.Errorf("got %v, want %v as before the lines were shuffled", got, first)
		}
	}
}
