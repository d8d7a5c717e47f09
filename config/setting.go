package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Where a value came from, when it was no file, variable or flag.
const (
	fromNowhere = "not set"
	fromDefault = "default"
	fromCode    = "code"
)

// A setting is one field that can be filled.
type setting struct {
	section  Section
	key      string // "db.pool_size"
	variable string // "DB_POOL_SIZE"
	extra    []string
	doc      string
	field    reflect.Value
	secret   bool
	required bool
	fallback reflect.Value // the tag default; may be invalid
	min, max reflect.Value // may be invalid
	oneof    []string      // in the form that formatScalar gives

	from   string
	broken bool // some layer's value does not fit, which was reported
}

// start applies the two weakest layers: the tag default and the code.
func (s *setting) start() {
	switch {
	case !s.field.IsZero():
		s.from = fromCode
	case s.fallback.IsValid():
		s.field.Set(s.fallback)
		s.from = fromDefault
	default:
		s.from = fromNowhere
	}
}

// A defaulter is a section with defaults that depend on the environment.
type defaulter interface{ Defaults(environment string) }

// applyDefaults lets sections fill what neither a tag nor the code has set.
func (l *loader) applyDefaults() {
	for _, sec := range l.sections {
		if d, ok := sec.Into.(defaulter); ok {
			d.Defaults(l.environment)
		}
	}
	for _, s := range l.settings {
		if s.from == fromNowhere && !s.field.IsZero() {
			s.from = fromDefault
		}
	}
}

// place says where the present value stands, for a message.
func (s *setting) place() string {
	switch s.from {
	case fromNowhere, fromDefault, fromCode:
		return strings.TrimPrefix(s.section.Where+" ("+s.from+")", " ")
	}
	return s.from
}

// declare finds the settings of a section.
func (l *loader) declare(sec Section) {
	v := reflect.ValueOf(sec.Into)
	name := fmt.Sprintf("section %q", sec.Name)
	switch {
	case v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct:
		l.problem(codeSection, sec.Where, "pass a pointer to the struct, such as &cfg",
			"%s: want a pointer to a struct, got %T", name, sec.Into)
		return
	case sec.Name != "" && !validName(sec.Name):
		l.problem(codeSection, sec.Where, "use lower-case letters, digits and _, beginning with a letter",
			"%s: not a name for a section", name)
		return
	}
	for _, other := range l.sections {
		if other.Name == sec.Name {
			l.problem(codeSection, sec.Where, "give one of them another name; the other is at "+other.Where,
				"%s: declared twice", name)
			return
		}
	}
	before := len(l.problems)
	l.sections = append(l.sections, sec)
	if sec.Name != "" {
		l.claimTable(sec, sec.Name)
	}
	l.fields(sec, sec.Name, v.Elem())
	l.spoilt[sec.Name] = len(l.problems) > before
}

// fields finds the settings of one struct, whose keys begin with prefix.
func (l *loader) fields(sec Section, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		field, tag := v.Type().Field(i), v.Type().Field(i).Tag.Get("config")
		if tag == "-" || !field.IsExported() && !field.Anonymous || unfillable(field.Type) {
			continue
		}
		nested := field.Type.Kind() == reflect.Struct && !scalar(field.Type)
		if nested && field.Anonymous && tag == "" {
			l.fields(sec, prefix, v.Field(i))
			continue
		}
		if !field.IsExported() {
			continue
		}
		name := v.Type().String() + "." + field.Name
		if v.Type().Name() == "" {
			name = fmt.Sprintf("section %q, field %s", sec.Name, field.Name)
		}
		step := tag
		if step == "" {
			step = snake(field.Name)
		}
		key := join(prefix, step)
		switch {
		case !validName(step):
			l.problem(codeField, sec.Where, `name it with config:"…", from lower-case letters, digits and _`,
				"%s: %q cannot be a key", name, step)
		case nested:
			l.claimTable(sec, key)
			l.fields(sec, key, v.Field(i))
		case !supported(field.Type):
			l.problem(codeField, sec.Where, `tag the field config:"-", or give its type an UnmarshalText method`,
				"%s: no text can fill a %s", name, field.Type)
		default:
			l.claim(sec, name, key, field.Tag, v.Field(i))
		}
	}
}

// unfillable reports whether t is, or holds, what is written in code only.
func unfillable(t reflect.Type) bool {
	for {
		switch t.Kind() {
		case reflect.Interface, reflect.Func, reflect.Chan:
			return true
		case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
			t = t.Elem()
		default:
			return false
		}
	}
}

// claimTable notes that key holds further keys.
func (l *loader) claimTable(sec Section, key string) {
	if other := l.byKey[key]; other != nil {
		l.claimedTwice(sec, key, other)
	}
	l.tables[key] = true
}

func (l *loader) claimedTwice(sec Section, key string, other *setting) {
	where := ""
	if other != nil {
		where = "; the other is declared at " + other.section.Where
	}
	l.problem(codeSection, sec.Where, `rename one with config:"…"`+where, "%s: two settings want this name", key)
}

// claim makes a setting of a field.
func (l *loader) claim(sec Section, name, key string, tag reflect.StructTag, field reflect.Value) {
	s := &setting{
		section: sec, key: key, variable: variable(sec.Name, key), doc: tag.Get("doc"),
		field: field, secret: core(field.Type()) == secretType, required: tag.Get("required") == "true",
		extra: splitList(tag.Get("env")),
	}
	switch other := l.byKey[key]; {
	case key == "env":
		l.problem(codeSection, sec.Where, `name it otherwise with config:"…", or tag it config:"-" and use Set.Env`,
			"%s: the key env is kept for ASHLAR_ENV", name)
		return
	case other != nil || l.tables[key]:
		l.claimedTwice(sec, key, other)
		return
	case l.byVariable[s.variable] != nil:
		l.claimedTwice(sec, s.variable, l.byVariable[s.variable])
		return
	}
	if err := s.tags(tag); err != nil {
		l.problem(codeField, sec.Where, "", "%s: %v", name, err)
		return
	}
	l.settings = append(l.settings, s)
	l.byKey[key], l.byVariable[s.variable] = s, s
}

// tags reads the tags that depend on the field's type.
func (s *setting) tags(tag reflect.StructTag) error {
	t := core(s.field.Type())
	if text, ok := tag.Lookup("default"); ok {
		v, wrong := s.fromText(text)
		if wrong != nil {
			return fmt.Errorf("default: want %s, got %s", wrong.want, wrong.got)
		}
		s.fallback = v
	}
	for _, bound := range []struct {
		name string
		into *reflect.Value
	}{{"min", &s.min}, {"max", &s.max}} {
		text, ok := tag.Lookup(bound.name)
		if !ok {
			continue
		}
		if !ordered(t) {
			return fmt.Errorf("%s: is for numbers, durations and sizes, not for %s", bound.name, t)
		}
		v, ok, _ := parseScalar(t, text)
		if !ok {
			return fmt.Errorf("%s: want %s, got %q", bound.name, wanted(t), text)
		}
		*bound.into = v
	}
	for _, text := range strings.Fields(tag.Get("oneof")) {
		v, ok, _ := parseScalar(t, text)
		if !ok || s.secret {
			return fmt.Errorf("oneof: %q cannot be a value of a %s", text, t)
		}
		s.oneof = append(s.oneof, formatScalar(v))
	}
	if required := tag.Get("required"); !slices.Contains([]string{"", "true", "false"}, required) {
		return fmt.Errorf("required: want true or false, got %q", required)
	}
	return nil
}
