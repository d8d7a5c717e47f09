package ashlar

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"syscall"

	"github.com/ashlar-go/ashlar/httpd"
)

// serve listens and serves until ctx ends or a service dies, then lets running
// requests finish.
func (a *App) serve(ctx context.Context) error {
	secured, err := a.cfg.tls()
	if err != nil {
		return err // before anybody can connect
	}
	listener, err := net.Listen("tcp", a.cfg.Addr)
	if err != nil {
		return listenError(a.cfg.Addr, err)
	}
	url := a.address(listener)
	if secured != nil {
		listener = tls.NewListener(listener, secured)
	}
	srv := a.engine(secured)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	if omitted := a.cfg.InsecureOmitStages; len(omitted) > 0 {
		a.log.Warn("stages left out", "stages", omitted)
	}
	a.log.Info("listening", "app", a.cfg.Name, "url", url, "env", a.cfg.Env)

	select {
	case err = <-ended:
		_ = srv.Close() // what was accepted before
		return fmt.Errorf("serve: %w", err)
	case err = <-a.died:
	case <-ctx.Done():
	}
	a.log.Info("stopping", "drain", a.cfg.DrainTimeout)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.DrainTimeout)
	defer cancel()
	if late := srv.Shutdown(drain); late != nil {
		a.log.Warn("requests cut off", "after", a.cfg.DrainTimeout)
		_ = srv.Close() // what is left has had its time
	}
	<-ended
	return err
}

// An engine carries requests from the network to the app. Its Serve returns
// http.ErrServerClosed after Shutdown or Close.
type engine interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
	Close() error
}

var (
	_ engine = (*http.Server)(nil)
	_ engine = (*httpd.Server)(nil)
	_ engine = (*ownTLS)(nil)
)

// engine returns what serves the app, on connections that are TLS if secured
// is not nil.
func (a *App) engine(secured *tls.Config) engine {
	switch {
	case a.cfg.Engine == "std":
		return a.stdEngine(secured)
	case secured == nil:
		return a.ownEngine()
	}
	return newOwnTLS(a.ownEngine(), a.stdEngine(secured), secured.NextProtos)
}

func (a *App) ownEngine() *httpd.Server {
	return &httpd.Server{Handler: a, Config: httpd.Config{
		HeaderTimeout: a.cfg.HeaderTimeout,
		IdleTimeout:   a.cfg.IdleTimeout,
		HeaderLimit:   int(a.cfg.HeaderLimit),
		TargetLimit:   int(a.cfg.HeaderLimit), // no bound of its own: net/http has none
		Log:           a.log,
		Clock:         a.clock,
	}}
}

func (a *App) stdEngine(secured *tls.Config) *http.Server {
	return &http.Server{
		Handler:           a,
		ReadHeaderTimeout: a.cfg.HeaderTimeout,
		IdleTimeout:       a.cfg.IdleTimeout,
		MaxHeaderBytes:    int(a.cfg.HeaderLimit),
		TLSConfig:         secured.Clone(), // net/http changes it, while the listener reads the other
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}

// ownTLS is httpd for HTTP/1.1 over TLS and, for the connections whose
// handshake chose HTTP/2, the standard library behind it.
type ownTLS struct {
	own    *httpd.Server
	h2     *http.Server
	handed *handed
}

// newOwnTLS makes two servers one. The protocols are those of the TLS
// configuration: one that neither server speaks, such as a certificate
// authority's challenge, ends with the handshake.
func newOwnTLS(own *httpd.Server, h2 *http.Server, protocols []string) *ownTLS {
	o := &ownTLS{own, h2, &handed{conns: make(chan net.Conn), closed: make(chan struct{})}}
	next := map[string]func(*tls.Conn){}
	for _, name := range protocols {
		if name != protoHTTP1 {
			next[name] = func(c *tls.Conn) { _ = c.Close() }
		}
	}
	next[protoHTTP2] = o.handed.take
	own.Config.NextProto = next
	return o
}

// Serve runs both servers and returns when both have ended.
func (o *ownTLS) Serve(l net.Listener) error {
	h2 := make(chan error, 1)
	go func() {
		err := o.h2.Serve(o.handed)
		if !errors.Is(err, http.ErrServerClosed) {
			_ = o.own.Close() // it cannot be set up: then do not serve half
		}
		h2 <- err
	}()
	err := o.own.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return <-h2
	}
	_ = o.h2.Close()
	<-h2
	return err
}

// Shutdown lets the requests of both finish, in the same time.
func (o *ownTLS) Shutdown(ctx context.Context) error {
	h2 := make(chan error, 1)
	go func() { h2 <- o.h2.Shutdown(ctx) }()
	return errors.Join(o.own.Shutdown(ctx), <-h2)
}

func (o *ownTLS) Close() error { return errors.Join(o.own.Close(), o.h2.Close()) }

// handed is a listener of connections that another server has accepted.
type handed struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// take gives c to the server that listens here, or closes it if there is none
// any more.
func (h *handed) take(c *tls.Conn) {
	select {
	case h.conns <- c:
	case <-h.closed:
		_ = c.Close()
	}
}

func (h *handed) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

func (h *handed) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

func (h *handed) Addr() net.Addr { return &net.TCPAddr{} }

// The protocols' names in a TLS handshake (ALPN).
const (
	protoHTTP1 = "http/1.1"
	protoHTTP2 = "h2"
)

func (c *Config) secure() bool { return c.TLS != nil || c.TLSCert != "" }

// tls returns the configuration of the app's connections, nil when they are
// plain. It is a copy: what the user gave stays as it is.
func (c *Config) tls() (*tls.Config, error) {
	if !c.secure() {
		return nil, nil
	}
	secured := &tls.Config{}
	if c.TLS != nil {
		secured = c.TLS.Clone()
	}
	if secured.MinVersion == 0 {
		secured.MinVersion = tls.VersionTLS12
	}
	if len(secured.NextProtos) == 0 {
		secured.NextProtos = []string{protoHTTP2, protoHTTP1}
	}
	if len(secured.Certificates) > 0 || secured.GetCertificate != nil || secured.GetConfigForClient != nil {
		return secured, nil
	}
	if c.TLSCert == "" {
		return nil, errors.New("read certificate: Config.TLS has none; set its Certificates or GetCertificate, or tls_cert and tls_key")
	}
	pair, err := certificate(c.TLSCert, c.TLSKey)
	secured.Certificates = []tls.Certificate{pair}
	return secured, err
}

// certificate reads a certificate and its key from PEM files.
func certificate(certFile, keyFile string) (tls.Certificate, error) {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read certificate: tls_cert: %w; name the PEM file of the certificate chain", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read certificate: tls_key: %w; name the PEM file of the certificate's key", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read certificate: tls_cert %q and tls_key %q: %w; name a PEM chain and the key that it was made for",
			certFile, keyFile, err)
	}
	return pair, nil
}

func (a *App) address(l net.Listener) string {
	scheme := "http://"
	if a.cfg.secure() {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return l.Addr().String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return scheme + net.JoinHostPort(host, port)
}

func listenError(addr string, err error) error {
	mend := "set ASHLAR_ADDR or --addr to an address of this machine, such as localhost:8080"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		mend = "another program listens there: stop it, or set ASHLAR_ADDR or --addr to another port"
	case errors.Is(err, syscall.EACCES):
		mend = "ports under 1024 need a privilege: set ASHLAR_ADDR or --addr to a higher one"
	}
	return fmt.Errorf("listen on %s: %w; %s", addr, errors.Unwrap(err), mend)
}
