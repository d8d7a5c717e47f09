package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// A small sample is generated, compiles, and is told of.
func TestRun(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var out strings.Builder
	want.NoErr(t, run(t.Context(), []string{"-models", "2", "-rounds", "1", "-ashlar", "../..", "-out", folder}, &out))
	page, err := os.ReadFile(filepath.Join(folder, "RESULTS.md"))
	want.NoErr(t, err)
	want.Equal(t, string(page), out.String())
	want.Contains(t, out.String(), "- 2 models of 12 columns and 2 relations, ", "\n| median | ")
}

// The sample's models have as many columns as its page says.
func TestFields(t *testing.T) {
	t.Parallel()
	want.Equal(t, strings.Count(fields, "\n"), 12)
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-models 0", "-models 501", "-rounds 0", "more", "-unknown"} {
		if err := run(t.Context(), strings.Fields(args), &strings.Builder{}); err == nil {
			t.Errorf("got no error for the arguments %q, want one", args)
		}
	}
}
