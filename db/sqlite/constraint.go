package sqlite

import (
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// constraint is the error for a constraint that was violated; of a kind that
// package engine does not know, such as a type that a STRICT table refuses or
// RAISE in a trigger, it is e.
func constraint(e *Error) error {
	broken := &engine.ConstraintError{Err: e}
	switch e.Code {
	case codeUnique, codePrimaryKey, codeRowID:
		broken.Kind = engine.Unique
	case codeForeignKey:
		broken.Kind = engine.ForeignKey
	case codeCheck:
		broken.Kind = engine.Check
	case codeNotNull:
		broken.Kind = engine.NotNull
	default:
		return e
	}
	name(broken, e.Message)
	return broken
}

// name fills in what SQLite's message tells, such as "constraint failed: UNIQUE
// constraint failed: films.slug", or for a check "… failed: its_name". Of a
// foreign key it tells nothing.
func name(broken *engine.ConstraintError, message string) {
	const marker = "constraint failed: "
	i := strings.LastIndex(message, marker)
	if i < 0 {
		return
	}
	subject := message[i+len(marker):]
	switch broken.Kind {
	case engine.Check:
		broken.Name = subject
	case engine.Unique, engine.NotNull:
		if index, ok := strings.CutPrefix(subject, "index "); ok { // of expressions
			broken.Name = strings.Trim(index, "'")
			return
		}
		for column := range strings.SplitSeq(subject, ", ") {
			if table, name, ok := strings.Cut(column, "."); ok {
				broken.Table = table
				broken.Columns = append(broken.Columns, name)
			}
		}
	}
}
