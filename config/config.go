package config

import (
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"

	"github.com/ashlar-go/ashlar/errs"
)

// A Source is where the layers come from.
type Source struct {
	// Dir holds the config files. Defaults to the working directory.
	Dir fs.FS

	// Env looks an environment variable up, as os.LookupEnv does. Defaults to
	// an empty environment.
	Env func(name string) (string, bool)

	// Args is the command line without the program's name. Defaults to none.
	Args []string

	// Formats are read besides JSON. Defaults to none.
	Formats []Format

	// Foreign reports whether a flag, given without its hyphens, belongs to
	// somebody else, such as a command: it then stays in Args. Defaults to a
	// function that says no, so that every unknown flag is a mistake.
	Foreign func(flag string) bool

	// ReadFile reads the files that variables like DB_PASSWORD_FILE name; it
	// has to limit what it reads. Defaults to reading at most 1 MiB of a file
	// of the operating system.
	ReadFile func(name string) ([]byte, error)
}

// A Section is a struct to fill.
type Section struct {
	Name  string // begins the section's keys: lower-case letters, digits and _; "" for the application's own
	Into  any    // a pointer to the struct, which holds the values written in code
	Where string // file:line of the code that lists the section, for messages
}

// A Set is what [Load] found. It does not change any more: all its methods are
// safe for concurrent use.
type Set struct {
	environment string
	files       []string
	values      []Value
	args        []string
	warnings    []string
}

// A Value explains one setting.
type Value struct {
	Key      string `json:"key"`           // "db.pool_size"
	Text     string `json:"value"`         // as people read it, with secrets and passwords in URLs hidden
	Source   string `json:"source"`        // "default", "code", "config.json:12", "environment DB_POOL_SIZE", "flag --db.pool_size" or "not set"
	Doc      string `json:"doc,omitempty"` // the tag doc
	Type     string `json:"type"`          // the field's Go type
	Variable string `json:"variable"`      // the environment variable that sets it
}

// Load fills the sections and checks them. It reports every mistake it finds,
// as one *errs.Setup or an errs.List of them. The set is never nil: after an
// error it explains as much as is known, and the sections hold a mixture.
//
// Load must not run at the same time as anything else that uses the sections.
func Load(src Source, sections ...Section) (*Set, error) {
	l := newLoader(src)
	l.chooseEnvironment()
	for _, section := range sections {
		l.declare(section)
	}
	for _, s := range l.settings {
		s.start()
	}
	l.applyDefaults()
	l.readFiles()
	l.readEnvironment()
	rest := l.readFlags()
	l.check()
	return l.set(rest), l.problems.Err()
}

// Env returns the environment's name: what ASHLAR_ENV says, or "development".
func (s *Set) Env() string { return s.environment }

// Files returns the names of the config files that were read, weakest first.
func (s *Set) Files() []string { return slices.Clone(s.files) }

// Args returns what is left of the command line: every argument that is no
// flag of a setting, in its order. A "--" stays where it is, as the command
// that reads the rest may have flags of its own.
func (s *Set) Args() []string { return slices.Clone(s.args) }

// Warnings returns what is no mistake but should be known, one line each: a
// secret in a file that everybody may read, a secret on the command line.
func (s *Set) Warnings() []string { return slices.Clone(s.warnings) }

// Values yields all settings, section by section in the order of [Load], and
// in the order of the fields within a section.
func (s *Set) Values() iter.Seq[Value] { return slices.Values(s.values) }

// UnknownFlag returns the error for a flag that neither a setting nor a
// command knows, with the nearest setting's name. It is for commands that find
// such a flag, given without its hyphens, in [Set.Args].
func (s *Set) UnknownFlag(flag string) error {
	keys := make([]string, len(s.values))
	for i, v := range s.values {
		keys[i] = v.Key
	}
	return unknownFlag(flag, keys)
}

// A loader is one run of [Load].
type loader struct {
	Source
	environment string
	environOK   bool // the environment's name may stand in a file's name
	sections    []Section
	settings    []*setting
	byKey       map[string]*setting
	byVariable  map[string]*setting // regular variables only
	tables      map[string]bool     // keys that hold further keys
	files       []string
	warnings    []string
	problems    errs.List
	spoilt      map[string]bool // sections with a mistake
}

func newLoader(src Source) *loader {
	if src.Dir == nil {
		src.Dir = os.DirFS(".")
	}
	if src.Env == nil {
		src.Env = func(string) (string, bool) { return "", false }
	}
	if src.Foreign == nil {
		src.Foreign = func(string) bool { return false }
	}
	if src.ReadFile == nil {
		src.ReadFile = readFile
	}
	return &loader{
		Source:     src,
		byKey:      map[string]*setting{},
		byVariable: map[string]*setting{},
		tables:     map[string]bool{},
		spoilt:     map[string]bool{},
	}
}

func (l *loader) set(rest []string) *Set {
	set := &Set{environment: l.environment, files: l.files, args: rest, warnings: l.warnings}
	for _, s := range l.settings {
		set.values = append(set.values, Value{
			Key: s.key, Text: format(s.field), Source: s.from, Doc: s.doc,
			Type: s.field.Type().String(), Variable: s.variable,
		})
	}
	return set
}

func (l *loader) keys() []string {
	keys := make([]string, len(l.settings))
	for i, s := range l.settings {
		keys[i] = s.key
	}
	return keys
}

// problem notes a mistake; the mend may be empty.
func (l *loader) problem(code, where, mend, format string, args ...any) {
	l.problems.Add(&errs.Setup{Code: code, What: fmt.Sprintf(format, args...), Where: where, Mend: mend})
}
