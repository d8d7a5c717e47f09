package strictjson

import (
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// fewKeys is how many keys of an object are compared by their hashes, one
// after the other, which needs no memory; those of a larger one go into a map.
const fewKeys = 64

// keys are those of one object so far. A key is known by the index behind its
// first quote.
type keys struct {
	n      int
	hashes [fewKeys]uint32
	starts [fewKeys]int
	more   map[string]struct{} // all of them, folded, when they are not few
	buf    []byte
}

// add reports whether the key at start is a new one.
func (k *keys) add(b []byte, start int, hash uint32) bool {
	if k.more != nil {
		return k.addToMap(b, start)
	}
	for i, h := range k.hashes[:k.n] {
		if h == hash && sameKey(b, k.starts[i], start) {
			return false
		}
	}
	if k.n < fewKeys {
		k.hashes[k.n], k.starts[k.n] = hash, start
		k.n++
		return true
	}
	k.more = make(map[string]struct{}, 2*fewKeys)
	for _, s := range k.starts {
		k.addToMap(b, s)
	}
	return k.addToMap(b, start)
}

func (k *keys) addToMap(b []byte, start int) bool {
	k.buf = appendKey(k.buf[:0], b, start, foldRune)
	if _, twice := k.more[string(k.buf)]; twice {
		return false
	}
	k.more[string(k.buf)] = struct{}{}
	return true
}

// key checks a key from behind its first quote, and returns its hash: FNV-1a
// over the folded characters. Keys that an attacker gave equal hashes are told
// apart by sameKey, and soon by a map.
func (c *checker) key(i int) (end int, hash uint32) {
	hash = 2166136261
	for {
		ch := c.at(i)
		switch {
		case ch == '"':
			return i + 1, hash
		case ch == '\\' || ch >= utf8.RuneSelf || ch < ' ':
			if end = c.text(i); end == bad {
				return bad, 0
			}
			for i < end-1 {
				var r rune
				r, i = keyRune(c.b, i)
				hash = mix(hash, foldRune(r))
			}
			return end, hash
		}
		hash = mix(hash, rune(ch))
		i++
	}
}

// mix takes one more character into a hash. The bit that tells letter cases
// apart in ASCII does not count.
func mix(hash uint32, r rune) uint32 {
	if r < utf8.RuneSelf {
		r |= 0x20
	}
	return (hash ^ uint32(r)) * 16777619
}

// sameKey reports whether the keys at i and j are the same when folded.
func sameKey(b []byte, i, j int) bool {
	for b[i] != '"' && b[j] != '"' {
		var r, s rune
		r, i = keyRune(b, i)
		s, j = keyRune(b, j)
		if r != s && foldRune(r) != foldRune(s) {
			return false
		}
	}
	return b[i] == b[j]
}

// appendKey appends the key at start, without its escapes, each character as
// change makes it.
func appendKey(dst, b []byte, start int, change func(rune) rune) []byte {
	for i := start; b[i] != '"'; {
		var r rune
		r, i = keyRune(b, i)
		dst = utf8.AppendRune(dst, change(r))
	}
	return dst
}

func asItIs(r rune) rune { return r }

// foldRune returns the least of the characters that encoding/json takes for r
// in a key: strings.ToLower would miss that U+017F (a long s) is an s to it.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// keyRune returns the character at i of a key that was checked, and the index
// behind it.
func keyRune(b []byte, i int) (rune, int) {
	switch c := b[i]; {
	case c >= utf8.RuneSelf:
		r, size := utf8.DecodeRune(b[i:])
		return r, i + size
	case c != '\\':
		return rune(c), i + 1
	}
	switch c := b[i+1]; c {
	case 'b':
		return '\b', i + 2
	case 'f':
		return '\f', i + 2
	case 'n':
		return '\n', i + 2
	case 'r':
		return '\r', i + 2
	case 't':
		return '\t', i + 2
	case 'u':
		return unicodeEscape(b, i)
	default: // a quote, a backslash, a slash
		return rune(c), i + 2
	}
}

// unicodeEscape reads \uXXXX, or two of them that are a surrogate pair. Half a
// pair is U+FFFD, as in encoding/json.
func unicodeEscape(b []byte, i int) (rune, int) {
	r := hexRune(b[i+2:])
	i += 6
	if !utf16.IsSurrogate(r) {
		return r, i
	}
	if b[i] == '\\' && b[i+1] == 'u' {
		if pair := utf16.DecodeRune(r, hexRune(b[i+2:])); pair != unicode.ReplacementChar {
			return pair, i + 6
		}
	}
	return unicode.ReplacementChar, i
}

// hexRune reads four hexadecimal digits.
func hexRune(b []byte) rune {
	r := rune(0)
	for _, c := range b[:4] {
		r = r<<4 | hexValue(c)
	}
	return r
}
