package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// A load is a set of connections that ask one server for one task, each again
// as soon as it has its answer. Requests are bytes made once, and of an answer
// only its status and its length are looked at, so that the client needs less
// of the machine than the server does.
type load struct{ conns []*client }

// dial opens n connections to addr.
func dial(addr string, n int, t task) (*load, error) {
	l := &load{}
	for range n {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.conns = append(l.conns, &client{conn: conn, request: request(t), buffer: make([]byte, 8<<10)})
	}
	return l, nil
}

// request is what a client without a browser's many fields sends.
func request(t task) []byte {
	return []byte("GET " + t.path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
}

// run keeps all connections busy for a time, lets the requests that are on
// their way be answered, and returns how many were.
func (l *load) run(d time.Duration) (requests int, err error) {
	var over atomic.Bool
	defer time.AfterFunc(d, func() { over.Store(true) }).Stop()
	counts := make([]int, len(l.conns))
	problems := make([]error, len(l.conns))
	var all sync.WaitGroup
	for i, c := range l.conns {
		all.Go(func() {
			problems[i] = c.conn.SetDeadline(time.Now().Add(d + patience))
			for problems[i] == nil && !over.Load() {
				_, problems[i] = c.ask()
				counts[i]++
			}
		})
	}
	all.Wait()
	for _, n := range counts {
		requests += n
	}
	return requests, errors.Join(problems...)
}

// patience is how long a server may take for its last answers.
const patience = 10 * time.Second

func (l *load) close() error {
	var problems []error
	for _, c := range l.conns {
		problems = append(problems, c.conn.Close())
	}
	return errors.Join(problems...)
}

// A client is one connection.
type client struct {
	conn    net.Conn
	request []byte
	buffer  []byte
}

var (
	statusOK      = []byte("HTTP/1.1 200 ")
	lengthField   = []byte("\r\nContent-Length: ")
	endOfHead     = []byte("\r\n\r\n")
	errLength     = errors.New("answer without Content-Length")
	errAnswerSize = errors.New("answer does not fit into the buffer, or more came than was announced")
)

// ask sends the request and returns the whole answer, which is good until the
// next call.
func (c *client) ask() ([]byte, error) {
	if _, err := c.conn.Write(c.request); err != nil {
		return nil, err
	}
	have, want := 0, 0
	for want == 0 || have < want {
		if have == len(c.buffer) {
			return nil, errAnswerSize
		}
		n, err := c.conn.Read(c.buffer[have:])
		if err != nil {
			return nil, err
		}
		have += n
		if want == 0 {
			if want, err = answerSize(c.buffer[:have]); err != nil {
				return nil, err
			}
		}
	}
	if have > want {
		return nil, errAnswerSize
	}
	return c.buffer[:have], nil
}

// answerSize returns the size of the answer that b begins with, 0 as long as
// its head is not complete.
func answerSize(b []byte) (int, error) {
	end := bytes.Index(b, endOfHead)
	if end < 0 {
		return 0, nil
	}
	if !bytes.HasPrefix(b, statusOK) {
		return 0, fmt.Errorf("got answer %q, want status 200", b)
	}
	at := bytes.Index(b[:end], lengthField)
	if at < 0 {
		return 0, errLength
	}
	digits, _, _ := bytes.Cut(b[at+len(lengthField):end], []byte("\r\n"))
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 0, fmt.Errorf("read Content-Length: %w", err)
	}
	return end + len(endOfHead) + n, nil
}
