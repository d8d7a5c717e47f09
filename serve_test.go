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
	"strings"
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
	register(app)
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
	for { // until the listener is closed
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(release)
	want.Equal(t, <-got, "in time")
	want.NoErr(t, <-ended)
}

func TestServeCutsOffWhatDoesNotFinish(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{})
	url, stop, ended := serving(t, ashlar.Config{DrainTimeout: 20 * time.Millisecond}, func(a *ashlar.App) {
		a.Get("/stuck", func(c *ashlar.Ctx) error {
			close(entered)
			<-c.Done()
			return c.Err()
		})
	})
	failed := make(chan error, 1)
	go func() {
		res, err := http.Get(url + "/stuck") //nolint:noctx // ends with the server
		if err == nil {
			res.Body.Close()
		}
		failed <- err
	}()
	<-entered
	stop()
	want.NoErr(t, <-ended)
	if err := <-failed; err == nil {
		t.Error("got an answer to a request that was cut off")
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
		"files":  {TLSCert: certFile, TLSKey: keyFile},
		"config": {TLS: &tls.Config{Certificates: []tls.Certificate{pair}}},
	} {
		url, stop, ended := serving(t, cfg, func(a *ashlar.App) {
			a.Get("/", func(c *ashlar.Ctx) error {
				return c.Text(fmt.Sprint(c.Request().Proto, " ", c.IsSecure(), " ", c.CSRFToken() != ""))
			})
		})
		for _, proto := range []string{"HTTP/2.0", "HTTP/1.1"} {
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: proto == "HTTP/2.0"}
			res, err := (&http.Client{Transport: transport}).Get(url)
			want.NoErr(t, err)
			want.Equal(t, read(t, res.Body), proto+" true true")
			want.Equal(t, res.Cookies()[0].Name, "__Host-csrf")
			res.Body.Close()
			transport.CloseIdleConnections()
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
	app := ashlar.New(ashlar.Config{Addr: "127.0.0.1:0", TLSCert: "none.pem", TLSKey: keyFile, LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)})
	err = app.Run(t.Context(), nil, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "none.pem") {
		t.Errorf("got %v, want an error about none.pem", err)
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
