package listing

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db"
)

// Value is what a filter may take: a text, a number, true or false, a moment as
// 2006-01-02 (its beginning in UTC) or in the form of RFC 3339.
type Value interface {
	~string | ~bool | db.Number | time.Time
}

// The most that a filter takes.
const (
	MaxText   = 200 // characters of a text
	MaxValues = 50  // values of an AnyOf
)

// Filter lets visitors filter by ?filter[name]=value. cond makes the condition,
// such as Films.Price.LTE, or is a function of yours.
func Filter[T Value](name string, cond func(T) db.Cond) Field {
	return func(l *List) {
		l.addFilter(filter{name: name, cond: func(values []string) (db.Cond, problem) {
			v, problem := read[T](values[0])
			if problem.rule != "" {
				return db.Cond{}, problem
			}
			return cond(v), problem
		}})
	}
}

// AnyOf lets visitors filter by several values, each in a parameter of its own:
// ?filter[genre]=Drama&filter[genre]=Noir. cond is such as Films.Genre.In.
func AnyOf[T Value](name string, cond func(...T) db.Cond) Field {
	return func(l *List) {
		l.addFilter(filter{name: name, many: true, cond: func(values []string) (db.Cond, problem) {
			if len(values) > MaxValues {
				return db.Cond{}, problem{"max", "must not have more than " + strconv.Itoa(MaxValues) + " values"}
			}
			list := make([]T, len(values))
			for i, text := range values {
				v, problem := read[T](text)
				if problem.rule != "" {
					return db.Cond{}, problem
				}
				list[i] = v
			}
			return cond(list...), problem{}
		}})
	}
}

func (l *List) addFilter(f filter) {
	l.add("Filter", f.name, slices.ContainsFunc(l.filters, func(o filter) bool { return o.name == f.name }))
	l.filters = append(l.filters, f)
}

// A problem is a broken rule and what the visitor is told of it.
type problem struct{ rule, message string }

// read returns the value that text stands for.
func read[T Value](text string) (v T, bad problem) {
	if at, ok := any(&v).(*time.Time); ok {
		return v, readTime(at, text)
	}
	r := reflect.ValueOf(&v).Elem()
	switch {
	case r.Kind() == reflect.String:
		if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
			return v, problem{"text", "must be a text"}
		}
		if utf8.RuneCountInString(text) > MaxText {
			return v, problem{"max", "must not be longer than " + strconv.Itoa(MaxText) + " characters"}
		}
		r.SetString(text)
	case r.Kind() == reflect.Bool:
		if text != "true" && text != "false" {
			return v, problem{"bool", "must be true or false"}
		}
		r.SetBool(text == "true")
	case r.CanInt():
		n, err := strconv.ParseInt(text, 10, r.Type().Bits())
		if err != nil {
			return v, problem{"number", "must be a whole number"}
		}
		r.SetInt(n)
	case r.CanUint():
		n, err := strconv.ParseUint(text, 10, r.Type().Bits())
		if err != nil {
			return v, problem{"number", "must be a whole number that is not negative"}
		}
		r.SetUint(n)
	case r.CanFloat():
		f, err := strconv.ParseFloat(text, r.Type().Bits())
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return v, problem{"number", "must be a number"}
		}
		r.SetFloat(f)
	}
	return v, problem{}
}

func readTime(at *time.Time, text string) problem {
	for _, layout := range []string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() > 0 && t.UTC().Year() < 10000 {
			*at = t
			return problem{}
		}
	}
	return problem{"date", "must be a date, such as 2026-11-22"}
}
