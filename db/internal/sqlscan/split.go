package sqlscan

import "strings"

// A Statement is one statement of a script.
type Statement struct {
	Text string // without the semicolon, comments before the first word, and space around
	Line int    // of the first word
	Verb string // the first word, in upper case
}

// Split cuts a script into its statements. The script's first line is
// numbered line. Statements of nothing but comments are left out. An error is
// an *[Error].
func Split(script string, line int) ([]Statement, error) {
	var list []Statement
	var cur splitter
	for s := New(script, line); ; {
		t, ok, err := s.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if cur.ends(t) {
			list = cur.flush(list)
			continue
		}
		cur.add(t)
	}
	if cur.depth > 0 {
		return nil, &Error{Line: cur.line, What: "trigger has no END"}
	}
	return cur.flush(list), nil
}

// A splitter gathers the tokens of one statement.
type splitter struct {
	text  strings.Builder
	line  int
	words []string // the first words, upper case: enough to know a trigger
	depth int      // of BEGIN and CASE that wait for their END, in a trigger
	body  bool     // the trigger's BEGIN was seen
}

func (s *splitter) ends(t Token) bool {
	return t.Is(";") && s.depth == 0
}

func (s *splitter) add(t Token) {
	if s.text.Len() == 0 {
		if t.Kind == Space || t.Kind == Comment {
			return
		}
		s.line = t.Line
	}
	s.text.WriteString(t.Text)
	if t.Kind != Word {
		return
	}
	word := strings.ToUpper(t.Text)
	if len(s.words) < 3 {
		s.words = append(s.words, word)
	}
	if !s.trigger() {
		return
	}
	switch {
	case word == "BEGIN" && !s.body:
		s.body = true
		s.depth++
	case word == "CASE" && s.body:
		s.depth++
	case word == "END" && s.depth > 0:
		s.depth--
	}
}

// trigger reports whether the statement begins as CREATE [TEMP] TRIGGER.
func (s *splitter) trigger() bool {
	w := s.words
	if len(w) < 2 || w[0] != "CREATE" {
		return false
	}
	temp := w[1] == "TEMP" || w[1] == "TEMPORARY"
	return w[1] == "TRIGGER" || temp && len(w) > 2 && w[2] == "TRIGGER"
}

func (s *splitter) flush(list []Statement) []Statement {
	text := strings.TrimSpace(s.text.String())
	if text != "" {
		verb := ""
		if len(s.words) > 0 {
			verb = s.words[0]
		}
		list = append(list, Statement{Text: text, Line: s.line, Verb: verb})
	}
	*s = splitter{}
	return list
}
