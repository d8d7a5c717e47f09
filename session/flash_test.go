package session_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session"
)

func TestFlash(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		v := s.visitor(t)
		v.sees("/flashes", "[]")
		v.get("/flash/one")
		v.get("/cart") // a page that does not ask
		s.clock.pass(time.Second)
		v.get("/flash/two")
		v.sees("/flashes", "[{info one} {info two}]")
		v.sees("/flashes", "[]")
	})
}

// Flashes that were shown on the page that left them leave nothing behind.
func TestFlashWithinOnePage(t *testing.T) {
	t.Parallel()
	s := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/within", func(c *ashlar.Ctx) error {
			for _, text := range []string{"c", "a", "b"} { // the order stays
				if err := session.AddFlash(c, "info", text); err != nil {
					return err
				}
			}
			return c.Text(fmt.Sprint(session.Flashes(c), session.Flashes(c)))
		})
	}})
	v := s.visitor(t)
	v.sees("/within", "[{info c} {info a} {info b}] []")
	want.Equal(t, v.cookie(), "")
	want.Equal(t, s.count(t), 0)
}

// A page that took the messages and then failed has not shown them.
func TestFlashOfAFailedPage(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		o.routes = func(app *ashlar.App) {
			app.Get("/broken", func(c *ashlar.Ctx) error {
				want.Equal(t, len(session.Flashes(c)), 1)
				panic("broken")
			})
		}
		v := start(t, o).visitor(t)
		v.get("/flash/one")
		want.Equal(t, v.send("GET", "/broken", "").status, 500)
		v.sees("/flashes", "[{info one}]")
	})
}

func TestFlashesThatNobodyReads(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		v := s.visitor(t)
		for i := range 25 {
			v.get(fmt.Sprintf("/flash/%d", i))
			s.clock.pass(time.Microsecond)
		}
		got := v.get("/flashes")
		want.Equal(t, strings.Count(got, "info"), 20)
		want.Contains(t, got, "[{info 5} ", " {info 24}]")
	})
}
