package db

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
)

// What is shown of arguments: so many characters of one, so many of them.
const (
	shownLength = 64
	shownNumber = 20
)

// shownArgs returns the arguments of st for people.
func shownArgs(st statement, values bool) []string {
	if len(st.args) == 0 {
		return nil
	}
	var columns []argColumn
	if values {
		columns = argColumns(st.sql)
	}
	var list []string
	for i, v := range st.args {
		if i == shownNumber {
			return append(list, fmt.Sprintf("… %d more", len(st.args)-i))
		}
		switch {
		case !values:
			list = append(list, kindOf(v))
		case i >= len(columns) || secret(columns[i].name): // or nobody knows what it is
			list = append(list, "[hidden]")
		default:
			list = append(list, clip(v.String(), shownLength))
		}
	}
	return list
}

// kindOf tells of a value without telling it.
func kindOf(v engine.Value) string {
	switch v.Kind() {
	case engine.KindNull:
		return "NULL"
	case engine.KindInt:
		return "int"
	case engine.KindFloat:
		return "float"
	case engine.KindBool:
		return "bool"
	case engine.KindTime:
		return "time"
	case engine.KindBytes:
		return fmt.Sprintf("bytes(%d)", len(v.Bytes()))
	}
	return fmt.Sprintf("text(%d)", utf8.RuneCountInString(v.Text()))
}

// clip cuts a text to n characters and a sign that there was more.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

// secrets are parts of the names of columns whose values nobody should read in
// a log: the list that Rails filters parameters by.
var secrets = []string{"passw", "secret", "token", "_key", "crypt", "salt", "certificate", "otp", "ssn", "cvv", "cvc"}

func secret(column string) bool {
	name := strings.ToLower(column)
	return slices.ContainsFunc(secrets, func(part string) bool { return strings.Contains(name, part) })
}

// An argColumn is the column that an argument of a statement is meant for.
type argColumn struct {
	name  string
	equal bool // the statement is about rows that hold the argument there
}

// argColumns returns, for each ? of a statement, the column that it is compared
// with or written to: in an INSERT by its position, elsewhere the one that is
// named last before it, or right behind it. It is for people and not exact;
// what cannot be read has no columns.
func argColumns(sql string) []argColumn {
	tokens, err := sqlscan.Tokens(sql)
	if err != nil {
		return nil
	}
	var list []argColumn
	inserted, last, depth, n := insertColumns(tokens), "", 0, 0
	values := false
	for i, t := range tokens {
		switch {
		case t.Is("VALUES"):
			values = len(inserted) > 0
		case values && depth == 0 && t.Kind == sqlscan.Word:
			values = false // ON CONFLICT, RETURNING
		case t.Is("("):
			if depth++; depth == 1 {
				n = 0
			}
		case t.Is(")"):
			depth--
		case t.Is(",") && depth == 1:
			n++
		case t.Is(";"):
			inserted = insertColumns(tokens[i+1:])
		case t.Is("?") && values && n < len(inserted):
			list = append(list, argColumn{name: inserted[n]})
		case t.Is("?"):
			c := argColumn{name: last}
			if i > 1 && tokens[i-1].Is("=") {
				c.equal = nameIn(tokens[i-2]) != ""
			}
			if next := tokens[i+1:]; len(next) > 1 && slices.Contains(comparisons, next[0].Text) && nameIn(next[1]) != "" {
				c.name = nameIn(next[1]) // ? = password
			}
			list = append(list, c)
		case nameIn(t) != "":
			last = nameIn(t)
		}
	}
	return list
}

// insertColumns returns the columns that an INSERT names.
func insertColumns(tokens []sqlscan.Token) []string {
	if len(tokens) == 0 || !tokens[0].Is("INSERT") {
		return nil
	}
	open := slices.IndexFunc(tokens, func(t sqlscan.Token) bool { return t.Is("(") })
	if open < 0 {
		return nil
	}
	var list []string
	for _, t := range tokens[open:] {
		if t.Is(")") {
			break
		}
		if name := nameIn(t); name != "" {
			list = append(list, name)
		}
	}
	return list
}

var comparisons = []string{"=", "<>", "!=", "<", ">", "<=", ">="}

// keywords are the words that may stand between a column and its argument.
var keywords = map[string]bool{"AND": true, "OR": true, "NOT": true, "IN": true, "LIKE": true, "ILIKE": true,
	"BETWEEN": true, "IS": true, "NULL": true, "ESCAPE": true, "BINARY": true, "COLLATE": true, "CASE": true, "WHEN": true,
	"THEN": true, "ELSE": true, "END": true, "ANY": true, "SET": true, "WHERE": true, "VALUES": true}

// nameIn returns the name that a token stands for, "" if it is none.
func nameIn(t sqlscan.Token) string {
	if t.Kind == sqlscan.Quoted || t.Kind == sqlscan.Word && !keywords[strings.ToUpper(t.Text)] {
		return t.Value()
	}
	return ""
}
