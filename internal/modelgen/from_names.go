package modelgen

import (
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
)

// initialisms are written in capitals in Go.
var initialisms = map[string]string{
	"api": "API", "css": "CSS", "csv": "CSV", "db": "DB", "dns": "DNS", "html": "HTML", "http": "HTTP", "https": "HTTPS",
	"id": "ID", "ids": "IDs", "ip": "IP", "json": "JSON", "sku": "SKU", "sql": "SQL", "ssh": "SSH", "tls": "TLS", "ui": "UI",
	"uri": "URI", "url": "URL", "urls": "URLs", "utf8": "UTF8", "uuid": "UUID", "vat": "VAT", "xml": "XML",
}

// goName turns a name of the database into an exported one of Go, whatever it
// holds: film_id and FilmId to FilmID.
func goName(name string) string {
	var b strings.Builder
	for _, word := range words(name) {
		lower := strings.ToLower(word)
		if all, ok := initialisms[lower]; ok {
			b.WriteString(all)
			continue
		}
		r := []rune(lower)
		b.WriteString(string(unicode.ToUpper(r[0])) + string(r[1:]))
	}
	if out := b.String(); token.IsExported(out) && token.IsIdentifier(out) {
		return out
	}
	return "X" + b.String() // nothing, or it begins with a digit or with a letter that has no capital
}

// words cuts a name at what is neither letter nor digit, and before capitals.
func words(name string) []string {
	var list []string
	r := []rune(name)
	start := 0
	cut := func(end int) {
		if end > start {
			list = append(list, string(r[start:end]))
		}
	}
	for i, c := range r {
		switch {
		case c == unicode.ReplacementChar || !unicode.IsLetter(c) && !unicode.IsDigit(c):
			cut(i)
			start = i + 1
		case i > start && unicode.IsUpper(c) &&
			(!unicode.IsUpper(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])):
			cut(i)
			start = i
		}
	}
	cut(len(r))
	return list
}

// singulars are the words whose plural is not regular, and those that have none.
var singulars = map[string]string{
	"aliases": "alias", "analyses": "analysis", "axes": "axis", "caches": "cache", "children": "child", "cookies": "cookie",
	"crises": "crisis", "criteria": "criterion", "halves": "half", "headaches": "headache", "indices": "index", "knives": "knife",
	"leaves": "leaf", "lies": "lie", "lives": "life", "matrices": "matrix", "men": "man", "mice": "mouse", "movies": "movie",
	"niches": "niche", "people": "person", "pies": "pie", "quizzes": "quiz", "shelves": "shelf", "shoes": "shoe",
	"theses": "thesis", "ties": "tie", "toes": "toe", "vertices": "vertex", "wives": "wife", "wolves": "wolf", "women": "woman",
	"zombies": "zombie",
	"atlas":   "atlas", "canvas": "canvas", "chaos": "chaos", "css": "css", "dns": "dns", "gas": "gas", "gps": "gps",
	"https": "https", "lens": "lens", "means": "means", "news": "news", "series": "series", "sms": "sms", "species": "species",
	"tls": "tls",
}

// singular turns the English noun at the end of a name into its singular.
func singular(name string) string {
	list := words(name)
	if len(list) == 0 {
		return name
	}
	last := strings.ToLower(list[len(list)-1])
	one := singularWord(last)
	at := strings.LastIndex(strings.ToLower(name), last)
	if one == last || at < 0 || at+len(last) > len(name) {
		return name
	}
	return name[:at] + one + name[at+len(last):]
}

func singularWord(w string) string {
	if one, ok := singulars[w]; ok {
		return one
	}
	ends := func(list ...string) bool {
		for _, s := range list {
			if strings.HasSuffix(w, s) && len(w) > len(s) {
				return true
			}
		}
		return false
	}
	switch {
	case !strings.HasSuffix(w, "s"), len(w) < 3, ends("ss", "us", "is"):
		return w
	case ends("ies"):
		return w[:len(w)-3] + "y"
	case ends("ouses", "auses"), w == "uses":
		return w[:len(w)-1]
	case ends("sses", "uses", "xes", "zzes", "ches", "shes", "oes"):
		return w[:len(w)-2]
	}
	return w[:len(w)-1]
}

// packageName returns the name of a package in dir.
func packageName(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(filepath.Base(dir)))
	if !token.IsIdentifier(name) {
		return "models"
	}
	return name
}

// quoted returns a name of the database for a comment.
func quoted(name string) string {
	if isName(name) {
		return name
	}
	return strconv.QuoteToASCII(name)
}
