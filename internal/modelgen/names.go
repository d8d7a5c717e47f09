package modelgen

import (
	"strings"
	"unicode"
)

// snake turns a Go name into one for the database: OrderID to order_id,
// HTTPServer to http_server, UserIDs to user_ids.
func snake(name string) string {
	r := []rune(name)
	var b strings.Builder
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) {
			after := i+1 < len(r) && unicode.IsLower(r[i+1])
			plural := i+2 == len(r) && r[len(r)-1] == 's'
			if !unicode.IsUpper(r[i-1]) || after && !plural {
				if r[i-1] != '_' {
					b.WriteByte('_')
				}
			}
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// plural turns an English noun, at the end of a name, into its plural by the
// regular rules. The others are named with table=.
func plural(name string) string {
	lower := strings.ToLower(name)
	ends := func(suffixes ...string) bool {
		for _, s := range suffixes {
			if strings.HasSuffix(lower, s) {
				return true
			}
		}
		return false
	}
	switch {
	case ends("s", "x", "z", "ch", "sh"):
		return name + "es"
	case ends("y") && !ends("ay", "ey", "iy", "oy", "uy"):
		return name[:len(name)-1] + "ies"
	}
	return name + "s"
}

// lowerFirst turns an exported name into one that is not: Film to film, URLList
// to urlList.
func lowerFirst(name string) string {
	r := []rune(name)
	for i := range r {
		if i > 0 && i+1 < len(r) && unicode.IsLower(r[i+1]) {
			break
		}
		r[i] = unicode.ToLower(r[i])
	}
	return string(r)
}

// isName reports whether s may be the name of a table, a column or an index:
// letters of ASCII, digits and _, and no longer than PostgreSQL allows.
func isName(s string) bool {
	for i, c := range s {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 63
}
