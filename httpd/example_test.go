package httpd_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
)

type greeter struct{}

// ServeExchange is the way through the engine.
func (greeter) ServeExchange(x *httpd.Exchange) {
	x.SetField("Content-Type", "text/plain")
	_ = x.Send(http.StatusOK, []byte("Hello, "+x.Query()+"!\n"))
}

// ServeHTTP is the way through any other server.
func (greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "Hello, "+r.URL.RawQuery+"!\n")
}

func ExampleServer() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := &httpd.Server{Handler: greeter{}}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()

	res, err := http.Get("http://" + l.Addr().String() + "/?World")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Print(string(body))

	fmt.Println(srv.Shutdown(context.Background()))
	fmt.Println(<-ended)
	// Output:
	// Hello, World!
	// <nil>
	// http: Server closed
}

// pages gives every page the same fields, checked and formatted once.
type pages struct{ always *httpd.Preset }

func (p pages) ServeExchange(x *httpd.Exchange) {
	x.SetDeadlines(10*time.Second, time.Minute)
	x.SetFields(p.always, []httpd.Field{{Name: "Content-Language", Value: "en"}})
	_ = x.Send(http.StatusOK, []byte("<p>Hello"))
}

func (p pages) ServeHTTP(http.ResponseWriter, *http.Request) {
	panic("not reached: there is ServeExchange")
}

func ExampleExchange_SetFields() {
	always, err := httpd.NewPreset(
		httpd.Field{Name: "Content-Type", Value: "text/html; charset=utf-8"},
		httpd.Field{Name: "X-Content-Type-Options", Value: "nosniff"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := &httpd.Server{Handler: pages{always}}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()

	res, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	for _, name := range []string{"Content-Type", "X-Content-Type-Options", "Content-Language"} {
		fmt.Println(name+":", res.Header.Get(name))
	}

	_ = srv.Close()
	<-ended
	// Output:
	// Content-Type: text/html; charset=utf-8
	// X-Content-Type-Options: nosniff
	// Content-Language: en
}
