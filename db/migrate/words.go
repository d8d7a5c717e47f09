package migrate

import (
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
)

// wordsOf returns the first words of a statement, in upper case.
func wordsOf(sql string, n int) []string {
	tokens, _ := sqlscan.Tokens(sql) // as far as it can be read
	var words []string
	for _, t := range tokens {
		if t.Kind != sqlscan.Word || len(words) == n {
			break
		}
		words = append(words, strings.ToUpper(t.Text))
	}
	return words
}

func verbOf(sql string) string { return strings.Join(wordsOf(sql, 1), "") }

// alone reports whether a statement is one that PostgreSQL takes into no
// transaction.
func alone(sql string) bool {
	words := wordsOf(sql, 5)
	return len(words) > 0 && (words[0] == "VACUUM" || words[0] == "REINDEX" && strings.Contains(strings.ToUpper(sql), "CONCURRENTLY") ||
		slices.Contains(words, "CONCURRENTLY"))
}

// concurrentIndex returns the name of the index that a CREATE or DROP INDEX
// CONCURRENTLY is about, or "".
func concurrentIndex(sql string) string {
	tokens, _ := sqlscan.Tokens(sql)
	i := slices.IndexFunc(tokens, func(t sqlscan.Token) bool { return t.Is("concurrently") })
	if i < 0 || !slices.Contains(wordsOf(sql, 5), "INDEX") {
		return ""
	}
	rest := tokens[i+1:]
	for len(rest) > 1 && (rest[0].Is("if") || rest[0].Is("not") || rest[0].Is("exists")) {
		rest = rest[1:]
	}
	switch {
	case len(rest) == 0 || rest[0].Is("on"):
		return "" // the server names it
	case rest[0].Kind == sqlscan.Word:
		return strings.ToLower(rest[0].Text)
	}
	return rest[0].Value()
}
