package httpd_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// upgrade takes connections over as websocket libraries do: it sends the 101
// either through WriteHeader or itself, and finds what the client had sent
// ahead in the reader's buffer. Then it echoes lines.
func upgrade(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		byHand := r.URL.Path == "/by-hand"
		if !byHand {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "echo")
			w.WriteHeader(http.StatusSwitchingProtocols)
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("hijack: got error %v", err)
			return
		}
		defer conn.Close()
		if byHand {
			_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			_ = rw.Flush()
		}
		ahead, _ := rw.Peek(rw.Reader.Buffered())
		want.Equal(t, string(ahead), map[bool]string{true: "ahead\n", false: ""}[strings.HasPrefix(r.URL.RawQuery, "ahead")])
		for {
			line, err := rw.ReadString('\n')
			if err != nil {
				return
			}
			_, _ = rw.WriteString(strings.ToUpper(line))
			_ = rw.Flush()
		}
	}
}

// talkUpgraded upgrades a connection to addr and exchanges lines.
func talkUpgraded(t *testing.T, addr, target string) {
	t.Helper()
	c := dial(t, addr)
	request := "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
	if strings.Contains(target, "ahead") {
		request += "ahead\n"
	}
	_, _ = io.WriteString(c, request)
	in := bufio.NewReader(c)
	res, err := http.ReadResponse(in, nil)
	want.NoErr(t, err)
	want.Equal(t, res.StatusCode, 101)
	want.Equal(t, res.Header.Get("Upgrade"), "echo")
	want.Equal(t, res.Header.Get("Connection"), "Upgrade")
	if strings.Contains(target, "ahead") {
		line, err := in.ReadString('\n')
		want.NoErr(t, err)
		want.Equal(t, line, "AHEAD\n")
	}
	for range 3 {
		_, _ = io.WriteString(c, "again\n")
		line, err := in.ReadString('\n')
		want.NoErr(t, err)
		want.Equal(t, line, "AGAIN\n")
	}
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, upgrade(t), httpd.Config{})
	for _, target := range []string{"/", "/?ahead", "/by-hand", "/by-hand?ahead"} {
		talkUpgraded(t, addr, target)
	}
}

// A watched context gives its byte to whoever takes the connection over.
func TestUpgradeOfWatchedConnection(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.Context().Done()
		conn, rw, err := http.NewResponseController(w).Hijack()
		want.NoErr(t, err)
		defer conn.Close()
		_, _ = io.WriteString(conn, "ready\n")
		line, err := rw.ReadString('\n')
		want.NoErr(t, err)
		_, _ = io.WriteString(conn, line)
	}), httpd.Config{})
	for range 20 {
		c := dial(t, addr)
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		_, _ = io.WriteString(c, "hello\n") // races with the watch
		got, err := io.ReadAll(c)
		want.NoErr(t, err)
		want.Equal(t, string(got), "ready\nhello\n")
	}
}

func TestUpgradeThroughReverseProxy(t *testing.T) {
	t.Parallel()
	_, behind := serve(t, upgrade(t), httpd.Config{})
	target, err := url.Parse("http://" + behind)
	want.NoErr(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	_, addr := serve(t, proxy, httpd.Config{})
	talkUpgraded(t, addr, "/")
}

// An answer that is cut off behind a proxy has to be cut off in front of it.
func TestReverseProxyPassesOnThatAnAnswerWasCutOff(t *testing.T) {
	t.Parallel()
	behind := serveStd(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	target, err := url.Parse("http://" + behind)
	want.NoErr(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorLog: log.New(io.Discard, "", 0),
	}
	_, addr := serve(t, proxy, httpd.Config{})
	res, err := http.Get("http://" + addr)
	want.NoErr(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	want.Equal(t, string(body), "half")
	want.Err(t, err, io.ErrUnexpectedEOF)
}

func TestServerSentEvents(t *testing.T) {
	t.Parallel()
	left := make(chan struct{})
	_, addr := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		w.Header().Set("Content-Type", "text/event-stream")
		next := make(chan int, 1)
		next <- 0
		for {
			select {
			case n := <-next:
				_, _ = fmt.Fprintf(w, "data: %d\n\n", n)
				want.NoErr(t, http.NewResponseController(w).Flush())
				if n < 4 {
					next <- n + 1
				}
			case <-r.Context().Done():
				return
			}
		}
	}), httpd.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+addr, nil)
	want.NoErr(t, err)
	res, err := http.DefaultClient.Do(req)
	want.NoErr(t, err)
	defer res.Body.Close()
	in := bufio.NewScanner(res.Body)
	for n := range 5 {
		in.Scan()
		want.Equal(t, in.Text(), fmt.Sprintf("data: %d", n))
		in.Scan()
	}
	cancel()
	<-left
}

