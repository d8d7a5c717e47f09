package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// apply fills settings from a table of a file.
func (l *loader) apply(f *file, prefix string, items []Node) {
	l.twice(f, prefix, items)
	for _, n := range items {
		key := join(prefix, n.Key)
		s := l.byKey[key]
		switch {
		case strings.Contains(n.Key, "."), s == nil && !l.tables[key]:
			l.unknown(f, prefix, n)
		case s == nil && n.Kind != Table:
			l.problem(codeType, f.at(n.Line), "", "%s: want a table, got %s", key, n.Kind.describe())
		case s == nil:
			l.apply(f, key, n.Items)
		default:
			l.fill(f, s, n)
		}
	}
}

func (l *loader) fill(f *file, s *setting, n Node) {
	if n.Kind == Table {
		l.twice(f, s.key, n.Items)
	}
	v, wrong := s.fromNode(n)
	if wrong != nil {
		if wrong.line == 0 {
			wrong.line = n.Line
		}
		l.misfit(s, f.at(wrong.line), wrong)
		return
	}
	s.field.Set(v)
	s.from = f.at(n.Line)
	if s.secret && f.world && !s.field.IsZero() {
		l.warnings = append(l.warnings, fmt.Sprintf(
			"%s holds the secret %s and everybody on this machine may read it: chmod o-r %s, or use %s_FILE",
			s.from, s.key, f.name, s.variable))
	}
}

func (l *loader) misfit(s *setting, where string, wrong *misfit) {
	s.broken = true
	why := ""
	if wrong.why != nil {
		why = " (" + wrong.why.Error() + ")"
	}
	l.problem(codeType, where, "", "%s: want %s, got %s%s", s.key, wrong.want, wrong.got, why)
}

// twice reports the keys that stand more than once in a table.
func (l *loader) twice(f *file, prefix string, items []Node) {
	lines := map[string]int{}
	for _, n := range items {
		if first, found := lines[n.Key]; found {
			l.problem(codeTwice, f.at(n.Line), fmt.Sprintf("keep one; the other is on line %d", first),
				"%s: stands twice", join(prefix, n.Key))
			continue
		}
		lines[n.Key] = n.Line
	}
}

// unknown reports a key that nobody reads. Its value is not shown: it may be
// a secret under a misspelt name.
func (l *loader) unknown(f *file, prefix string, n Node) {
	key := join(prefix, n.Key)
	if n.Kind == Table && prefix == "" {
		mend := "remove it, or list the module that reads it"
		if name := nearest(n.Key, slices.Sorted(maps.Keys(l.tables))); name != "" {
			mend = "did you mean " + name + "?"
		}
		l.problem(codeUnknown, f.at(n.Line), mend, "%s: no such section", key)
		return
	}
	mend := "remove it, or list the module that reads it"
	if name := nearest(key, l.keys()); name != "" {
		mend = "did you mean " + name + "?"
	}
	if strings.Contains(n.Key, ".") && l.byKey[key] != nil {
		mend = "put it into the table " + key[:strings.LastIndexByte(key, '.')] + ": a key in a file holds no dot"
	}
	l.problem(codeUnknown, f.at(n.Line), mend, "%s: no such setting", key)
}
