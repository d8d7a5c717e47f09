package httpd

import (
	"errors"
	"fmt"
	"iter"
)

// A Field is a field of a head.
type Field struct{ Name, Value string }

// check says what keeps the field out of an answer.
func (f *Field) check() error {
	if !validName(f.Name) || !validValue(f.Value) {
		return fmt.Errorf("%w %q: %q is no valid name and value", ErrBadField, f.Name, f.Value)
	}
	return nil
}

// A Preset is a set of answer fields that is the same for many answers: checked
// and formatted once. It never changes, and may be used by any goroutine.
type Preset struct {
	fields []Field
	lines  string // as they are sent
	facts  facts
}

// NewPreset makes a Preset of fields, which are sent in that order. All that
// is wrong with them is in its error: a name that is no token, a value with a
// control character, a name that is there twice, and a field that is decided
// on answer by answer (Connection, Content-Length, Date, Trailer,
// Transfer-Encoding).
func NewPreset(fields ...Field) (*Preset, error) {
	p := &Preset{fields: append([]Field(nil), fields...), facts: facts{length: -1}}
	var problems []error
	var lines []byte
	for i := range p.fields {
		f := &p.fields[i]
		if err := f.check(); err != nil {
			problems = append(problems, err)
			continue
		}
		for _, other := range p.fields[:i] {
			if sameName(f.Name, other.Name) {
				problems = append(problems, fmt.Errorf("httpd: preset: field %q is there twice; give it one value", f.Name))
				break
			}
		}
		if everyAnswers(f.Name) {
			problems = append(problems, fmt.Errorf("httpd: preset: field %q is decided on answer by answer; take it out", f.Name))
		}
		p.facts.takeType(f.Name, f.Value)
		lines = appendField(lines, f.Name, f.Value)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	p.lines = string(lines)
	return p, nil
}

// everyAnswers reports whether a field is one that the engine has to look at in
// each answer.
func everyAnswers(name string) bool {
	for _, own := range [...]string{"Connection", "Content-Length", "Date", "Trailer", "Transfer-Encoding"} {
		if sameName(name, own) {
			return true
		}
	}
	return false
}

// Fields goes through the fields in their order. A nil Preset has none.
func (p *Preset) Fields() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, f := range p.all() {
			if !yield(f.Name, f.Value) {
				return
			}
		}
	}
}

func (p *Preset) all() []Field {
	if p == nil {
		return nil
	}
	return p.fields
}
