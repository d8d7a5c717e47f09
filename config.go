package ashlar

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/router"
	"github.com/ashlar-go/ashlar/validate"
)

// The environments that Ashlar itself knows; ASHLAR_ENV may name others, which
// are treated as safely as production.
const (
	Development = "development" // the default: details of errors on this machine's screen, files read again
	Production  = "production"
	Test        = "test"
)

// Config holds every default of an app. What is set here in code is replaced,
// in this order, by config.json (or .toml), config.<env>.json, environment
// variables (ASHLAR_ADDR …) and flags (--addr …); `app config` prints each
// value and where it came from. The zero value runs.
type Config struct {
	// Name is the app's name in messages and in the log. Defaults to "app".
	Name string `default:"app" doc:"name of the app in messages"`

	// Addr is where to listen. Defaults to "localhost:8080" in development and
	// to ":8080", all addresses of the machine, elsewhere.
	Addr string `doc:"host:port to listen on"`

	// Port replaces the port of Addr, for platforms that set PORT. Defaults to
	// 0: the port of Addr.
	Port int `env:"PORT" min:"0" max:"65535" doc:"replaces the port of addr"`

	// Hosts are the host names that this app answers to: "example.com",
	// "*.example.com" or, not caring, "*". Defaults to localhost and example.com
	// (the host of httptest) in development and tests; elsewhere it has to be set.
	Hosts []string `doc:"host names that are served; * for any"`

	// TrustedProxies are the addresses (CIDR) of proxies whose X-Forwarded-For,
	// -Proto, -Host and X-Request-Id are believed. Defaults to none.
	TrustedProxies []string `doc:"CIDR of proxies whose X-Forwarded-* are believed"`

	// BodyLimit bounds a request's body; [BodyLimit] changes it for a route.
	// Defaults to 1 MiB.
	BodyLimit config.Size `default:"1MiB" min:"1" doc:"bytes that a request's body may have"`

	// HeaderLimit bounds a request's head; a larger one is answered with 431, and so
	// are more than 100 fields, but for Engine "std". Defaults to 32 KiB.
	HeaderLimit config.Size `default:"32KiB" min:"4096" doc:"bytes that a request's head may have"`

	// Timeout bounds the time for a request's answer; [Timeout] changes it for
	// a route. Defaults to 30 s.
	Timeout time.Duration `default:"30s" min:"1ms" doc:"time for an answer"`

	// HeaderTimeout bounds the time that a client takes to send a head.
	// Defaults to 10 s.
	HeaderTimeout time.Duration `default:"10s" min:"1ms" doc:"time for a request's head to arrive"`

	// IdleTimeout bounds how long a connection waits for its next request.
	// Defaults to 2 min.
	IdleTimeout time.Duration `default:"2m" min:"1ms" doc:"time that a connection may wait for its next request"`

	// DrainTimeout bounds how long a stop waits for requests that are being
	// served, and then for modules to stop. Defaults to 15 s.
	DrainTimeout time.Duration `default:"15s" min:"0s" doc:"time that a stop waits for running requests"`

	// CSP is the Content-Security-Policy of all answers; "{nonce}" stands where
	// a nonce goes. Defaults to [DefaultCSP].
	CSP string `doc:"Content-Security-Policy of all answers"`

	// Keys are secrets of 32 bytes or more, in base64, between commas: the
	// first one signs and seals, all verify and open. Defaults to a random key
	// per start in development and tests; elsewhere it has to be set as soon as
	// a module needs keys.
	Keys config.Secret `doc:"base64 keys between commas: the first writes, all read"`

	// TLSCert and TLSKey are PEM files; with them the app serves HTTPS and
	// HTTP/2. Default to none: plain HTTP.
	TLSCert string `config:"tls_cert" doc:"PEM file of the certificate chain"`
	TLSKey  string `config:"tls_key" doc:"PEM file of the certificate's key"`

	// Engine is the server of HTTP/1.1: "own" is package httpd, "std" is that of
	// net/http. HTTP/2, which comes with TLS, is net/http's either way. Defaults
	// to own.
	Engine string `default:"own" oneof:"own std" doc:"HTTP/1.1 server: own (httpd) or std (net/http)"`

	// LogLevel is the least level that is logged. Defaults to info.
	LogLevel slog.Level `doc:"debug, info, warn or error"`

	// LogFormat is "text", "json" or "auto". Defaults to auto: text in
	// development, JSON elsewhere.
	LogFormat string `default:"auto" oneof:"auto text json" doc:"text, json or auto"`

	// What only code can say.

	// Env is set from ASHLAR_ENV; reading it is what it is for.
	Env string `config:"-"`

	// TrailingSlash says what /films/ is when only /films is a route. Defaults
	// to router.RedirectSlash.
	TrailingSlash router.TrailingSlash `config:"-"`

	// Dir holds config.json and the like. Defaults to the working directory.
	Dir fs.FS `config:"-"`

	// Formats are read for the config files besides JSON; config/toml has one.
	// Defaults to none.
	Formats []config.Format `config:"-"`

	// LookupEnv reads an environment variable. Defaults to os.LookupEnv.
	LookupEnv func(string) (string, bool) `config:"-"`

	// Log is the app's logger. Defaults to one on standard error by LogLevel
	// and LogFormat.
	Log *slog.Logger `config:"-"`

	// Clock tells the time. Defaults to the system's clock.
	Clock func() time.Time `config:"-"`

	// TLS replaces TLSCert and TLSKey; without a certificate of its own it takes
	// theirs. Defaults to none.
	TLS *tls.Config `config:"-"`

	// Validation adds rules and translated messages to package validate.
	// Defaults to the built-in rules, in English.
	Validation validate.Config `config:"-"`

	// EncodeJSON appends the JSON of v to dst, for all answers in JSON but those
	// that tell of errors; goroutines call it at the same time. Defaults to an
	// encoder that gives what encoding/json gives, in less time.
	EncodeJSON func(dst []byte, v any) ([]byte, error) `config:"-"`

	// InsecureOmitStages leaves stages out of the road of all requests, such as
	// "compress" where a proxy does it, or "conditional". What a stage did is
	// then not done: without "headers" no security headers are sent, without
	// "csrf" other sites can send requests in a visitor's name, without "limit"
	// bodies have no bound. Defaults to none.
	InsecureOmitStages []string `config:"-"`

	// Client is the HTTP client that modules get. Defaults to one with a time
	// limit of 30 s.
	Client *http.Client `config:"-"`
}

