package db

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

func staleError() error {
	return &errs.Error{Kind: errs.Conflict, Message: "This was changed in the meantime; please look at it again.",
		Err: errors.New("the row was changed since it was read")}
}

// brokenBy is a *ConstraintError with the table that it is about.
type brokenBy struct {
	error
	t *table
}

func (b brokenBy) Unwrap() error { return b.error }

// FieldErrors returns what is wrong with the fields of a row that a constraint
// of the database refused, for the form that it came from: the fields are
// named as those that the model's rules name. It returns err itself if it is
// anything else.
//
//	if err := Users.Insert(ctx, user); err != nil {
//		return db.FieldErrors(err) // of the field email: "is taken already", 422
//	}
func FieldErrors(err error) error {
	var at brokenBy
	var broken *ConstraintError
	if !errors.As(err, &at) || !errors.As(err, &broken) || broken.Table != at.t.def.Name {
		return err
	}
	var list validate.Errors
	rule, message := explain(broken.Kind)
	columns := at.t.concerned(broken)
	for _, c := range columns[:min(1, len(columns))] {
		list.Add(at.t.fieldName(c), rule, message)
	}
	if len(list) == 0 {
		list.Add("", rule, message)
	}
	return list
}

func explain(kind engine.Constraint) (rule, message string) {
	switch kind {
	case engine.Unique:
		return "unique", "is taken already"
	case engine.ForeignKey:
		return "exists", "does not exist, or is still in use"
	case engine.NotNull:
		return "required", "is required"
	}
	return "check", "is not allowed"
}

// concerned returns the columns that a broken constraint is about, where that
// is known. Not all engines name them, but the schema knows its constraints.
func (t *table) concerned(e *ConstraintError) []string {
	if len(e.Columns) > 0 {
		return e.Columns
	}
	if e.Kind != engine.Check {
		return nil
	}
	for _, c := range t.def.Checks {
		if t.def.CheckName(c) != e.Name {
			continue
		}
		words := strings.FieldsFunc(c.Expr, func(r rune) bool {
			return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
		})
		for _, name := range t.def.Columns {
			if slices.Contains(words, name.Name) {
				return []string{name.Name}
			}
		}
	}
	return nil
}

// fieldName returns what rules call the field of a column.
func (t *table) fieldName(column string) string {
	i := t.index(column)
	if i < 0 || i >= len(t.fields) {
		return column
	}
	f, ok := reflect.TypeOf(t.rows.New()).Elem().FieldByName(t.fields[i])
	if !ok {
		return column
	}
	return validate.FieldName(f)
}
