package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// check asks once and returns the size of the answer, or an error when it is
// not the one that every contender has to give: fast and wrong does not count.
func (l *load) check(t task) (size int, err error) {
	raw, err := l.once()
	if err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
	if err != nil {
		return 0, err
	}
	return len(raw), t.verify(res)
}

// verify reports an answer that is not the one that t wants. Some encoders of
// JSON end the line, others do not.
func (t task) verify(res *http.Response) error {
	body, err := text(res)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("got status %d with body %.200q, want 200", res.StatusCode, body)
	}
	if got := strings.TrimSuffix(body, "\n"); got != t.answer {
		return fmt.Errorf("got body %.200q, want %.200q", got, t.answer)
	}
	if media := res.Header.Get("Content-Type"); !strings.HasPrefix(media, t.media) {
		return fmt.Errorf("got Content-Type %q, want %q", media, t.media)
	}
	if t.work != bare && res.Header.Get(idField) == "" {
		return fmt.Errorf("got no %s, want one", idField)
	}
	if t.work == stages && res.Header.Get("X-Content-Type-Options") != "nosniff" {
		return fmt.Errorf("got no X-Content-Type-Options, want nosniff")
	}
	return nil
}

// text is the answer's body, which who asks like a browser may get compressed.
func text(res *http.Response) (string, error) {
	body := io.Reader(res.Body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			return "", err
		}
		body = z
	}
	all, err := io.ReadAll(body)
	return string(all), err
}
