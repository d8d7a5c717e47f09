package schema

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
)

// exprProblem says why expr cannot be the condition of a check on t, or "".
// Whether the engine takes it is seen when the migration runs.
func exprProblem(expr string, t *Table) string {
	if !utf8.ValidString(expr) || strings.ContainsFunc(expr, isControl) {
		return "holds control characters or invalid UTF-8"
	}
	comment := false
	mapTokens(expr, func(tok, _ sqlscan.Token) string {
		comment = comment || tok.Kind == sqlscan.Comment
		return ""
	})
	if comment {
		return "holds a comment"
	}
	tokens, err := sqlscan.Tokens(expr)
	if err != nil {
		return err.(*sqlscan.Error).What
	}
	if len(tokens) == 0 {
		return "is empty"
	}
	depth := 0
	for _, tok := range tokens {
		switch {
		case tok.Is("("):
			depth++
		case tok.Is(")"):
			depth--
		case tok.Is(";"):
			return "holds a semicolon"
		case tok.Is("."):
			return "names a column with its table; name the column alone"
		case tok.Kind == sqlscan.Quoted && t.Column(tok.Value()) == nil:
			// SQLite would take it for a string, other engines for a column.
			return fmt.Sprintf("holds %s, which is no column; text stands in single quotes", tok.Text)
		}
		if depth < 0 {
			break
		}
	}
	if depth != 0 {
		return "has unbalanced parentheses"
	}
	return ""
}

// sameExpr reports whether two expressions differ in nothing but white space,
// the case of words, and quotes around names.
func sameExpr(a, b string) bool {
	x, errX := sqlscan.Tokens(a)
	y, errY := sqlscan.Tokens(b)
	if errX != nil || errY != nil {
		return a == b
	}
	return slices.EqualFunc(x, y, func(a, b sqlscan.Token) bool {
		if isName(a) && isName(b) {
			return strings.EqualFold(a.Value(), b.Value())
		}
		return a.Kind == b.Kind && a.Text == b.Text
	})
}

func isName(t sqlscan.Token) bool { return t.Kind == sqlscan.Word || t.Kind == sqlscan.Quoted }

// tidyExpr makes every run of white space one space.
func tidyExpr(expr string) string {
	return mapTokens(expr, func(tok, _ sqlscan.Token) string {
		if tok.Kind == sqlscan.Space {
			return " "
		}
		return tok.Text
	})
}

// exprColumns returns the columns of t that expr names, each once, in order.
func exprColumns(expr string, t *Table) []string {
	var names []string
	mapTokens(expr, func(tok, next sqlscan.Token) string {
		if name, ok := columnName(tok, next); ok && t.Column(name) != nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
		return ""
	})
	return names
}

// renameInExpr writes the column from as to, as engines do in their copy.
func renameInExpr(expr, from, to string) string {
	return mapTokens(expr, func(tok, next sqlscan.Token) string {
		if name, ok := columnName(tok, next); !ok || name != from {
			return tok.Text
		}
		if tok.Kind == sqlscan.Quoted || isKeyword(to) || to != strings.ToLower(to) {
			return `"` + to + `"`
		}
		return to
	})
}

// columnName returns the name that tok may be as a column: a word that next
// makes a function is none.
func columnName(tok, next sqlscan.Token) (string, bool) {
	switch {
	case tok.Kind == sqlscan.Quoted:
		return tok.Value(), true
	case tok.Kind == sqlscan.Word && !next.Is("("):
		return strings.ToLower(tok.Text), true
	}
	return "", false
}

// mapTokens joins what f makes of each token; next is the token after it,
// white space left out. An expression that cannot be scanned stays as it is.
func mapTokens(expr string, f func(tok, next sqlscan.Token) string) string {
	var all []sqlscan.Token
	for s := sqlscan.New(strings.TrimSpace(expr), 1); ; {
		tok, ok, err := s.Next()
		if err != nil {
			return expr
		}
		if !ok {
			break
		}
		all = append(all, tok)
	}
	var b strings.Builder
	for i, tok := range all {
		var next sqlscan.Token
		for _, n := range all[i+1:] {
			if n.Kind != sqlscan.Space {
				next = n
				break
			}
		}
		b.WriteString(f(tok, next))
	}
	return b.String()
}
