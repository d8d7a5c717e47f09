package router

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/ashlar-go/ashlar/errs"
)

// Parse reads a pattern; the package comment has the syntax. Its error is an
// *[errs.Setup] that says what is wrong with which part.
func Parse(pattern string) (Pattern, error) {
	p, problem := parse(pattern)
	if problem != nil {
		return Pattern{}, problem
	}
	return p, nil
}

func parse(pattern string) (Pattern, *errs.Setup) {
	if len(pattern) > MaxPath {
		return Pattern{}, badPattern(pattern[:40]+"…", "shorten it",
			"is longer than %d bytes, so no request can match it", MaxPath)
	}
	method, target, found := cutSpace(pattern)
	if !found {
		method, target = "", pattern
	} else if strings.Contains(method, "/") {
		return Pattern{}, badPattern(pattern, "write %20 for a space that is text", "there is a space in the path")
	} else if !isToken(method) {
		return Pattern{}, badPattern(pattern, `begin with a method, or with the host or "/" when any method will do`,
			"%q is not a method", method)
	}
	slash := strings.IndexByte(target, '/')
	if slash < 0 {
		return Pattern{}, badPattern(pattern, `begin the path with "/"`, `the path does not begin with "/"`)
	}
	host, path := strings.ToLower(target[:slash]), target[slash:]
	if strings.ContainsAny(host, "{}") {
		return Pattern{}, badPattern(pattern, `begin the path with "/"; a host has no parameters`,
			`the path does not begin with "/"`)
	}
	if host != "" && !isHost(host) {
		return Pattern{}, badPattern(pattern, "write the exact name without a port, such as api.example.com",
			"%q is not a host", host)
	}
	segments, problem := parsePath(pattern, path[1:])
	if problem != nil {
		return Pattern{}, problem
	}
	return Pattern{method: method, host: host, segments: segments}, nil
}

// parsePath reads the path of pattern, from behind its first slash.
func parsePath(pattern, path string) ([]segment, *errs.Setup) {
	var segments []segment
	seen := map[string]bool{}
	for more := true; more; {
		var text string
		text, path, more = strings.Cut(path, "/")
		s, problem := parseSegment(pattern, text, more)
		if problem != nil {
			return nil, problem
		}
		if s.named() {
			if seen[s.text] {
				return nil, badPattern(pattern, "give each parameter a name of its own",
					"two parameters have the name %q", s.text)
			}
			seen[s.text] = true
		}
		segments = append(segments, s)
	}
	if len(seen) > MaxParams {
		return nil, badPattern(pattern, "use {name...} for the rest of the path",
			"has %d parameters, more than %d", len(seen), MaxParams)
	}
	return segments, nil
}

// parseSegment reads one segment; more says that others follow it.
func parseSegment(pattern, text string, more bool) (segment, *errs.Setup) {
	if strings.Count(text, "{") != strings.Count(text, "}") {
		return segment{}, badPattern(pattern, `close each "{" with "}" in the same segment; write %7B for a brace that is text`,
			"unbalanced brace in %q", text)
	}
	if !strings.Contains(text, "{") {
		return parseLiteral(pattern, text, more)
	}
	inner := text[1 : len(text)-1]
	if text[0] != '{' || text[len(text)-1] != '}' || strings.ContainsAny(inner, "{}") {
		return segment{}, badPattern(pattern, "let the parameter be the whole segment and take it apart in the handler",
			"%q is not one parameter", text)
	}
	if more && (inner == "$" || strings.HasSuffix(inner, "...")) {
		return segment{}, badPattern(pattern, "move it to the end", "%q is not the last segment", text)
	}
	if inner == "$" {
		return segment{kind: end}, nil
	}
	return parseParam(pattern, inner)
}

func parseLiteral(pattern, text string, more bool) (segment, *errs.Setup) {
	if text == "" {
		if more {
			return segment{}, badPattern(pattern, "remove it", `an empty segment ("//") never matches`)
		}
		return segment{kind: rest}, nil
	}
	decoded, err := url.PathUnescape(text)
	if err != nil {
		return segment{}, badPattern(pattern, "write %25 for a percent sign", "bad escape in %q", text)
	}
	if isDots(decoded) || strings.IndexByte(decoded, 0) >= 0 {
		return segment{}, badPattern(pattern, "remove it", "the segment %q never matches", text)
	}
	return segment{kind: literal, text: decoded}, nil
}

// parseParam reads what stands between the braces.
func parseParam(pattern, inner string) (segment, *errs.Setup) {
	name, typeName, typed := strings.Cut(inner, ":")
	s := segment{kind: param, text: name}
	if before, multi := strings.CutSuffix(inner, "..."); multi {
		if typed {
			return s, badPattern(pattern, "remove the type", "{%s} takes several segments, so it has no type", inner)
		}
		s, name = segment{kind: rest, text: before}, before
	}
	if name == "" {
		return s, badPattern(pattern, "name it, such as {id}", "the parameter {%s} has no name", inner)
	}
	if !isIdentifier(name) {
		return s, badPattern(pattern, "use letters, digits and _, beginning with no digit",
			"%q is not a parameter name", name)
	}
	if !typed {
		return s, nil
	}
	var ok bool
	if s.typ, ok = typeNamed(typeName); !ok {
		return s, unknownType(pattern, inner, typeName)
	}
	return s, nil
}

// cutSpace cuts s around its first run of spaces and tabs.
func cutSpace(s string) (before, after string, found bool) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, "", false
	}
	return s[:i], strings.TrimLeft(s[i:], " \t"), true
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// isHost reports whether s, in lower case, is a name or an address as a Host
// header has it, without a port.
func isHost(s string) bool {
	extra := "-._"
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") { // IPv6
		s, extra = s[1:len(s)-1], ":."
	}
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && strings.IndexByte(extra, c) < 0 {
			return false
		}
	}
	return s != ""
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c)
}

// isIdentifier reports whether s is a Go identifier, as net/http asks of names.
func isIdentifier(s string) bool {
	for i, r := range s {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

func badPattern(pattern, mend, format string, args ...any) *errs.Setup {
	return &errs.Setup{
		Code: "A1201",
		What: fmt.Sprintf("pattern %q: ", pattern) + fmt.Sprintf(format, args...),
		Mend: mend,
	}
}

func unknownType(pattern, inner, name string) *errs.Setup {
	mend := "use one of " + strings.Join(knownTypes, ", ") + ", or no type for any text"
	if near := nearest(name, knownTypes); near != "" {
		mend = fmt.Sprintf("did you mean %q? Otherwise %s", near, mend)
	}
	return &errs.Setup{
		Code: "A1202",
		What: fmt.Sprintf("pattern %q: parameter {%s} has the unknown type %q", pattern, inner, name),
		Mend: mend,
	}
}
