package arch_test

import (
	"bytes"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// external imports what is not part of a tree, from the go command's build
// cache. It is shared by all trees of a test run: asking takes a while.
var external = newExports("../..")

// exports is a types.Importer over "go list -export".
type exports struct {
	dir   string
	mu    sync.Mutex
	files map[string]string // import path → file of export data
	gc    types.Importer
}

func newExports(dir string) *exports {
	e := &exports{dir: dir, files: map[string]string{}}
	e.gc = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if e.files[path] == "" {
			return nil, fmt.Errorf("import %q: no such package in the build list", path)
		}
		return os.Open(e.files[path])
	})
	return e
}

// fetch asks the go command for the packages that are not known yet.
func (e *exports) fetch(paths []string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.fetchLocked(paths)
}

func (e *exports) fetchLocked(paths []string) error {
	args := []string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "--"}
	known := len(args)
	for _, p := range paths {
		if _, ok := e.files[p]; !ok {
			args = append(args, p)
			e.files[p] = ""
		}
	}
	if len(args) == known {
		return nil
	}
	out, err := goCommand(e.dir, args...)
	if err != nil {
		return err
	}
	for line := range strings.Lines(out) {
		if name, file, _ := strings.Cut(strings.TrimSpace(line), " "); file != "" {
			e.files[name] = file
		}
	}
	return nil
}

// Import implements types.Importer.
func (e *exports) Import(path string) (*types.Package, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if path != "unsafe" {
		if err := e.fetchLocked([]string{path}); err != nil {
			return nil, err
		}
	}
	return e.gc.Import(path)
}

// goCommand runs the go command and returns what it printed.
func goCommand(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, stderr.Bytes())
	}
	return string(out), nil
}
