package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// A client is one connection. It is used by one goroutine.
type client struct {
	fd      int
	request []byte
	answers int    // that a request brings
	open    int    // that have not come yet
	shared  []byte // what is read into
	part    []byte // of an answer that has not come whole
	first   []byte // nil: the next answer is kept here
}

var (
	errClosed     = errors.New("the server has closed the connection")
	errMore       = errors.New("more came than was asked for")
	errAnswerSize = errors.New("an answer does not fit into the buffer")
	errLength     = errors.New("answer with neither Content-Length nor chunks")
	errChunk      = errors.New("answer with a malformed chunk")
)

// send writes the request; nothing else may be open.
func (c *client) send() error {
	c.open = c.answers
	n, err := writeConn(c.fd, c.request)
	if err == nil && n < len(c.request) {
		return fmt.Errorf("wrote %d of %d bytes: the server does not read", n, len(c.request))
	}
	return err
}

// receive reads once what is there and returns how many answers are complete
// with it.
func (c *client) receive() (n int, err error) {
	have := copy(c.shared, c.part)
	if have == len(c.shared) {
		return 0, errAnswerSize
	}
	read, err := readConn(c.fd, c.shared[have:])
	switch {
	case err != nil:
		return 0, err
	case read < 0: // nothing is there yet
		return 0, nil
	case read == 0:
		return 0, errClosed
	}
	rest := c.shared[:have+read]
	for len(rest) > 0 {
		size, err := answerSize(rest)
		if err != nil {
			return n, err
		}
		if size == 0 || size > len(rest) {
			break
		}
		if c.open == 0 {
			return n, errMore
		}
		if c.first == nil {
			c.first = bytes.Clone(rest[:size])
		}
		c.open--
		n++
		rest = rest[size:]
	}
	c.part = append(c.part[:0], rest...)
	return n, nil
}

var (
	statusOK    = []byte("HTTP/1.1 200 ")
	lengthField = []byte("\r\nContent-Length: ")
	chunkField  = []byte("\r\nTransfer-Encoding: chunked")
	endOfHead   = []byte("\r\n\r\n")
	endOfLine   = []byte("\r\n")
)

// answerSize returns the size of the answer that b begins with, 0 as long as
// too little has come to tell.
func answerSize(b []byte) (int, error) {
	end := bytes.Index(b, endOfHead)
	if end < 0 {
		return 0, nil
	}
	if !bytes.HasPrefix(b, statusOK) {
		return 0, fmt.Errorf("got answer %q, want status 200", b)
	}
	body := end + len(endOfHead)
	at := bytes.Index(b[:end], lengthField)
	if at < 0 {
		if !bytes.Contains(b[:end], chunkField) {
			return 0, errLength
		}
		return chunksSize(b, body)
	}
	digits, _, _ := bytes.Cut(b[at+len(lengthField):end], endOfLine)
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 0, fmt.Errorf("read Content-Length: %w", err)
	}
	return body + n, nil
}

// chunksSize returns where the chunks that begin at b[at:] end, 0 as long as
// they have not all come.
func chunksSize(b []byte, at int) (int, error) {
	for {
		digits, _, ok := bytes.Cut(b[min(at, len(b)):], endOfLine)
		if !ok {
			return 0, nil
		}
		n, err := strconv.ParseUint(string(digits), 16, 31)
		if err != nil {
			return 0, errChunk
		}
		at += len(digits) + len(endOfLine) + int(n) + len(endOfLine)
		switch {
		case at > len(b):
			return 0, nil
		case !bytes.Equal(b[at-2:at], endOfLine):
			return 0, errChunk
		case n == 0:
			return at, nil
		}
	}
}
