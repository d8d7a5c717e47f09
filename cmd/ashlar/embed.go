package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// keeper is the file that keeps a folder of migrations until there is one, as
// an empty folder is not embedded, and the program that writes the first
// migration would not compile.
const (
	keeper     = "README.md"
	keeperText = "# Migrations\n\n`migrate make`, a command of the app, writes them from the models. Read each before it is applied;\n" +
		"one that was applied is never edited.\n"
)

// keepEmbedded makes the folders called migrations that the Go files of dir
// embed, with a file in each that has none.
func keepEmbedded(dir string, out io.Writer) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			patterns, ok := strings.CutPrefix(line, "//go:embed ")
			if !ok {
				continue
			}
			for _, pattern := range strings.Fields(patterns) {
				folder := strings.TrimPrefix(strings.Trim(pattern, "\"`"), "all:")
				if path.Base(folder) != "migrations" || !filepath.IsLocal(folder) {
					continue
				}
				if err := keep(filepath.Join(dir, filepath.FromSlash(folder)), out); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func keep(folder string, out io.Writer) error {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || len(entries) > 0 {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	name := filepath.Join(folder, keeper)
	if err := os.WriteFile(name, []byte(keeperText), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "wrote %s\n", name)
	return err
}
