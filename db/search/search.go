package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is read of a text at most: the rest has no effect.
const (
	MaxTerms = 32  // words and phrases
	MaxWords = 16  // in a phrase
	MaxWord  = 100 // bytes of a word; of a longer one the beginning is searched for
	maxText  = 8192
)

// A Query is what to search for: any of its groups. The zero Query finds
// nothing.
type Query struct{ Groups []Group }

// A Group is all of Want, and nothing of Without. Want is not empty.
type Group struct{ Want, Without []Term }

// A Term is a word, or several that stand next to each other. With Prefix the
// last of them is the beginning of a word.
type Term struct {
	Words  []string
	Prefix bool
}

// Parse reads a text. None is wrong.
func Parse(text string) Query {
	if len(text) > maxText {
		text = text[:maxText]
	}
	var p parser
	for text != "" && p.terms < MaxTerms {
		text = p.item(text)
	}
	p.flush()
	return p.query
}

type parser struct {
	query Query
	group Group
	terms int
}

// flush ends a group. One that wants nothing would find all the rest.
func (p *parser) flush() {
	if len(p.group.Want) > 0 {
		p.query.Groups = append(p.query.Groups, p.group)
	}
	p.group = Group{}
}

// item reads a term, or what is none, and returns the rest.
func (p *parser) item(text string) string {
	c, size := utf8.DecodeRuneInString(text)
	if unicode.IsSpace(c) {
		return text[size:]
	}
	without := c == '-'
	if without {
		text = text[size:]
		if text == "" {
			return ""
		}
	}
	if text[0] == '"' {
		inside, rest, closed := strings.Cut(text[1:], `"`)
		prefix := closed && strings.HasPrefix(rest, "*")
		p.add(inside, prefix, without)
		return strings.TrimPrefix(rest, "*")
	}
	end := strings.IndexFunc(text, func(c rune) bool { return unicode.IsSpace(c) || c == '"' })
	if end < 0 {
		end = len(text)
	}
	run := text[:end]
	if !without && strings.EqualFold(run, "or") {
		p.flush()
		return text[end:]
	}
	p.add(run, strings.HasSuffix(run, "*"), without)
	return text[end:]
}

// add adds the words of a run or a phrase.
func (p *parser) add(run string, prefix, without bool) {
	words := Words(run)
	if len(words) == 0 {
		return
	}
	if len(words) > MaxWords {
		words, prefix = words[:MaxWords], false
	}
	t := Term{Words: words, Prefix: prefix}
	for i, w := range words {
		if len(w) > MaxWord {
			cut := MaxWord
			for !utf8.RuneStart(w[cut]) {
				cut--
			}
			t = Term{Words: append(words[:i:i], w[:cut]), Prefix: true}
			break
		}
	}
	p.terms++
	if without {
		p.group.Without = append(p.group.Without, t)
	} else {
		p.group.Want = append(p.group.Want, t)
	}
}

// Words returns the words of a text.
func Words(text string) []string {
	var list []string
	for {
		from, to := next(text)
		if from < 0 {
			return list
		}
		list = append(list, text[from:to])
		text = text[to:]
	}
}

// next returns where the first word of a text is; from is -1 if there is none.
func next(text string) (from, to int) {
	from = -1
	for i, c := range text {
		letter := c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c))
		switch {
		case letter && from < 0:
			from = i
		case from >= 0 && !letter && !unicode.IsMark(c):
			return from, i
		}
	}
	return from, len(text)
}

// Empty reports whether q finds nothing.
func (q Query) Empty() bool { return len(q.Groups) == 0 }

// String returns a text that Parse makes q of.
func (q Query) String() string {
	groups := make([]string, len(q.Groups))
	for i, g := range q.Groups {
		var terms []string
		for _, t := range g.Want {
			terms = append(terms, t.String())
		}
		for _, t := range g.Without {
			terms = append(terms, "-"+t.String())
		}
		groups[i] = strings.Join(terms, " ")
	}
	return strings.Join(groups, " or ")
}

// String returns the term in quotes, with a * behind a beginning.
func (t Term) String() string {
	s := `"` + strings.Join(t.Words, " ") + `"`
	if t.Prefix {
		s += "*"
	}
	return s
}
