package httpd

import (
	"crypto/tls"
	"log/slog"
	"time"
)

// Config bounds what a client may ask of a [Server]. The zero value runs, with
// every limit on. A timeout below zero is none. Timeouts are coarse: they are
// kept to within an eighth of the shortest of them, and half a second at most.
type Config struct {
	// HeaderTimeout bounds the time from a request's first byte to the end of
	// its head, and how long a new connection may wait with its first byte.
	// Defaults to 10 s.
	HeaderTimeout time.Duration

	// BodyTimeout bounds how long a read of a request's body waits for the
	// client. All waiting for one body together may take this long and the
	// time that the bytes which did come need at BodyRate. Defaults to 30 s.
	BodyTimeout time.Duration

	// BodyRate is the rate in bytes per second that a client has to keep up
	// while its body is read. Defaults to 240.
	BodyRate int

	// WriteTimeout bounds how long the client may take to accept the next
	// 64 KiB of an answer. Defaults to 30 s.
	WriteTimeout time.Duration

	// IdleTimeout bounds how long a connection may wait for its next request.
	// Defaults to 2 min.
	IdleTimeout time.Duration

	// HeaderLimit bounds a request's head in bytes, and the trailer of a
	// chunked body likewise; a larger head is answered with 431. Defaults to
	// 32 KiB; more than 64 KiB counts as that.
	HeaderLimit int

	// TargetLimit bounds the request target in bytes; a longer one is answered
	// with 414. Defaults to 8 KiB.
	TargetLimit int

	// MaxFields bounds the number of a request's fields; more are answered
	// with 431. Defaults to 100.
	MaxFields int

	// Log gets the panics of handlers, with their stacks, what handlers did
	// wrong and, at debug, TLS handshakes that failed. Defaults to none.
	Log *slog.Logger

	// Clock tells the time of the Date field. Timeouts do not depend on it.
	// Defaults to the system's clock.
	Clock func() time.Time

	// NextProto takes over TLS connections whose handshake chose one of these
	// protocols (ALPN), such as "h2". The function owns the connection, closes
	// it, and returns when it is done with it. Defaults to none.
	NextProto map[string]func(*tls.Conn)
}

func (c Config) withDefaults() Config {
	orTime := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	orInt := func(n *int, usual int) {
		if *n <= 0 {
			*n = usual
		}
	}
	orTime(&c.HeaderTimeout, 10*time.Second)
	orTime(&c.BodyTimeout, 30*time.Second)
	orTime(&c.WriteTimeout, 30*time.Second)
	orTime(&c.IdleTimeout, 2*time.Minute)
	orInt(&c.BodyRate, 240)
	orInt(&c.HeaderLimit, 32<<10)
	orInt(&c.TargetLimit, 8<<10)
	orInt(&c.MaxFields, 100)
	c.HeaderLimit = min(c.HeaderLimit, longestHead)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c
}

// tick is how often timeouts are looked at.
func (c *Config) tick() time.Duration {
	const longest, shortest = 500 * time.Millisecond, 10 * time.Millisecond
	d := longest
	for _, t := range []time.Duration{c.HeaderTimeout, c.BodyTimeout, c.WriteTimeout, c.IdleTimeout} {
		if t > 0 {
			d = min(d, t/8)
		}
	}
	return max(d, shortest)
}
