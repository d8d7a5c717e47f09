package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// check asks once and returns the size of the answer, or an error when it is
// not the one that every contender has to give: fast and wrong does not count.
func (l *load) check(t task) (size int, err error) {
	raw, err := l.conns[0].ask()
	if err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
	if err != nil {
		return 0, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if string(body) != t.body {
		return 0, fmt.Errorf("got body %q, want %q", body, t.body)
	}
	if media := res.Header.Get("Content-Type"); !strings.HasPrefix(media, t.media) {
		return 0, fmt.Errorf("got Content-Type %q, want %q", media, t.media)
	}
	return len(raw), nil
}
