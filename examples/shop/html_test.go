package main

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	markup    = regexp.MustCompile(`<(/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(/?)>`)
	idPattern = regexp.MustCompile(`\sid="([^"]*)"`)
)

// wellFormed holds that tags close in the order in which they open, that every
// "<" begins one, that there is one heading of the first rank and one main
// part, that ids are unique, and that whatever a person fills in has a label.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	body := strings.TrimPrefix(strings.TrimSpace(page), "<!doctype html>")
	found := markup.FindAllStringSubmatch(body, -1)
	if strings.Count(body, "<") != len(found) {
		t.Errorf("got a < that begins no tag: %q", strings.TrimSpace(markup.ReplaceAllString(body, "")))
	}
	var open []string
	ids := map[string]bool{}
	void := []string{"input", "link", "meta", "br", "use"}
	for _, m := range found {
		if id := idPattern.FindStringSubmatch(m[3]); id != nil {
			if ids[id[1]] {
				t.Errorf("got id %q twice", id[1])
			}
			ids[id[1]] = true
		}
		switch {
		case slices.Contains(void, m[2]) || m[4] == "/":
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			t.Fatalf("got %s while these are open: %v", m[0], open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("got these left open: %v", open)
	}
	for _, once := range []string{"<h1", "<main", "<title>"} {
		if n := strings.Count(body, once); n != 1 {
			t.Errorf("got %s %d times, want once", once, n)
		}
	}
	labelled(t, body, found)
}

func labelled(t *testing.T, body string, found [][]string) {
	t.Helper()
	inLabel := 0
	for _, m := range found {
		switch {
		case m[2] == "label" && m[1] == "":
			inLabel++
		case m[2] == "label":
			inLabel--
		case m[1] == "" && (m[2] == "select" || m[2] == "textarea" || m[2] == "input" && !strings.Contains(m[3], `type="hidden"`)):
			id := idPattern.FindStringSubmatch(m[3])
			if inLabel == 0 && (id == nil || !strings.Contains(body, `for="`+id[1]+`"`)) {
				t.Errorf("got no label for %s", m[0])
			}
		}
	}
}

// texts returns the text behind each piece of markup that pattern finds, up to
// the next tag.
func texts(page, pattern string) []string {
	var found []string
	for _, m := range regexp.MustCompile(pattern+`([^<]*)<`).FindAllStringSubmatch(page, -1) {
		found = append(found, strings.TrimSpace(html.UnescapeString(m[len(m)-1])))
	}
	return found
}

// titles returns the titles of the films in a list, in its order.
func titles(page string) []string { return texts(page, `<h3 class="card-title"><a href="[^"]*">`) }
