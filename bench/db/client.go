package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// A client is one connection that asks for one thing at a time. It allocates
// nothing: what is counted in this process is the server's.
type client struct {
	addr string
	last time.Time // when it was used
	conn net.Conn
	in   *bufio.Reader
	body []byte // of the last answer
}

func dial(addr string) (*client, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{addr, time.Now(), c, bufio.NewReaderSize(c, 16<<10), make([]byte, 0, 16<<10)}, nil
}

// maxIdle is shorter than any server here keeps a connection that is not used.
const maxIdle = 5 * time.Second

// refresh makes a new connection in the place of one that was not used for a
// while: the server may have closed it.
func (c *client) refresh() error {
	if time.Since(c.last) < maxIdle {
		return nil
	}
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		return err
	}
	_ = c.conn.Close() // of no more use
	c.conn, c.last = conn, time.Now()
	c.in.Reset(conn)
	return nil
}

// A request is what a client sends.
type request []byte

func requestFor(path string) request {
	return request("GET " + path + " HTTP/1.1\r\nHost: films.example\r\nAccept: */*\r\n\r\n")
}

var (
	statusOK    = []byte("HTTP/1.1 200 ")
	lengthField = []byte("Content-Length: ")
	errLength   = errors.New("answer without Content-Length")
)

// ask sends a request and reads the answer, which stays in c.body.
func (c *client) ask(r request) error {
	c.last = time.Now()
	if err := c.conn.SetDeadline(c.last.Add(time.Minute)); err != nil {
		return err
	}
	if _, err := c.conn.Write(r); err != nil {
		return err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	ok, size := bytes.HasPrefix(status, statusOK), -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if digits, found := bytes.CutPrefix(line, lengthField); found {
			if size, err = strconv.Atoi(string(bytes.TrimSpace(digits))); err != nil {
				return err
			}
		}
	}
	if size < 0 || size > cap(c.body) {
		return errLength
	}
	c.body = c.body[:size]
	if _, err := io.ReadFull(c.in, c.body); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("got an answer other than 200: %s", c.body)
	}
	return nil
}

func (c *client) close() error { return c.conn.Close() }
