package httpd_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

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
