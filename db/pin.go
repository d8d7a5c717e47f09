package db

import (
	"net/http"
	"time"

	"github.com/ashlar-go/ashlar"
)

// pinCookie tells that its visitor has written a moment ago. Whoever sends it
// without that reads from the primary, which is no harm, so it is not signed.
const pinCookie = "primary"

// pinned is the stage that lets a request read from replicas: one that may
// change nothing, of a visitor who has changed nothing for a while. All others
// read from the primary from the beginning, since what they are about to write
// may rest on what they read.
func pinned(d **DB) func(*ashlar.Ctx) error {
	return func(c *ashlar.Ctx) error {
		p := new(pin)
		switch c.Method() {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			_, p.pinned = c.Cookie(pinCookie + (*d).Name())
		default:
			p.pinned = true
		}
		c.Set(pinKey{*d}, p)
		c.BeforeHeader(func(c *ashlar.Ctx) {
			if p.wrote.Load() {
				c.SetCookie(&http.Cookie{Name: pinCookie + (*d).Name(), Value: "1", MaxAge: seconds((*d).config.ReplicaLag + pinMargin)})
			}
		})
		return c.Next()
	}
}

// seconds rounds up.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
