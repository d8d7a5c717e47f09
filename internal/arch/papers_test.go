package arch_test

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// A page is a Markdown file outside testdata, those of nested modules included.
type page struct {
	path  string
	lines []string
	code  []bool // whether a line belongs to a fenced block
}

var fence = regexp.MustCompile("^ *(```+|~~~+) *([^`]*)$")

// pages reads all Markdown files of the repository.
func pages(t *tree) []page {
	var out []page
	t.texts(func(file, text string) {
		if path.Ext(file) != ".md" || strings.Contains("/"+file, "/testdata/") {
			return
		}
		p := page{path: file, lines: strings.Split(text, "\n")}
		open := ""
		for _, l := range p.lines {
			m := fence.FindStringSubmatch(l)
			switch {
			case m != nil && open == "":
				open = m[1]
				p.code = append(p.code, true)
			case m != nil && strings.HasPrefix(m[1], open) && m[2] == "":
				open = ""
				p.code = append(p.code, true)
			default:
				p.code = append(p.code, open != "")
			}
		}
		out = append(out, p)
	})
	return out
}

// texts calls yield for every text file that people write, in order.
func (t *tree) texts(yield func(file, text string)) {
	_ = fs.WalkDir(t.fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == ".git" || name == "node_modules" || name == "bin" || file == "internal/arch/testdata" {
				return fs.SkipDir
			}
			return nil
		}
		switch path.Ext(name) {
		case ".go", ".md", ".txt", ".mod", ".sh", ".yml", ".yaml", ".toml", ".html", ".js", ".css", ".golden", ".sql", ".json":
		default:
			if name != "Makefile" && path.Base(path.Dir(file)) != ".ci" && strings.Contains(name, ".") {
				return nil
			}
		}
		text, err := fs.ReadFile(t.fsys, file)
		if err == nil {
			yield(file, string(text))
		}
		return err
	})
}

// The pieces keep this file from breaking its own rule.
var machinePath = regexp.MustCompile(`(?:^|[^\w./-])(/` + `home/\w+|/` + `root/|/` + `Users/\w+|/` + `work/|[A-Z]:\\Users\\\w)`)

// noMachinePaths: no file names a folder of the machine that it was written on.
func noMachinePaths(t *tree) []finding {
	var out []finding
	t.texts(func(file, text string) {
		n := 0
		for l := range strings.Lines(text) {
			n++
			if m := machinePath.FindStringSubmatch(l); m != nil {
				out = append(out, finding{fmt.Sprintf("%s:%d", file, n), fmt.Sprintf("mentions %q", m[1]),
					"write a path relative to the repository; cut machine paths from what tests record"})
			}
		}
	})
	return out
}

var (
	link       = regexp.MustCompile(`\[((?:[^\[\]]|\[[^\]]*\])*)\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)`)
	definition = regexp.MustCompile(`^\[([^\]]+)\]:\s+(\S+)`)
	inlineCode = regexp.MustCompile("`[^`]*`")
	scheme     = regexp.MustCompile(`^([a-z][a-z0-9+.-]*:|//)`)
)

// A mention is one link on a page.
type mention struct {
	at, text, target string
	file, anchor     string // the target taken apart; file is "" for another site
}

func mentions(p page) []mention {
	var out []mention
	for i, l := range p.lines {
		if p.code[i] {
			continue
		}
		// What stands in code is not a link, unless it is the text of one.
		hidden := inlineCode.ReplaceAllStringFunc(l, func(s string) string {
			return strings.NewReplacer("(", "_", ")", "_", "[", "_", "]", "_").Replace(s)
		})
		found := append(link.FindAllStringSubmatchIndex(hidden, -1), definition.FindAllStringSubmatchIndex(hidden, -1)...)
		for _, m := range found {
			out = append(out, newMention(p, fmt.Sprintf("%s:%d", p.path, i+1), l[m[2]:m[3]], l[m[4]:m[5]]))
		}
	}
	return out
}

func newMention(p page, at, text, target string) mention {
	m := mention{at: at, text: text, target: target}
	if scheme.MatchString(target) {
		return m
	}
	file, anchor, _ := strings.Cut(target, "#")
	m.file, m.anchor = p.path, anchor
	if file != "" {
		m.file = path.Join(path.Dir(p.path), file)
	}
	return m
}

// linksLead: every relative link leads to a file of the repository, and every
// anchor to a heading or an id on its page.
func linksLead(t *tree) []finding {
	var out []finding
	all := map[string]page{}
	for _, p := range pages(t) {
		all[p.path] = p
	}
	for _, p := range pages(t) {
		for _, m := range mentions(p) {
			if m.file == "" {
				continue
			}
			if _, err := fs.Stat(t.fsys, m.file); err != nil {
				out = append(out, finding{m.at, fmt.Sprintf("the link to %s leads nowhere", m.target), "name a file of this repository, relative to the page"})
				continue
			}
			if target, ok := all[m.file]; ok && m.anchor != "" && !target.anchors()[m.anchor] {
				out = append(out, finding{m.at, fmt.Sprintf("the link to %s names no heading of the page", m.target),
					`write the heading in lower case with "-" for blanks, without signs`})
			}
		}
	}
	return out
}

var (
	heading  = regexp.MustCompile(`^#{1,6} +(.*?) *#*$`)
	idOf     = regexp.MustCompile(`<[^>]*\b(?:id|name)="([^"]+)"`)
	notSlug  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	linkText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// anchors returns what a link to the page may name after the #.
func (p page) anchors() map[string]bool {
	out := map[string]bool{}
	seen := map[string]int{}
	for i, l := range p.lines {
		if p.code[i] {
			continue
		}
		for _, m := range idOf.FindAllStringSubmatch(l, -1) {
			out[m[1]] = true
		}
		if m := heading.FindStringSubmatch(l); m != nil {
			text := linkText.ReplaceAllString(m[1], "$1")
			slug := strings.ReplaceAll(notSlug.ReplaceAllString(strings.ToLower(text), ""), " ", "-")
			if n := seen[slug]; n > 0 {
				out[fmt.Sprintf("%s-%d", slug, n)] = true
			}
			out[slug] = true
			seen[slug]++
		}
	}
	return out
}
