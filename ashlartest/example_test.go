package ashlartest_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
)

func ExampleStart() {
	type greetIn struct {
		Name string `form:"name" validate:"required"`
	}
	greeter := func() *ashlar.App {
		app := ashlar.New(ashlartest.Config())
		app.Get("/", func(c *ashlar.Ctx) error {
			return c.Bytes("text/html", []byte(`<form method="post"><input name="_csrf" value="`+c.CSRFToken()+`"><input name="name"></form>`))
		})
		ashlar.Post(app.Router, "/{$}", func(_ context.Context, in greetIn) (string, error) { return "Hello, " + in.Name, nil })
		return app
	}

	TestGreeter := func(t *testing.T) {
		c := ashlartest.Start(t, greeter())
		c.Get("/")
		res := c.Post("/", url.Values{"name": {"Ada"}}, ashlartest.Header("Accept", "text/plain"))
		if res.Body != "Hello, Ada" {
			t.Errorf("got %d %q, want a greeting", res.Status, res.Body)
		}
	}
	_ = TestGreeter // `go test` calls it
}
