package db

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// This file reads the text of PostgreSQL's arrays
// (postgresql.org/docs/current/arrays.html#ARRAYS-IO): {a,"b c",NULL}, and
// [0:1]={a,b} where the first index is not 1.

var (
	errNoArray   = errors.New("it is not the text of an array")
	errArrayNull = errors.New("one of its values is NULL, which no slice holds: mend the row, or read the column by SQL of your own")
	errArrayDeep = errors.New("it has several dimensions, which no slice of values holds: read the column by SQL of your own")
)

// splitArray returns the texts of an array's values.
func splitArray(s string) ([]string, error) {
	if strings.HasPrefix(s, "[") {
		bounds, rest, ok := strings.Cut(s, "=")
		if !ok {
			return nil, errNoArray
		}
		if strings.Count(bounds, "[") > 1 {
			return nil, errArrayDeep
		}
		s = rest
	}
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, errNoArray
	}
	s = s[1 : len(s)-1]
	if s == "" {
		return nil, nil
	}
	list := make([]string, 0, strings.Count(s, ",")+1)
	for {
		value, rest, err := nextElement(s)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		if rest == "" {
			return list, nil
		}
		if rest[0] != ',' {
			return nil, errNoArray
		}
		s = rest[1:]
	}
}

// nextElement returns the first value in s and what follows it.
func nextElement(s string) (value, rest string, err error) {
	if strings.HasPrefix(s, `"`) {
		return quotedElement(s[1:])
	}
	n := strings.IndexByte(s, ',')
	if n < 0 {
		n = len(s)
	}
	value, rest = s[:n], s[n:]
	switch {
	case value == "NULL":
		return "", "", errArrayNull
	case strings.HasPrefix(value, "{"):
		return "", "", errArrayDeep
	case value == "" || strings.ContainsAny(value, `{}"\`):
		return "", "", errNoArray
	}
	return value, rest, nil
}

// quotedElement is nextElement behind an opening quote.
func quotedElement(s string) (value, rest string, err error) {
	n := strings.IndexAny(s, `"\`)
	if n >= 0 && s[n] == '"' { // the commonest: nothing is escaped
		return s[:n], s[n+1:], nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], nil
		case '\\':
			if i++; i == len(s) {
				return "", "", errNoArray
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", errNoArray
}

// parseElement reads a value of an array into p.
func parseElement[T Element](text string, p *T) error {
	var err error
	switch p := any(p).(type) {
	case *string:
		*p = text
	case *int64:
		*p, err = strconv.ParseInt(text, 10, 64)
	case *float64:
		*p, err = strconv.ParseFloat(text, 64)
	case *bool:
		*p = text == "t" || text == "true"
		if !*p && text != "f" && text != "false" {
			err = errNoArray
		}
	case *time.Time:
		*p, err = parseMoment(text)
	}
	if err != nil {
		return fmt.Errorf("its value %.60q does not fit: %w", text, err)
	}
	return nil
}

// parseMoment reads a timestamptz, and a timestamp or a date, which are taken
// as UTC.
func parseMoment(text string) (t time.Time, err error) {
	day, clock, ok := strings.Cut(text, " ")
	layout := "2006-01-02"
	if ok {
		layout = "2006-01-02 15:04:05.999999"
		if zone := strings.LastIndexAny(clock, "+-"); zone >= 0 {
			layout += "-07:00:00"[:min(max(len(clock)-zone, len("-07")), len("-07:00:00"))]
		}
	}
	if t, err = time.Parse(layout, text); err != nil {
		return t, fmt.Errorf("read a time of the years 1 to 9999 on %.20q: %w", day, err)
	}
	return t.UTC(), nil
}
