package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// readEnvironment applies the environment's variables.
func (l *loader) readEnvironment() {
	for _, s := range l.settings {
		for _, name := range append([]string{s.variable}, s.extra...) {
			if l.readVariable(s, name) {
				break
			}
		}
	}
}

// readVariable applies one variable or the file that its twin names, and
// reports whether one of them is set.
func (l *loader) readVariable(s *setting, name string) bool {
	text, _ := l.Env(name)
	twin := name + "_FILE"
	path := ""
	if l.byVariable[twin] == nil { // else it is a setting in its own right
		path, _ = l.Env(twin)
	}
	from := "environment " + name
	switch {
	case text == "" && path == "":
		return false
	case text != "" && path != "":
		s.broken = true
		l.problem(codeSecretFile, from, "unset one of them",
			"%s: both %s and %s are set", s.key, name, twin)
		return true
	case path != "":
		from = "environment " + twin
		data, err := l.ReadFile(path)
		if err != nil {
			s.broken = true
			l.problem(codeSecretFile, from, "name a file that this process may read",
				"%s: read the file that %s names: %s", s.key, twin, s.readError(path, err))
			return true
		}
		text = strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	}
	v, wrong := s.fromText(text)
	if wrong != nil {
		l.misfit(s, from, wrong)
		return true
	}
	s.field.Set(v)
	s.from = from
	return true
}

// readError says why a file cannot be read. The path of a secret's file is
// not shown: people put the secret itself there.
func (s *setting) readError(path string, err error) string {
	if !s.secret {
		return fmt.Sprintf("%q: %v", path, pathless(err))
	}
	for _, known := range []error{fs.ErrNotExist, fs.ErrPermission} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "the file cannot be read"
}
