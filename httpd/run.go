package httpd

import (
	"net/http"
	"runtime/debug"
)

// run calls the handler. It is false when the handler panicked, which is
// logged once, here.
func (c *conn) run(carrier Carrier, x *Exchange) (done bool) {
	defer func() {
		if done {
			return
		}
		p := recover()
		if p == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
			x.rarely().aborted = true
			return
		}
		if p == nil {
			return // runtime.Goexit, as of testing.T.FailNow
		}
		c.srv.cfg.Log.Error("httpd: handler panicked", "panic", p,
			"method", x.Method(), "path", x.Path(), "remote", c.remote, "stack", string(debug.Stack()))
	}()
	switch s := c.srv; {
	case x.Path() == "*":
		_ = x.Send(http.StatusOK, nil) // OPTIONS *: about the server, which can HTTP
	case carrier != nil:
		carrier.Serve()
	case s.native != nil:
		s.native.ServeExchange(x)
	default:
		s.Handler.ServeHTTP(x.Writer(), x.Request())
	}
	return true
}
