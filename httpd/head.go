package httpd

import (
	"encoding/binary"
	"net/http"
)

// What head.parse says besides the status of a refusal.
const (
	complete = 0
	partial  = -1
)

// A head is the shape of a request's head: where its parts begin and end, as
// offsets into the bytes that were parsed, and what they mean for the
// connection. It holds no bytes of its own, is filled in one pass, and is used
// again for the next request.
type head struct {
	parts
	framing
	table []byte // where the fields are; see field.append
}

// parts are what an Exchange knows of its head.
type parts struct {
	size     uint16 // bytes, with the empty line at the end
	fields   uint16 // how many
	method   span
	target   span
	path     span
	query    span
	host     span // of the target in absolute form, else of the Host field
	minor    byte // of the version: 0 or 1
	plain    bool // the path holds nothing that URL encoding would touch
	hasQuery bool
	toHead   bool // the method is HEAD
}

// framing is what the head says about the rest of the request and the
// connection.
type framing struct {
	length     int64 // of the body; -1: none was said
	hosts      int
	absolute   bool
	coding     coding
	connClose  bool
	keepAlive  bool
	expect     expectation
	badTrailer bool // one that would change the framing is announced
}

// limits are the parts of Config that the parser keeps.
type limits struct{ head, target, fields int }

// longestHead bounds Config.HeaderLimit, so that offsets fit in two bytes: an
// Exchange holds many of them.
const longestHead = 1<<16 - 1

// A span is a part of the head.
type span struct{ start, end uint16 }

func (s span) of(b []byte) []byte { return b[s.start:s.end] }

// A field is one field line of the head, its value trimmed.
type field struct{ name, value span }

// fieldSize is what a field takes in a table of fields.
const fieldSize = 8

// append adds f to a table of fields.
func (f field) append(table []byte) []byte {
	return binary.LittleEndian.AppendUint64(table,
		uint64(f.name.start)|uint64(f.name.end)<<16|uint64(f.value.start)<<32|uint64(f.value.end)<<48)
}

// fieldAt is the field that stands at the beginning of a table.
func fieldAt(t string) field {
	_ = t[fieldSize-1] // one load, to the compiler
	w := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
		uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
	return field{span{uint16(w), uint16(w >> 16)}, span{uint16(w >> 32), uint16(w >> 48)}}
}

// parse reads the head at the beginning of b. It returns complete, partial
// when b ends too early, or the status with which the request is refused. The
// grammar is that of RFC 9112 without any of its leniencies: lines end with
// CRLF, one space stands where the grammar has one, nothing is folded.
func (h *head) parse(b []byte, lim *limits) int {
	h.parts, h.framing, h.table = parts{}, framing{length: -1}, h.table[:0]
	if len(b) > lim.head {
		b = b[:lim.head]
	}
	i, status := h.requestLine(b, lim)
	for status == complete {
		if i == len(b) {
			return partial
		}
		if b[i] == '\r' {
			if i+1 == len(b) {
				return partial
			}
			if b[i+1] != '\n' {
				return 400
			}
			h.size = uint16(i + 2)
			return h.settle(b)
		}
		if int(h.fields) == lim.fields {
			return 431
		}
		i, status = h.fieldLine(b, i)
	}
	return status
}

// requestLine parses method SP target SP version CRLF and returns the offset
// of what follows.
func (h *head) requestLine(b []byte, lim *limits) (int, int) {
	const longestMethod = 32 // RFC 9112 section 3: one longer than any we know is 501
	i := 0
	for i < len(b) && charOf[b[i]]&isToken != 0 {
		if i++; i > longestMethod {
			return 0, 501
		}
	}
	if i == len(b) {
		return 0, partial
	}
	if i == 0 || b[i] != ' ' {
		return 0, 400
	}
	h.method = span{0, uint16(i)}
	h.toHead = string(b[:i]) == http.MethodHead
	i++
	start := i
	for i < len(b) && charOf[b[i]]&isTarget != 0 {
		i++
	}
	if i-start > lim.target {
		return 0, 414
	}
	if i == len(b) {
		return 0, partial
	}
	if i == start || b[i] != ' ' {
		return 0, 400
	}
	h.target = span{uint16(start), uint16(i)}
	i++
	return h.version(b, i)
}

// version parses "HTTP/1.0" or "HTTP/1.1" and CRLF at offset i.
func (h *head) version(b []byte, i int) (int, int) {
	const form = "HTTP/d.d\r\n"
	if len(b)-i >= len(form) && string(b[i:i+len(form)]) == "HTTP/1.1\r\n" { // as nearly all say
		h.minor = 1
		return i + len(form), complete
	}
	for j := range len(form) {
		if i+j == len(b) {
			return 0, partial
		}
		c := b[i+j]
		if form[j] == 'd' {
			if c < '0' || c > '9' {
				return 0, 400
			}
		} else if c != form[j] {
			return 0, 400
		}
	}
	if b[i+5] != '1' || b[i+7] > '1' {
		return 0, 505
	}
	h.minor = b[i+7] - '0'
	return i + len(form), complete
}

// fieldLine parses name ":" OWS value OWS CRLF at offset i and returns the
// offset of what follows. A line that begins with a space, a continuation of
// the line before (obs-fold), has no name and is refused like one.
func (h *head) fieldLine(b []byte, i int) (int, int) {
	next, f, status := scanField(b, i)
	if status != complete {
		return 0, status
	}
	if n := f.name.end - f.name.start; n < 32 && 1<<n&noted != 0 {
		return next, h.note(b, f)
	}
	h.add(f)
	return next, complete
}

// add adds a field to the table.
func (h *head) add(f field) {
	h.fields++
	h.table = f.append(h.table)
}

// scanField finds the parts of a field line. Trailers have the same lines.
func scanField(b []byte, i int) (next int, f field, status int) {
	start := i
	i = wordEnd(b, i)
	for i < len(b) && charOf[b[i]]&isToken != 0 {
		i++
	}
	if i == len(b) {
		return 0, f, partial
	}
	if i == start || b[i] != ':' {
		return 0, f, 400
	}
	f.name = span{uint16(start), uint16(i)}
	i++
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	end := valueEnd(b, i)
	if end == len(b) {
		return 0, f, partial
	}
	if b[end] != '\r' {
		return 0, f, 400
	}
	if end+1 == len(b) {
		return 0, f, partial
	}
	if b[end+1] != '\n' {
		return 0, f, 400
	}
	next = end + 2
	for end > i && (b[end-1] == ' ' || b[end-1] == '\t') {
		end--
	}
	f.value = span{uint16(i), uint16(end)}
	return next, f, complete
}
