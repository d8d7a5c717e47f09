package main

import (
	"errors"
	"fmt"
	"time"
)

// A load is a set of connections that ask one server for one task, each again
// as soon as it has its answer. One thread serves all of them, by epoll: it
// needs less of the machine than the fastest of the servers does. Requests are
// bytes made once, and of an answer only its status and its end are looked at.
type load struct {
	poll  *poll
	conns []*client
}

// dial opens n connections to addr.
func dial(addr string, n int, t task) (*load, error) {
	p, err := newPoll()
	if err != nil {
		return nil, err
	}
	l := &load{poll: p}
	request, buffer := t.request(), make([]byte, 256<<10)
	for range n {
		fd, err := p.dial(addr, len(l.conns))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open connection %d: %w", len(l.conns)+1, err), l.close())
		}
		l.conns = append(l.conns, &client{fd: fd, request: request, answers: t.answers(), shared: buffer})
	}
	return l, nil
}

// patience is how long a server may take for its last answers.
const patience = 10 * time.Second

// run keeps all connections busy for a time, lets the requests that are on
// their way be answered, and returns how many were.
func (l *load) run(d time.Duration) (requests int, err error) {
	defer useCore(clientCore)()
	for _, c := range l.conns {
		if err := c.send(); err != nil {
			return 0, err
		}
	}
	begin := time.Now()
	for busy := len(l.conns); busy > 0; {
		ready, err := l.poll.wait()
		if err != nil {
			return requests, err
		}
		took := time.Since(begin)
		if took > d+patience {
			return requests, fmt.Errorf("%d of %d connections still wait for an answer after %v", busy, len(l.conns), patience)
		}
		for i := range ready {
			c := l.conns[l.poll.index(i)]
			n, err := c.receive()
			if err != nil {
				return requests, err
			}
			requests += n
			switch {
			case c.open > 0:
			case took >= d:
				busy--
			default:
				if err := c.send(); err != nil {
					return requests, err
				}
			}
		}
	}
	return requests, nil
}

// once sends the request on each connection in turn, and returns the first
// answer that the last one got.
func (l *load) once() ([]byte, error) {
	for _, c := range l.conns {
		c.first = nil
		if err := c.send(); err != nil {
			return nil, err
		}
		for end := time.Now().Add(patience); c.open > 0; {
			if time.Now().After(end) {
				return nil, fmt.Errorf("no answer after %v", patience)
			}
			if _, err := l.poll.wait(); err != nil {
				return nil, err
			}
			if _, err := c.receive(); err != nil {
				return nil, err
			}
		}
	}
	return l.conns[len(l.conns)-1].first, nil
}

func (l *load) close() error {
	var problems []error
	for _, c := range l.conns {
		problems = append(problems, closeConn(c.fd))
	}
	return errors.Join(append(problems, l.poll.close())...)
}
