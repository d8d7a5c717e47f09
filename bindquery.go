package ashlar

import (
	"net/url"
	"slices"
	"strings"
)

// fewParams are the values of a query's parameters for an input that has few
// and takes each once, by their index among the names in the plan. Most inputs
// are such, and need no map.
type fewParams [fewParamsMax]struct {
	value string // the first
	times int
}

const fewParamsMax = 8

// read reads a query. It is false for what needs a closer look: more names
// than there is room for, a query that cannot be read or has very many
// parameters, and, if strict, a parameter that has no name here. What was read
// until then does not count.
func (p *fewParams) read(query string, names []string, strict bool) bool {
	if len(names) > len(p) || strings.Count(query, "&") >= formKeysMax {
		return false
	}
	for query != "" {
		var param string
		if param, query, _ = strings.Cut(query, "&"); param == "" {
			continue
		}
		if strings.IndexByte(param, ';') >= 0 { // net/url refuses it: to some it is an &
			return false
		}
		name, value, _ := strings.Cut(param, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return false
		}
		i := slices.Index(names, name)
		if i < 0 && strict || !escapesWell(value) {
			return false
		}
		if i < 0 {
			continue
		}
		if p[i].times == 0 {
			p[i].value, _ = url.QueryUnescape(value)
		}
		p[i].times++
	}
	return true
}

// escapesWell reports whether url.QueryUnescape takes s.
func escapesWell(s string) bool {
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			return true
		}
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			return false
		}
		s = s[i+3:]
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
