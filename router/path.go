package router

import (
	"bytes"
	"net/url"
	"strings"
)

// A target is a request's path made ready for the search: every segment is
// decoded, and sep stands before each. Where nothing was encoded that is the
// path itself. Where something was, a decoded segment may hold a slash, so the
// separators became zero bytes, which no segment can hold.
type target struct {
	full  string // the path as asked for, a trailing separator included
	path  string // full without a trailing separator: "" for the root
	slash bool   // a slash is to follow path
	sep   byte   // '/' or 0
}

// A form says what is to be thought of a path before anything is searched.
type form uint8

const (
	clean     form = iota
	unclean        // has an empty or a dot segment
	malformed      // has a bad escape or a zero byte
)

// prepare reads path, which begins with a slash. The target is of use when the
// form is clean. It allocates only for a path that has escapes.
func prepare(path string) (target, form) {
	sep := byte('/')
	if strings.IndexByte(path, '%') >= 0 {
		var ok bool
		if path, ok = decode(path); !ok {
			return target{}, malformed
		}
		sep = 0
	} else if strings.IndexByte(path, 0) >= 0 {
		return target{}, malformed
	}
	if !isClean(path, sep) {
		return target{}, unclean
	}
	t := target{full: path, path: path, sep: sep}
	if last := len(path) - 1; path[last] == sep {
		t.path, t.slash = path[:last], true
	}
	return t, clean
}

// toggled returns the target with a trailing slash more or less.
func (t target) toggled() target {
	t.slash = !t.slash
	t.full = t.path
	return t
}

// decode undoes the escapes of path and turns its slashes into zero bytes. It
// refuses malformed escapes and zero bytes in any spelling.
func decode(path string) (string, bool) {
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		switch c := path[i]; c {
		case '/':
			b = append(b, 0)
		case '%':
			decoded, ok := unescape(path[i:])
			if !ok || decoded == 0 {
				return "", false
			}
			b = append(b, decoded)
			i += 2
		case 0:
			return "", false
		default:
			b = append(b, c)
		}
	}
	return string(b), true
}

// unescape returns the byte of the escape that s begins with.
func unescape(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	high, ok1 := unhex(s[1])
	low, ok2 := unhex(s[2])
	return high<<4 | low, ok1 && ok2
}

func unhex(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// isClean reports whether no segment of path is empty or made of dots. The
// last one may be empty: that is a trailing slash.
func isClean(path string, sep byte) bool {
	for i := range len(path) - 1 {
		if path[i] != sep {
			continue
		}
		switch path[i+1] {
		case sep:
			return false
		case '.':
			segment := path[i+1:]
			if n := strings.IndexByte(segment, sep); n >= 0 {
				segment = segment[:n]
			}
			if isDots(segment) {
				return false
			}
		}
	}
	return true
}

func isDots(s string) bool { return s == "." || s == ".." }

// cleaned returns path, which is not malformed, without empty and dot segments,
// as path.Clean and net/http would, with a trailing slash if and only if path
// has one. What stays is encoded as it was.
func cleaned(path string) string {
	b := make([]byte, 0, len(path))
	for segment := range strings.SplitSeq(path[1:], "/") {
		decoded, _ := url.PathUnescape(segment)
		switch decoded {
		case "", ".":
		case "..":
			if i := bytes.LastIndexByte(b, '/'); i >= 0 {
				b = b[:i]
			}
		default:
			b = append(append(b, '/'), segment...)
		}
	}
	if len(b) == 0 || path[len(path)-1] == '/' {
		b = append(b, '/')
	}
	return string(b)
}

// location returns path, which is clean, as it may stand in a Location header,
// with a trailing slash or without. Path begins with exactly one slash; what
// browsers would read as a second one, "\" or "/" behind a tab (WHATWG URL), is
// encoded along with everything else that RFC 3986 does not allow in a path.
// So the location is always a path on the same host.
func location(path string, slash bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	path = strings.TrimSuffix(path, "/")
	for i := range len(path) {
		if c := path[i]; isAlphanumeric(c) || strings.IndexByte("/%-._~!$&'()*+,;=:@", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	if slash {
		b.WriteByte('/')
	}
	return b.String()
}

// bareHost returns host in lower case and without its port.
func bareHost(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.IndexByte(host[i:], ']') < 0 {
		host = host[:i]
	}
	return strings.ToLower(host) // allocates only when there is something to change
}
