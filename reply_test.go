package ashlar_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// lateText is encoded when its channel is closed.
type lateText struct{ when, done chan struct{} }

func (l lateText) MarshalJSON() ([]byte, error) {
	<-l.when
	return []byte(`"late"`), nil
}

// Answering is for the goroutine that serves the request. One that does so when
// its handler has returned must at least not write into what another request
// answers.
func TestLateAnswerStaysOutOfOthers(t *testing.T) {
	t.Parallel()
	late := lateText{make(chan struct{}), make(chan struct{})}
	begun := make(chan struct{})
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/first", func(c *ashlar.Ctx) error {
			if err := c.Text("first"); err != nil { // so that there is a buffer
				return err
			}
			go func() {
				defer close(late.done)
				_ = c.JSON(begins{late, begun})
			}()
			<-begun
			return nil
		})
		a.Get("/second", func(c *ashlar.Ctx) error {
			err := c.Text("second")
			close(late.when)
			<-late.done
			return err
		})
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	srv := &httpd.Server{Handler: app}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	want.NoErr(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET /first HTTP/1.1\r\nHost: localhost\r\n\r\nGET /second HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	want.NoErr(t, err)
	got, err := io.ReadAll(conn)
	want.NoErr(t, err)
	want.Equal(t, strings.HasSuffix(string(got), "\r\n\r\nsecond"), true)
	want.NoErr(t, srv.Close())
	<-ended
}

// begins says when it is being encoded.
type begins struct {
	lateText
	begun chan struct{}
}

func (b begins) MarshalJSON() ([]byte, error) {
	close(b.begun)
	return b.lateText.MarshalJSON()
}
