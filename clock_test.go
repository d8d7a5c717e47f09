package ashlar_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestOtherClock serves an app whose clock is years away from the system's:
// the time for an answer must not be over before it began.
func TestOtherClock(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1970, 2000, 2100} {
		now := time.Date(year, 1, 2, 3, 4, 5, 0, time.UTC)
		app, _ := started(t, ashlar.Config{Clock: func() time.Time { return now }}, func(app *ashlar.App) {
			app.Get("/", func(c *ashlar.Ctx) error {
				if err := c.Err(); err != nil {
					return err
				}
				ends, ok := c.Deadline()
				want.Equal(t, ok, true)
				if left := time.Until(ends); left < time.Second || left > 30*time.Second {
					t.Errorf("got %v left for the answer, want up to 30s", left)
				}
				return c.Text(c.Now().Format(time.DateOnly))
			})
		})
		server := httptest.NewServer(app) // with the deadlines of a real connection
		t.Cleanup(server.Close)
		res, err := server.Client().Get(server.URL)
		want.NoErr(t, err)
		want.Equal(t, read(t, res.Body), now.Format(time.DateOnly))
		res.Body.Close()
	}
}
