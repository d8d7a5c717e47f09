package ashlar_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// Answers are encoded by another encoder when the app names one.
func TestEncodeJSON(t *testing.T) {
	t.Parallel()
	cfg := ashlar.Config{EncodeJSON: func(dst []byte, v any) ([]byte, error) {
		if v == "bad" {
			return dst, errors.New("not today")
		}
		b, err := json.Marshal(map[string]any{"data": v})
		return append(dst, b...), err
	}}
	app, _ := started(t, cfg, func(a *ashlar.App) {
		a.Get("/ctx", func(c *ashlar.Ctx) error { return c.JSON(1) })
		a.Get("/bad", func(c *ashlar.Ctx) error { return c.JSON("bad") })
		ashlar.Get(a.Router, "/action", func(context.Context, struct{}) ([]int, error) { return []int{1}, nil })
	})
	want.Equal(t, ask(app, "GET", "/ctx", "").Body.String(), `{"data":1}`+"\n")
	want.Equal(t, ask(app, "GET", "/action", "").Body.String(), `{"data":[1]}`+"\n")
	want.Equal(t, ask(app, "GET", "/bad", "").Code, 500)
	want.Equal(t, fmt.Sprint(ask(app, "GET", "/none", "").Header()["Content-Type"]), "[application/problem+json]")
}
