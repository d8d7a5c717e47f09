package modelgen

import (
	"fmt"
	"strings"
)

// coded reports whether the type of f has methods Encode and Decode.
func (f *field) coded() bool { return f.typ.basic == "db.JSON" || f.typ.basic == "db.Secret" }

// compared reports whether o says what needs the value in the database.
func (o *options) compared() bool {
	return o.pk || o.size > 0 || o.hasValue || o.checks != nil || o.indexes != nil || o.refTable != "" || o.enum || o.uuid ||
		o.role != "" || o.search != ""
}

// secretName returns what a secret is bound to, in quotes; "" for others.
func (m *model) secretName(f *field) string {
	if f.typ.secret == "" {
		return ""
	}
	return fmt.Sprintf("%q", m.table+"."+f.column)
}

// secretNames is secretName with those that the column had before, each with a
// comma before it.
func (m *model) secretNames(f *field) string {
	if f.typ.secret == "" {
		return ""
	}
	s := ", " + m.secretName(f)
	for _, name := range m.earlier(f) {
		s += fmt.Sprintf(", %q", name)
	}
	return s
}

// earlier returns the names that f's column had, as was says.
func (m *model) earlier(f *field) []string {
	var list []string
	for _, table := range []string{m.table, m.was} {
		for _, column := range []string{f.column, f.was} {
			if name := table + "." + column; table != "" && column != "" && name != m.table+"."+f.column {
				list = append(list, name)
			}
		}
	}
	return list
}

// secrets writes which columns are sealed.
func (w *writer) secrets(m *model) {
	var list []string
	for _, f := range m.columns() {
		if f.typ.secret != "" {
			list = append(list, fmt.Sprintf("%q: %s", f.column, strings.TrimPrefix(fmt.Sprintf("%#v", m.earlier(f)), "[]string")))
		}
	}
	if len(list) > 0 {
		w.line("Secrets: map[string][]string{%s},", strings.ReplaceAll(strings.Join(list, ", "), "(nil)", "nil"))
	}
}
