package ashlar_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// announced is a log that hands on the URL at which an app listens.
type announced struct{ url chan string }

var urlInLog = regexp.MustCompile(`msg=listening .*url=(\S+)`)

func (a announced) Write(p []byte) (int, error) {
	if m := urlInLog.FindSubmatch(p); m != nil {
		a.url <- string(m[1])
	}
	return len(p), nil
}

// serving runs `serve` and returns the URL, and a function that stops it and
// returns how it ended.
func serving(t *testing.T, cfg ashlar.Config, register func(*ashlar.App)) (url string, stop func(), ended <-chan error) {
	t.Helper()
	log := announced{make(chan string, 1)}
	cfg.Log, cfg.LookupEnv = slog.New(slog.NewTextHandler(log, nil)), environment()
	if cfg.Addr == "" {
		cfg.Addr = "127.0.0.1:0"
	}
	app := ashlar.New(cfg)
	if register != nil {
		register(app)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx, []string{"serve"}, io.Discard) }()
	select {
	case url = <-log.url:
	case err := <-done:
		t.Fatalf("got an end instead of a server: %v", err)
	}
	return strings.Replace(url, "localhost", "127.0.0.1", 1), cancel, done
}

func TestServeLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	url, stop, ended := serving(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/slow", func(c *ashlar.Ctx) error {
			close(entered)
			<-release
			if err := c.Err(); err != nil {
				return err
			}
			return c.Text("in time")
		})
	})
	got := make(chan string, 1)
	go func() {
		res, err := http.Get(url + "/slow") //nolint:noctx // ends with the server
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		got <- string(b)
	}()
	<-entered
	stop()
	untilRefused(strings.TrimPrefix(url, "http://"))
	close(release)
	want.Equal(t, <-got, "in time")
	want.NoErr(t, <-ended)
}

func TestServeCutsOffWhatDoesNotFinish(t *testing.T) {
	t.Parallel()
	certFile, keyFile, pool := certificate(t)
	for name, cfg := range map[string]ashlar.Config{"HTTP/1.1": {}, "HTTP/2": {TLSCert: certFile, TLSKey: keyFile}} {
		entered := make(chan struct{})
		cfg.DrainTimeout = 20 * time.Millisecond
		url, stop, ended := serving(t, cfg, func(a *ashlar.App) {
			a.Get("/stuck", func(c *ashlar.Ctx) error {
				close(entered)
				<-c.Done()
				return c.Err()
			})
		})
		failed := make(chan error, 1)
		go func() {
			res, err := client(t, pool, true).Get(url + "/stuck")
			if err == nil {
				res.Body.Close()
			}
			failed <- err
		}()
		<-entered
		stop()
		want.NoErr(t, <-ended)
		if err := <-failed; err == nil {
			t.Errorf("%s: got an answer to a request that was cut off", name)
		}
	}
}

// A stop lets the requests of both protocols finish, ends the connections that
// wait for one, and leaves nothing behind.
func TestStopEndsBothProtocols(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			stopsBothProtocols(t, engine)
		})
	}
}

func stopsBothProtocols(t *testing.T, engine string) {
	certFile, keyFile, pool := certificate(t)
	var entered sync.WaitGroup
	release := make(chan struct{})
	var url string
	var stop func()
	var ended <-chan error
	labels := pprof.Labels("app", t.Name())
	pprof.Do(t.Context(), labels, func(context.Context) { // all goroutines of the app have the label
		cfg := ashlar.Config{Engine: engine, TLSCert: certFile, TLSKey: keyFile}
		url, stop, ended = serving(t, cfg, func(a *ashlar.App) {
			a.Get("/", func(c *ashlar.Ctx) error { return c.Text("at once") })
			a.Get("/slow", func(c *ashlar.Ctx) error {
				entered.Done()
				<-release
				if err := c.Err(); err != nil {
					return err
				}
				return c.Text("in time")
			})
		})
	})
	ask := func(path string, h2 bool) string {
		res, err := client(t, pool, h2).Get(url + path)
		if err != nil {
			return err.Error()
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return fmt.Sprint(string(b), " by ", res.Proto)
	}
	want.Equal(t, ask("/", false), "at once by HTTP/1.1") // their connections stay, idle
	want.Equal(t, ask("/", true), "at once by HTTP/2.0")
	first, second := make(chan string, 1), make(chan string, 1)
	entered.Add(2)
	go func() { first <- ask("/slow", false) }()
	go func() { second <- ask("/slow", true) }()
	entered.Wait()
	stop()
	untilRefused(strings.TrimPrefix(url, "https://"))
	close(release)
	want.Equal(t, <-first, "in time by HTTP/1.1")
	want.Equal(t, <-second, "in time by HTTP/2.0")
	want.NoErr(t, <-ended)
	untilGone(t, t.Name())
}

// untilRefused returns when nobody listens at addr any more.
func untilRefused(addr string) {
	for {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		conn.Close()
	}
}

// untilGone returns when no goroutine has the label app any more.
func untilGone(t *testing.T, app string) {
	t.Helper()
	for late := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		var all strings.Builder
		want.NoErr(t, pprof.Lookup("goroutine").WriteTo(&all, 1))
		if !strings.Contains(all.String(), app) {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("got goroutines that outlive their app:\n%s", &all)
		}
	}
}

func TestServeOnATakenPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	defer l.Close()
	var d diary
	for addr, parts := range map[string][]string{
		l.Addr().String():  {"listen on " + l.Addr().String(), "address already in use", "another program listens there", "ASHLAR_ADDR", "--addr"},
		"192.0.2.1:8080":   {"listen on 192.0.2.1:8080", "an address of this machine"},
		"localhost:tricks": {"listen on localhost:tricks"},
	} {
		app := ashlar.New(ashlar.Config{Addr: addr, LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)}, noting(&d, "a", nil))
		err := app.Run(t.Context(), nil, io.Discard)
		if err == nil {
			t.Fatalf("%s: got no error", addr)
		}
		want.Contains(t, err.Error(), parts...)
		want.Equal(t, strings.Count(err.Error(), "\n"), 0)
		if !strings.HasSuffix(d.String(), "stop a") {
			t.Errorf("%s: got %s, want what was started to be stopped", addr, d.String())
		}
	}
}

// certificate writes a new key and a certificate for 127.0.0.1 to files.
func certificate(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	want.NoErr(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	want.NoErr(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	want.NoErr(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	want.NoErr(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	want.NoErr(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	parsed, err := x509.ParseCertificate(cert)
	want.NoErr(t, err)
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return certFile, keyFile, pool
}

func TestServeTLS(t *testing.T) {
	t.Parallel()
	certFile, keyFile, pool := certificate(t)
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	want.NoErr(t, err)
	for name, cfg := range map[string]ashlar.Config{
		"own, files":  {TLSCert: certFile, TLSKey: keyFile},
		"own, config": {TLS: &tls.Config{Certificates: []tls.Certificate{pair}}},
		"std, files":  {Engine: "std", TLSCert: certFile, TLSKey: keyFile},
		"std, config": {Engine: "std", TLS: &tls.Config{Certificates: []tls.Certificate{pair}}},
	} {
		url, stop, ended := serving(t, cfg, func(a *ashlar.App) {
			a.Get("/", func(c *ashlar.Ctx) error {
				return c.Text(fmt.Sprint(c.Request().Proto, " ", c.IsSecure(), " ", c.CSRFToken() != ""))
			})
		})
		for _, proto := range []string{"HTTP/2.0", "HTTP/1.1"} {
			visitor := client(t, pool, proto == "HTTP/2.0")
			res, err := visitor.Get(url)
			want.NoErr(t, err)
			want.Equal(t, read(t, res.Body), proto+" true true")
			want.Equal(t, res.Cookies()[0].Name, "__Host-csrf")
			res.Body.Close()
			visitor.CloseIdleConnections()
		}
		_, err := tls.Dial("tcp", strings.TrimPrefix(url, "https://"), &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS11})
		if err == nil {
			t.Errorf("%s: got a connection by TLS 1.1", name)
		}
		res, err := http.Get(strings.Replace(url, "https", "http", 1)) //nolint:noctx // answered at once
		want.NoErr(t, err)
		want.Equal(t, res.StatusCode, 400) // no TLS, no site
		res.Body.Close()
		stop()
		want.NoErr(t, <-ended)
	}
}

// The protocols of a TLS configuration are those that are offered, and it
// stays as its owner made it.
func TestTLSConfigIsHonoured(t *testing.T) {
	t.Parallel()
	certFile, keyFile, pool := certificate(t)
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	want.NoErr(t, err)
	const challenge = "acme-tls/1"
	for _, engine := range engines {
		for _, tt := range []struct {
			offered, asked []string
			want           string
		}{
			{nil, []string{"h2", "http/1.1"}, "h2"},
			{nil, []string{"http/1.1"}, "http/1.1"},
			{nil, nil, ""},
			{[]string{"http/1.1"}, []string{"h2", "http/1.1"}, "http/1.1"},
			{[]string{"http/1.1", "h2"}, []string{"h2", "http/1.1"}, "http/1.1"},
			{[]string{"h2"}, []string{"h2", "http/1.1"}, "h2"},
			{[]string{"h2", "http/1.1", challenge}, []string{challenge}, challenge},
		} {
			given := &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: tt.offered}
			url, stop, ended := serving(t, ashlar.Config{Engine: engine, TLS: given}, nil)
			conn, err := tls.Dial("tcp", strings.TrimPrefix(url, "https://"), &tls.Config{RootCAs: pool, NextProtos: tt.asked})
			want.NoErr(t, err)
			want.Equal(t, conn.ConnectionState().NegotiatedProtocol, tt.want)
			if tt.want == challenge { // it ends with the handshake
				_, err := conn.Read(make([]byte, 1))
				want.Err(t, err, io.EOF)
			}
			conn.Close()
			stop()
			want.NoErr(t, <-ended)
			want.Equal(t, given.NextProtos, tt.offered)
			want.Equal(t, given.MinVersion, uint16(0))
		}
	}
}

// What is wrong with a certificate is said before anybody can connect.
func TestCertificateProblems(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // a server that got so far would tell of this
	want.NoErr(t, err)
	defer l.Close()
	certFile, keyFile, _ := certificate(t)
	_, otherKey, _ := certificate(t)
	missing := filepath.Join(t.TempDir(), "none.pem")
	for _, tt := range []struct {
		cfg  ashlar.Config
		want []string
	}{
		{ashlar.Config{TLSCert: missing, TLSKey: keyFile}, []string{"tls_cert: open " + missing, "no such file", "chain"}},
		{ashlar.Config{TLSCert: certFile, TLSKey: missing}, []string{"tls_key: open " + missing, "no such file", "certificate's key"}},
		{ashlar.Config{TLSCert: certFile, TLSKey: otherKey}, []string{certFile, otherKey, "does not match", "made for"}},
		{ashlar.Config{TLSCert: keyFile, TLSKey: certFile}, []string{keyFile, "PEM"}},
		{ashlar.Config{TLS: &tls.Config{}}, []string{"Config.TLS has none", "GetCertificate", "tls_cert"}},
	} {
		for _, engine := range engines {
			tt.cfg.Engine, tt.cfg.Addr = engine, l.Addr().String()
			tt.cfg.LookupEnv, tt.cfg.Log = environment(), slog.New(slog.DiscardHandler)
			err := ashlar.New(tt.cfg).Run(t.Context(), nil, io.Discard)
			if err == nil {
				t.Fatalf("got no error, want one with %q", tt.want)
			}
			want.Contains(t, err.Error(), tt.want...)
		}
	}
	// The files fill a configuration that has no certificate itself.
	_, stop, ended := serving(t, ashlar.Config{TLS: &tls.Config{MinVersion: tls.VersionTLS13}, TLSCert: certFile, TLSKey: keyFile}, nil)
	stop()
	want.NoErr(t, <-ended)
}

// A configuration that HTTP/2 cannot work with ends the app, rather than
// serving half of what it promises.
func TestTLSConfigWithoutHTTP2sCiphers(t *testing.T) {
	t.Parallel()
	certFile, keyFile, _ := certificate(t)
	for _, engine := range engines {
		cfg := ashlar.Config{Engine: engine, Addr: "127.0.0.1:0", TLSCert: certFile, TLSKey: keyFile,
			TLS:       &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}},
			LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)}
		err := ashlar.New(cfg).Run(t.Context(), nil, io.Discard)
		if err == nil {
			t.Fatalf("%s: got no error", engine)
		}
		want.Contains(t, err.Error(), "serve: ", "CipherSuites")
	}
}

func TestPortReplacesThatOfAddr(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{"localhost:1": "localhost:", "127.0.0.1:1": "127.0.0.1:", "[::1]:1": "[::1]:", ":1": ":", "": "localhost:"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		taken := l.Addr().(*net.TCPAddr).Port
		six, err := net.Listen("tcp", fmt.Sprintf("[::1]:%d", taken))
		if err != nil {
			l.Close()
			t.Skipf("this machine has no IPv6: %v", err)
		}
		app := ashlar.New(ashlar.Config{Addr: addr, LookupEnv: environment(fmt.Sprint("PORT=", taken)), Log: slog.New(slog.DiscardHandler)})
		err = app.Run(t.Context(), nil, io.Discard)
		if prefix := fmt.Sprint("listen on ", want, taken, ":"); err == nil || !strings.HasPrefix(err.Error(), prefix) {
			t.Errorf("%q: got %v, want %s …", addr, err, prefix)
		}
		l.Close()
		six.Close()
	}
}
