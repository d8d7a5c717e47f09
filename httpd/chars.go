package httpd

// What a byte may be part of.
const (
	isToken  = 1 << iota // tchar, RFC 9110 section 5.6.2
	isTarget             // visible ASCII but "#": no fragment comes in a request
	isPlain              // in a path, what URL encoding leaves as it is
	isHost               // in a host name: unreserved / sub-delims, RFC 3986 section 3.2.2
	isHex
)

// charOf is the table of those properties.
var charOf = charTable()

func charTable() (t [256]byte) {
	mark := func(chars string, property byte) {
		for i := range len(chars) {
			t[chars[i]] |= property
		}
	}
	for c := '!'; c <= '~'; c++ {
		if c != '#' {
			t[c] |= isTarget
		}
	}
	const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	mark(alnum, isToken|isPlain|isHost)
	mark("!#$%&'*+-.^_`|~", isToken)
	mark("-_.~$&+,/:;=@", isPlain)
	mark("-._~!$&'()*+,;=", isHost)
	mark("0123456789abcdefABCDEF", isHex)
	return t
}

// equalFold reports whether b is lower, a word of lower-case letters, digits
// and hyphens, in any case. b holds no control characters.
func equalFold[T []byte | string](b T, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := range len(lower) {
		if b[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

// sameName reports whether two field names are one.
func sameName(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	if a == b {
		return true
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if x != y && (x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z') {
			return false
		}
	}
	return true
}

// hasToken reports whether word, in lower case, is an element of list, a list
// between commas.
func hasToken[T []byte | string](list T, word string) bool {
	for len(list) > 0 {
		var element T
		element, list = nextElement(list)
		if equalFold(element, word) {
			return true
		}
	}
	return false
}

// nextElement cuts the first element, trimmed, off a list between commas.
func nextElement[T []byte | string](list T) (element, rest T) {
	i := 0
	for i < len(list) && list[i] != ',' {
		i++
	}
	end := i
	if i < len(list) {
		i++
	}
	rest = list[i:]
	start := 0
	for start < end && (list[start] == ' ' || list[start] == '\t') {
		start++
	}
	for end > start && (list[end-1] == ' ' || list[end-1] == '\t') {
		end--
	}
	return list[start:end], rest
}
