package ashlar

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"syscall"

	"github.com/ashlar-go/ashlar/httpd"
)

// serve listens and serves until ctx ends or a service dies, then lets running
// requests finish.
func (a *App) serve(ctx context.Context) error {
	listener, err := net.Listen("tcp", a.cfg.Addr)
	if err != nil {
		return listenError(a.cfg.Addr, err)
	}
	srv := a.engine()
	ended := make(chan error, 1)
	go func() { ended <- a.listen(srv, listener) }()
	if omitted := a.cfg.InsecureOmitStages; len(omitted) > 0 {
		a.log.Warn("stages left out", "stages", omitted)
	}
	a.log.Info("listening", "app", a.cfg.Name, "url", a.address(listener), "env", a.cfg.Env)

	select {
	case err = <-ended:
		return err
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

// An engine carries requests from the network to the app.
type engine interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
	Close() error
}

var (
	_ engine = (*http.Server)(nil)
	_ engine = (*httpd.Server)(nil)
)

func (a *App) engine() engine {
	if a.cfg.Engine == "own" {
		return &httpd.Server{Handler: a, Config: httpd.Config{
			HeaderTimeout: a.cfg.HeaderTimeout,
			IdleTimeout:   a.cfg.IdleTimeout,
			HeaderLimit:   int(a.cfg.HeaderLimit),
			Log:           a.log,
			Clock:         a.clock,
		}}
	}
	return &http.Server{
		Handler:           a,
		ReadHeaderTimeout: a.cfg.HeaderTimeout,
		IdleTimeout:       a.cfg.IdleTimeout,
		MaxHeaderBytes:    int(a.cfg.HeaderLimit),
		TLSConfig:         a.cfg.TLS,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}

func (a *App) secure() bool { return a.cfg.TLS != nil || a.cfg.TLSCert != "" }

func (a *App) listen(srv engine, l net.Listener) error {
	var err error
	if std, ok := srv.(*http.Server); ok && a.secure() {
		err = std.ServeTLS(l, a.cfg.TLSCert, a.cfg.TLSKey)
	} else {
		err = srv.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve: %w", err)
}

func (a *App) address(l net.Listener) string {
	scheme := "http://"
	if a.secure() {
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
