package validate

import (
	"errors"
	"net/netip"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

func format(holds func(string) bool) func(target, []string) (test, error) {
	return func(target, []string) (test, error) {
		return func(_, v reflect.Value) bool { return holds(v.String()) }, nil
	}
}

// pattern compiles RE2 and asks for a match of the whole string. The parameter
// must be a pattern by itself: a)(b would be one only between the anchors.
func pattern(_ target, params []string) (test, error) {
	if _, err := regexp.Compile(params[0]); err != nil {
		return nil, err
	}
	re, err := regexp.Compile(`\A(?:` + params[0] + `)\z`)
	if err != nil {
		return nil, err
	}
	return func(_, v reflect.Value) bool { return re.MatchString(v.String()) }, nil
}

func hasPrefix(s, part string) bool { return strings.HasPrefix(s, part) }
func hasSuffix(s, part string) bool { return strings.HasSuffix(s, part) }
func contains(s, part string) bool  { return strings.Contains(s, part) }

func affix(holds func(s, part string) bool) func(target, []string) (test, error) {
	return func(_ target, params []string) (test, error) {
		part := params[0]
		if part == "" {
			return nil, errors.New("takes a parameter that is not empty")
		}
		return func(_, v reflect.Value) bool { return holds(v.String(), part) }, nil
	}
}

// isText allows lines and tabs, and nothing else that does not print. A
// browser sends line ends as CR LF; a CR alone overwrites lines in logs.
func isText(s string) bool {
	for i, c := range s {
		if unicode.IsControl(c) && c != '\n' && c != '\t' && (c != '\r' || !strings.HasPrefix(s[i:], "\r\n")) {
			return false
		}
	}
	return true
}

func isLine(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' // line and paragraph separators
	})
}

func all(s string, ok func(rune) bool) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return !ok(c) })
}

// Marks belong to the letters before them: é may be e and an accent.
func isAlpha(s string) bool {
	return all(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsMark(c) })
}

func isAlphanum(s string) bool {
	return all(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsDigit(c) })
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

func isDigits(s string) bool { return all(s, isDigit) }

func isSlug(s string) bool {
	return all(s, func(c rune) bool { return 'a' <= c && c <= 'z' || isDigit(c) || c == '-' }) &&
		s[0] != '-' && s[len(s)-1] != '-' && !strings.Contains(s, "--")
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isUUID takes the text form of RFC 9562, section 4, of every version.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isDate takes the full-date of RFC 3339: a day that the calendar has.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isIP takes IPv4 and IPv6 addresses, without a zone.
func isIP(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Zone() == ""
}

// isHostname takes names of RFC 1123, section 2.1, international ones in their
// xn-- form. The last label is not a number, in hexadecimal neither, else
// browsers would read the name as an IPv4 address.
func isHostname(s string) bool {
	if len(s) > 253 {
		return false
	}
	for {
		label, rest, more := strings.Cut(s, ".")
		if !isLabel(label) || !more && isNumber(label) {
			return false
		}
		if !more {
			return true
		}
		s = rest
	}
}

func isNumber(label string) bool {
	if len(label) >= 2 && label[0] == '0' && label[1]|0x20 == 'x' {
		return all("0"+label[2:], func(c rune) bool { return c < 0x80 && isHex(byte(c)) })
	}
	return isDigits(label)
}

func isLabel(s string) bool {
	return len(s) <= 63 && all(s, func(c rune) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || c == '-'
	}) && s[0] != '-' && s[len(s)-1] != '-'
}

// isEmail takes an address that people have: a dot-atom of RFC 5321, section
// 4.1.2, at a host name of two labels or more, in ASCII, within the limits of
// section 4.5.3.1. Quoted local parts, address literals, comments and display
// names are refused: they are how mail is injected.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, host := s[:at], s[at+1:]
	return !strings.Contains(local, "..") && local[0] != '.' && local[at-1] != '.' &&
		all(local, func(c rune) bool {
			return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", c)
		}) && strings.Contains(host, ".") && isHostname(host)
}

// isURL takes absolute http and https URLs of RFC 3986 with a host name or an
// IP address in it, and refuses user names, which are how links lie about where
// they lead. It reads the text itself because url.Parse allocates.
func isURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return isAuthority(rest[:end]) && isURLTail(rest[end:])
}

// isAuthority takes a host and an optional port.
func isAuthority(s string) bool {
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		host, port = s[:i], s[i+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || !isDigits(port) {
			return false
		}
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && strings.Contains(inner, ":") && isIP(inner)
	}
	return isHostname(host) || isIP(host) && !strings.Contains(host, ":")
}

// isURLTail takes path, query and fragment. Characters beyond ASCII are let
// through, as people copy them from address bars.
func isURLTail(s string) bool {
	for i, c := range s {
		switch {
		case c <= ' ', c == 0x7f, strings.ContainsRune("\"<>\\^`{|}", c), unicode.IsSpace(c), unicode.IsControl(c):
			return false
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
		}
	}
	return true
}
