package httpd

import (
	"bytes"
	"fmt"
	"net/http"
)

// chunks is what a chunked body needs besides its bytes.
type chunks struct {
	open    bool // the CRLF behind a chunk's data has not been read
	surplus int64
	trailer http.Header
}

const (
	// longestChunkLine bounds a chunk's size and extensions.
	longestChunkLine = 256

	// mostSurplus bounds the framing of a body whose chunks are tiny and whose
	// extensions are long: it would cost far more to read than it says.
	mostSurplus = 16 << 10
)

func malformed(what string) error { return fmt.Errorf("%w %s", ErrMalformed, what) }

// size reads the line in front of a chunk's data.
func (k *chunks) size(b *body) (int64, error) {
	if k.open {
		if _, err := b.line(0); err != nil {
			return 0, err
		}
		b.consume(2)
	}
	line, err := b.line(longestChunkLine)
	if err != nil {
		return 0, err
	}
	n, ok := chunkSize(line)
	if !ok {
		return 0, malformed("chunk size")
	}
	k.surplus = max(0, k.surplus+int64(len(line))+2-16-2*n)
	if k.surplus > mostSurplus {
		return 0, malformed("chunks: more around them than in them")
	}
	b.consume(len(line) + 2)
	k.open = true
	return n, nil
}

// chunkSize parses chunk-size [ chunk-ext ] without its CRLF. Extensions are
// ignored, as RFC 9112 section 7.1.1 asks, but have to be text, without spaces
// in front.
func chunkSize(line []byte) (int64, bool) {
	const longest = 15 // hexadecimal digits, so that the size fits an int64
	var n int64
	i := 0
	for i < len(line) && charOf[line[i]]&isHex != 0 {
		if i == longest {
			return 0, false
		}
		n = n<<4 | int64(unhex(line[i]))
		i++
	}
	if i == 0 || i == len(line) {
		return n, i > 0
	}
	return n, line[i] == ';' && valueEnd(line, i) == len(line)
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// end reads the trailer and the empty line that end the body.
func (k *chunks) end(b *body) error {
	limits := &b.x.conn.srv.limits
	for size, count := 0, 0; ; count++ {
		line, err := b.line(max(0, limits.head-size))
		if err != nil {
			return err
		}
		if len(line) == 0 {
			b.consume(2)
			giveTrailer(b.x.request, k.trailer)
			return nil
		}
		if size += len(line) + 2; count == limits.fields {
			return malformed("trailer: too many fields")
		}
		whole := b.x.conn.space.unread()[:len(line)+2]
		_, f, status := scanField(whole, 0)
		if status != complete {
			return malformed("trailer field")
		}
		k.keep(canonical(string(f.name.of(whole))), string(f.value.of(whole)))
		b.consume(len(whole))
	}
}

// keep takes a trailer field, but for those that would change what the request
// is (RFC 9110 section 6.5.1).
func (k *chunks) keep(name, value string) {
	if forbiddenTrailer(name) {
		return
	}
	if k.trailer == nil {
		k.trailer = http.Header{}
	}
	k.trailer[name] = append(k.trailer[name], value)
}

func forbiddenTrailer(name string) bool {
	switch name {
	case "Transfer-Encoding", "Content-Length", "Trailer", "Host", "Connection", "Authorization",
		"Content-Encoding", "Content-Type", "Content-Range", "Cookie", "Expect", "Te", "Upgrade":
		return true
	}
	return false
}

// line returns the next line, without its CRLF and still to be consumed. It
// has at most longest bytes.
func (b *body) line(longest int) ([]byte, error) {
	s := b.x.conn.space
	for {
		in := s.unread()
		i := bytes.IndexByte(in, '\n')
		switch {
		case i == 0 || i > longest+1 || i > 0 && in[i-1] != '\r':
			return nil, malformed("line")
		case i > 0:
			return in[:i-1], nil
		case len(in) > longest+1:
			return nil, malformed("line: too long")
		}
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
}

func (b *body) consume(n int) { b.x.conn.space.r += n }
