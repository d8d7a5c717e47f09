package httpd

import (
	"encoding/binary"
	"strings"
)

// What head.parse says besides the status of a refusal.
const (
	complete = 0
	partial  = -1
)

// A head is the shape of a request's head: where its parts begin and end, as
// offsets into the bytes that were parsed, and what they mean for the
// connection. It is filled in one pass, and is used again for the next request.
//
// What a client says in its fields is mostly what it said in the request before
// (HTTP/2 compresses by that). So a head keeps what it found there, and looks at
// the field lines again only if a byte of them is another one.
type head struct {
	parts
	framing
	line   int    // bytes of the request line
	table  []byte // where the fields are; see field.append
	before before
}

// parts are what an Exchange knows of its head.
type parts struct {
	fields   uint16 // how many
	block    uint16 // bytes of the field lines, with the empty line at the end
	host     span   // among the field lines, or in the request line: absolute
	target   span   // this and path in the request line
	path     span
	minor    byte // of the version: 0 or 1
	plain    bool // the path holds nothing that URL encoding would touch
	hasQuery bool // it stands between path and the end of target
	absolute bool // the target is
}

// before are the field lines of the request before.
type before struct {
	text    string // and the table behind them; "" if they have not been kept
	fields  uint16
	block   uint16
	host    span
	framing framing
}

// framing is what the head says about the rest of the request and the
// connection.
type framing struct {
	length     int64 // of the body; -1: none was said
	hosts      int
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
	h.parts, h.framing = parts{}, framing{length: -1}
	if len(b) > lim.head {
		b = b[:lim.head]
	}
	var status int
	if h.line, status = h.requestLine(b, lim); status != complete {
		return status
	}
	if rest := b[h.line:]; !h.asBefore(rest) {
		if status = h.fieldLines(rest, lim); status != complete {
			return status
		}
	}
	return h.settle(b)
}

// asBefore reports whether b begins with the field lines of the request before,
// and takes over what these say: it depends on nothing but their bytes.
func (h *head) asBefore(b []byte) bool {
	k := &h.before
	n := int(k.block)
	if k.text == "" || len(b) < n || string(b[:n]) != k.text[:n] {
		k.text = ""
		return false
	}
	h.fields, h.block, h.host, h.framing = k.fields, k.block, k.host, k.framing
	return true
}

// fieldLines parses the field lines at the beginning of b, and the empty line
// behind them.
func (h *head) fieldLines(b []byte, lim *limits) int {
	h.table = h.table[:0]
	i, status := 0, complete
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
			h.block = uint16(i + 2)
			h.before = before{"", h.fields, h.block, h.host, h.framing}
			return complete
		}
		if int(h.fields) == lim.fields {
			return 431
		}
		i, status = h.fieldLine(b, i)
	}
	return status
}

// take returns copies of the request line and of the field lines with their
// table behind them, from b, the head that was parsed: the one copy that all
// strings of an Exchange are parts of. Field lines that were kept need none.
// The table goes with them, as bytes, so that all this is memory that the
// collector need not look into.
func (h *head) take(b []byte) (line, fields string) {
	k := &h.before
	if k.text != "" {
		return string(b[:h.line]), k.text
	}
	var all strings.Builder
	all.Grow(h.size() + len(h.table))
	all.Write(b[:h.size()])
	all.Write(h.table)
	text := all.String()
	k.text = text[h.line:]
	return text[:h.line], k.text
}

// size returns how many bytes the head has.
func (h *head) size() int { return h.line + int(h.block) }

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
