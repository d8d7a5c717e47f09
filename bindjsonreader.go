package ashlar

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
)

// A jsonReader reads bodies, one after the other, and decodes them with one
// json.Decoder, to which they are values in a stream: so both keep their
// memory. A value that was decoded shares none of it.
type jsonReader struct {
	body    []byte // the whole of it
	next    []byte // what the decoder has not got yet
	fed     int64  // bytes that it has got in all
	decoder *json.Decoder
}

// jsonKept bounds the body that a jsonReader makes room for before it has come,
// and the memory that it keeps for the next one.
const jsonKept = 64 << 10

func newJSONReader() *jsonReader {
	r := &jsonReader{}
	r.decoder = json.NewDecoder((*jsonFeed)(r))
	r.decoder.DisallowUnknownFields()
	return r
}

// load reads a body to its end. Its length is -1 when that is not known.
func (r *jsonReader) load(src io.Reader, length int64) error {
	b := slices.Grow(r.body[:0], int(min(max(length, bytes.MinRead), jsonKept))+1)
	for {
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err != nil {
			r.body = b
			if err == io.EOF {
				return nil
			}
			return err
		}
		if len(b) == cap(b) {
			b = slices.Grow(b, 1)
		}
	}
}

// decode decodes the body, which was checked to be one JSON value.
func (r *jsonReader) decode(v any) error {
	r.next = bytes.TrimRight(r.body, " \t\r\n")
	return r.decoder.Decode(v)
}

// reusable reports whether another body may follow: the decoder must have taken
// this one to its last byte, so that no part of it is left for the next request.
func (r *jsonReader) reusable() bool {
	return len(r.next) == 0 && r.decoder.InputOffset() == r.fed && cap(r.body) <= 2*jsonKept
}

// jsonFeed is a jsonReader as its decoder sees it.
type jsonFeed jsonReader

func (f *jsonFeed) Read(p []byte) (int, error) {
	n := copy(p, f.next)
	f.next, f.fed = f.next[n:], f.fed+int64(n)
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