// Validate reports what does not fit together.
func (c *Config) Validate() error {
	var problems errs.List
	for _, p := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			problems.Add(fmt.Errorf("trusted_proxies: %q is no address range such as 10.0.0.0/8", p))
		}
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		problems.Add(fmt.Errorf("tls_cert and tls_key go together: set both or none"))
	}
	for _, r := range c.CSP {
		if r < 0x20 || r == 0x7f {
			problems.Add(fmt.Errorf("csp: holds a control character"))
			break
		}
	}
	return problems.Err()
}

// Defaults sets the defaults that depend on the environment. Package config
// calls it, below files, variables and flags.
func (c *Config) Defaults(env string) {
	local := env == Development || env == Test
	switch {
	case c.Addr != "":
	case local:
		c.Addr = "localhost:8080"
	default:
		c.Addr = ":8080"
	}
	if c.CSP == "" {
		c.CSP = DefaultCSP
	}
	if len(c.Hosts) == 0 && local {
		// example.com is the host of httptest.NewRequest. No page of another
		// host can make a browser send these names here (DNS rebinding).
		c.Hosts = []string{"localhost", "*.localhost", "127.0.0.1", "::1", "example.com"}
	}
}

// resolve takes over the environment, and what depends on several settings.
func (c *Config) resolve(env string) error {
	c.Env = env
	if c.Port != 0 {
		host, _, err := net.SplitHostPort(c.Addr)
		if err != nil {
			host = c.Addr // without a port
		}
		c.Addr = net.JoinHostPort(host, strconv.Itoa(c.Port))
	}
	if len(c.Hosts) == 0 {
		return &errs.Setup{Code: "A1006", What: fmt.Sprintf("no host names to answer to in environment %q", env),
			Mend: "set ASHLAR_HOSTS=example.com (names between commas; * for any, which lets visitors choose the host in links)"}
	}
	return nil
}

// logger returns the configured logger, on standard error.
func (c *Config) logger() *slog.Logger {
	if c.Log != nil {
		return c.Log
	}
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" || c.LogFormat == "auto" && c.Env != Development {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// ContextValue is a value that every context of the app carries: those of
// requests, commands and background services. A module adds one with
// [Setup.Add], so that code that only has a context finds, say, the database.
type ContextValue struct {
	Key   any // comparable, of the module's own unexported type
	Value any
}

type appKey struct{}

// appContext is a context of the app outside of requests.
type appContext struct {
	context.Context
	app *App
}

func (c appContext) Value(key any) any {
	if key == (appKey{}) {
		return c.app
	}
	if v, ok := c.app.values[key]; ok {
		return v
	}
	return c.Context.Value(key)
}

// Context returns parent with the values that modules added and the app's
// clock: what an action gets when it is called outside of a request, by a
// command or a test.
func (a *App) Context(parent context.Context) context.Context { return appContext{parent, a} }
