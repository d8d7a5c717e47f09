package validate

import (
	"reflect"
	"strings"
	"unicode"
)

// nameTags are the tags that may name a field, in the order in which they are
// asked.
var nameTags = [...]string{"form", "json", "query", "path", "header", "cookie", "file"}

// FieldName returns the name of a field in paths: what the first of its tags
// form, json, query, path, header, cookie and file says up to a comma, else the
// field's name in lower snake case, such as "user_id" for UserID.
func FieldName(f reflect.StructField) string {
	if name := tagName(f); name != "" {
		return name
	}
	return snake(f.Name)
}

func tagName(f reflect.StructField) string {
	for _, tag := range nameTags {
		name, _, _ := strings.Cut(f.Tag.Get(tag), ",")
		if name != "" && name != "-" {
			return name
		}
	}
	return ""
}

// snake separates words before an upper-case letter that follows a lower-case
// one or a digit, and before the last letter of a run of upper-case ones that a
// word follows: HTMLBody is html_body.
func snake(name string) string {
	in := []rune(name)
	var b strings.Builder
	for i, c := range in {
		if i > 0 && unicode.IsUpper(c) && in[i-1] != '_' &&
			(!unicode.IsUpper(in[i-1]) || i+1 < len(in) && unicode.IsLower(in[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
