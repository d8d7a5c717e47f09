package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// readFlags applies the command line and returns what is left of it. A flag
// that is given again replaces the earlier one; for lists and maps it adds.
func (l *loader) readFlags() (rest []string) {
	given := map[*setting][]string{}
	for i := 0; i < len(l.Args); i++ {
		arg := l.Args[i]
		if arg == "--" {
			rest = append(rest, l.Args[i:]...)
			break
		}
		if !isFlag(arg) {
			rest = append(rest, arg)
			continue
		}
		name, text, inline := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		s := l.byKey[strings.ReplaceAll(name, "-", "_")]
		switch {
		case s == nil && l.Foreign(name):
			rest = append(rest, arg)
		case s == nil:
			l.problems.Add(unknownFlag(name, l.keys()))
		case !strings.HasPrefix(arg, "--"):
			s.broken = true
			l.problem(codeFlag, "the command line", "write --"+name, "-%s: a flag begins with two hyphens", name)
		case inline:
			given[s] = append(given[s], text)
		case core(s.field.Type()).Kind() == reflect.Bool && s.field.Kind() != reflect.Slice:
			given[s] = append(given[s], "true")
		case i+1 < len(l.Args) && !isFlag(l.Args[i+1]) && l.Args[i+1] != "--":
			i++
			given[s] = append(given[s], l.Args[i])
		default:
			s.broken = true
			l.problem(codeFlag, "the command line", fmt.Sprintf("write --%s=…", name), "--%s: the flag needs a value", name)
		}
	}
	for _, s := range l.settings {
		if texts := given[s]; texts != nil {
			l.applyFlag(s, texts)
		}
	}
	return rest
}

// isFlag tells flags from arguments such as "-" (standard input) and "-5".
func isFlag(arg string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
	return len(name) < len(arg) && name != "" && (name[0] < '0' || name[0] > '9')
}

func (l *loader) applyFlag(s *setting, texts []string) {
	from := "flag --" + s.key
	text := texts[len(texts)-1]
	if !scalar(s.field.Type()) && s.field.Kind() != reflect.Pointer {
		text = strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), ",")
	}
	v, wrong := s.fromText(text)
	if wrong != nil {
		l.misfit(s, from, wrong)
		return
	}
	s.field.Set(v)
	s.from = from
	if s.secret && text != "" {
		l.warnings = append(l.warnings, fmt.Sprintf(
			"%s holds a secret, and everybody on this machine may see the command line: use %s_FILE", from, s.variable))
	}
}
