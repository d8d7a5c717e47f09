package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
)

// maxFile is how many bytes a config file or a secret's file may have.
const maxFile = 1 << 20

// A file is a config file that is being applied.
type file struct {
	name  string
	world bool // everybody on this machine may read it
}

func (f *file) at(line int) string { return fmt.Sprintf("%s:%d", f.name, line) }

// chooseEnvironment reads ASHLAR_ENV. The name becomes part of a file's name,
// so it must not lead out of the directory.
func (l *loader) chooseEnvironment() {
	l.environment, l.environOK = "development", true
	name, _ := l.Env("ASHLAR_ENV")
	if name == "" {
		return
	}
	l.environment = name
	if !validName(strings.ReplaceAll(name, "-", "_")) {
		l.environOK = false
		l.problem(codeEnvironment, "environment ASHLAR_ENV",
			"use development, production, test, or a name of lower-case letters, digits, - and _",
			"ASHLAR_ENV: %q cannot be an environment's name", name)
	}
}

// readFiles applies config.* and then the environment's own file.
func (l *loader) readFiles() {
	l.readLayer("config")
	if !l.environOK {
		return
	}
	found := l.readLayer("config." + l.environment)
	if !found && !slices.Contains([]string{"development", "production", "test"}, l.environment) {
		l.warnings = append(l.warnings, fmt.Sprintf(
			"ASHLAR_ENV is %q, and there is no file config.%s.json: check the name", l.environment, l.environment))
	}
}

// readLayer applies the one file with this name before its extension, and
// reports whether there is one.
func (l *loader) readLayer(stem string) bool {
	formats := append([]Format{JSON{}}, l.Formats...)
	if !slices.ContainsFunc(formats, func(f Format) bool { return f.Ext() == "toml" }) {
		formats = append(formats, unknownTOML{})
	}
	var names []string
	var format Format
	for _, f := range formats {
		name := stem + "." + f.Ext()
		if _, err := fs.Stat(l.Dir, name); !errors.Is(err, fs.ErrNotExist) {
			names, format = append(names, name), f
		}
	}
	switch {
	case len(names) == 0:
		return false
	case len(names) > 1:
		l.problem(codeTwoFiles, names[0], "keep one of them",
			"%s: both are here, and neither is stronger", strings.Join(names, " and "))
		return true
	}
	if _, unknown := format.(unknownTOML); unknown {
		l.problem(codeNoFormat, names[0],
			"add toml.Format{} (package config/toml) to the Formats of ashlar.Config, or write "+stem+".json instead",
			"%s: no format reads this file", names[0])
		return true
	}
	l.readOne(names[0], format)
	return true
}

// unknownTOML stands for a format that exists but was not given: a file that
// looks like configuration and is not read would be a trap.
type unknownTOML struct{ Format }

func (unknownTOML) Ext() string { return "toml" }

func (l *loader) readOne(name string, format Format) {
	data, mode, err := readLimited(l.Dir, name)
	if err != nil {
		l.problem(codeFile, name, "replace it by a regular file of at most 1 MiB that this process may read", "%s: %v", name, err)
		return
	}
	l.files = append(l.files, name)
	root, err := format.Parse(data)
	if err != nil {
		where, what := name, err.Error()
		var syntax *SyntaxError
		if errors.As(err, &syntax) {
			where = fmt.Sprintf("%s:%d:%d", name, syntax.Line, syntax.Column)
			what = syntax.Msg
		}
		l.problem(codeSyntax, where, "", "%s: %s", name, what)
		return
	}
	// Windows has no such bit: Go makes one up there.
	f := &file{name: name, world: mode.Perm()&0o004 != 0 && runtime.GOOS != "windows"}
	l.apply(f, "", root.Items)
}

// readLimited reads a regular file. It asks before it opens, as opening a
// named pipe would wait for somebody to write.
func readLimited(dir fs.FS, name string) ([]byte, fs.FileMode, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return nil, 0, pathless(err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	f, err := dir.Open(name)
	if err != nil {
		return nil, 0, pathless(err)
	}
	defer f.Close()
	data, err := limited(f)
	return data, info.Mode(), err
}

// readFile is the default of [Source.ReadFile].
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return limited(f)
}

func limited(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, pathless(err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("larger than %s", Size(maxFile))
	}
	return data, nil
}

// pathless drops verb and path from an error: the caller's message has them.
func pathless(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
