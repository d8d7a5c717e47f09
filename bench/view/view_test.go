package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// All renderers write the same page, and escape it.
func TestPages(t *testing.T) {
	t.Parallel()
	list, err := renderers(t.Context())
	want.NoErr(t, err)
	var first strings.Builder
	want.NoErr(t, list[0].write(t.Context(), &first))
	want.Contains(t, first.String(), "<title>Films &amp; more</title>",
		`<a href="/films/2">The &lt;Film&gt; No. 2</a> by Director O&#39;1, 1951, <b>550 ct</b>`)
	want.Equal(t, strings.Count(first.String(), "<li>"), 20)
	for _, r := range list[1:] {
		var b strings.Builder
		want.NoErr(t, r.write(t.Context(), &b))
		want.Equal(t, b.String(), first.String())
	}
}

// One short round writes a page.
func TestRound(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var out strings.Builder
	want.NoErr(t, run(t.Context(), []string{"-rounds", "1", "-slice", "1ms", "-out", folder}, &out))
	page, err := os.ReadFile(filepath.Join(folder, "RESULTS.md"))
	want.NoErr(t, err)
	want.Equal(t, string(page), out.String())
	want.Contains(t, out.String(), "| html/template | 1.00 ", "| view | ", "| view, links by {{url}} | ")
	for _, args := range []string{"-rounds 0", "-slice 11s", "more", "-unknown"} {
		if err := run(t.Context(), strings.Fields(args), &strings.Builder{}); err == nil {
			t.Errorf("got no error for the arguments %q, want one", args)
		}
	}
}