func TestFullDuplex(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		want.NoErr(t, rc.EnableFullDuplex())
		in := bufio.NewReader(r.Body)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			_, _ = io.WriteString(w, "got "+line)
			want.NoErr(t, rc.Flush())
		}
	}), httpd.Config{})
	pr, pw := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+addr, pr)
	want.NoErr(t, err)
	go func() { _, _ = io.WriteString(pw, "0\n") }()
	res, err := http.DefaultClient.Do(req)
	want.NoErr(t, err)
	defer res.Body.Close()
	out := bufio.NewReader(res.Body)
	for i := range 5 {
		line, err := out.ReadString('\n')
		want.NoErr(t, err)
		want.Equal(t, line, fmt.Sprintf("got %d\n", i))
		if i < 4 {
			_, _ = fmt.Fprintf(pw, "%d\n", i+1)
		}
	}
	want.NoErr(t, pw.Close())
	_, err = out.ReadByte()
	want.Err(t, err, io.EOF)
}

// TLS: HTTP/1.1 is the engine's, HTTP/2 goes to whom Config.NextProto names,
// here net/http's server.
func TestTLS(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "%s %v", r.Proto, r.TLS != nil && r.TLS.HandshakeComplete)
	})
	outside := httptest.NewTLSServer(nil) // for its certificate and a client that trusts it
	t.Cleanup(outside.Close)
	conf := outside.TLS.Clone()
	conf.NextProtos = []string{"h2", "http/1.1"}

	second := &http.Server{Handler: h}
	handed := newPipes()
	ended := make(chan error, 1)
	go func() { ended <- second.Serve(handed) }()
	t.Cleanup(func() { _ = second.Close(); <-ended })

	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	srv := &httpd.Server{Handler: h, Config: httpd.Config{
		NextProto: map[string]func(*tls.Conn){"h2": func(c *tls.Conn) { handed.conns <- c }},
	}}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(tls.NewListener(l, conf)) }()
	t.Cleanup(func() { want.NoErr(t, srv.Close()); <-served })

	for _, proto := range []string{"HTTP/1.1", "HTTP/2.0"} {
		transport := outside.Client().Transport.(*http.Transport).Clone()
		transport.ForceAttemptHTTP2 = proto == "HTTP/2.0"
		if !transport.ForceAttemptHTTP2 {
			transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		}
		client := &http.Client{Transport: transport}
		for range 2 {
			res, err := client.Get("https://" + l.Addr().String())
			want.NoErr(t, err)
			body, err := io.ReadAll(res.Body)
			want.NoErr(t, err)
			want.NoErr(t, res.Body.Close())
			want.Equal(t, string(body), proto+" true")
		}
		client.CloseIdleConnections()
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		_ = ctx.Done()
		_, _ = io.Copy(w, r.Body)
		_, _ = io.WriteString(w, r.URL.Path)
	}), httpd.Config{})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer client.CloseIdleConnections()
	ended := make(chan string, 16)
	for g := range 16 {
		go func() {
			for i := range 50 {
				sent := strings.Repeat("x", i*100)
				path := fmt.Sprintf("/%d/%d", g, i)
				res, err := client.Post("http://"+addr+path, "text/plain", strings.NewReader(sent))
				if err != nil {
					ended <- err.Error()
					return
				}
				body, _ := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if string(body) != sent+path {
					ended <- fmt.Sprintf("got %d bytes, want those of %s", len(body), path)
					return
				}
			}
			ended <- ""
		}()
	}
	for range 16 {
		want.Equal(t, <-ended, "")
	}
}

// No goroutine of the engine is left behind a Close, whatever its connections
// were doing.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	inside := make(chan struct{}, 1)
	srv := &httpd.Server{Handler: native(func(x *httpd.Exchange) {
		inside <- struct{}{}
		<-x.Context().Done()
	})}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	for _, raw := range []string{"", "GET", "POST / HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"} {
		_, _ = io.WriteString(dial(t, l.Addr().String()), raw)
	}
	<-inside
	want.NoErr(t, srv.Close())
	want.Err(t, <-ended, http.ErrServerClosed)
	want.Err(t, srv.Serve(l), http.ErrServerClosed)
	for { // the handler has been told to return; wait for it
		buf := make([]byte, 1<<20)
		if !strings.Contains(string(buf[:runtime.Stack(buf, true)]), "httpd.(*conn).serve") {
			return
		}
		runtime.Gosched()
	}
}
