package session_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session"
)

func TestNewKey(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{
		"cart": true, "shop.cart-id_2": true, strings.Repeat("x", 64): true,
		"": false, strings.Repeat("x", 65): false, "Cart": false, "a b": false, "flash/1": false, "é": false, `"`: false, "\xff": false,
	} {
		got := func() (ok bool) {
			defer func() { ok = recover() == nil }()
			return session.NewKey[int](name).Name() == name
		}()
		if got != ok {
			t.Errorf("%q: got accepted %v, want %v", name, got, ok)
		}
	}
}

func TestNewKeyPanic(t *testing.T) {
	t.Parallel()
	defer func() {
		setup, ok := recover().(*errs.Setup)
		if !ok {
			t.Fatal("got no *errs.Setup, want one")
		}
		want.Contains(t, setup.Where, "session/key_test.go:")
		setup.Where = "shop/cart.go:12"
		golden.Equal(t, "key_name.txt", setup.Error())
	}()
	session.NewKey[int]("Cart ID")
}

// in runs f in requests of one visitor, one after the other.
func in(t *testing.T, o options, f ...func(c *ashlar.Ctx) error) {
	t.Helper()
	o.routes = func(app *ashlar.App) {
		for i := range f {
			app.Get(fmt.Sprintf("/in/%d", i), f[i])
		}
	}
	v := start(t, o).visitor(t)
	for i := range f {
		v.get(fmt.Sprintf("/in/%d", i))
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	type basket struct {
		Items []string
		total int //nolint:unused // shows what JSON leaves out
	}
	basketKey := session.NewKey[basket]("basket")
	now := session.NewKey[string]("basket")
	both(t, func(t *testing.T, o options) {
		in(t, o,
			func(c *ashlar.Ctx) error { return basketKey.Set(c, basket{[]string{"a", "<b>"}, 7}) },
			func(c *ashlar.Ctx) error {
				v, ok := basketKey.Get(c)
				want.Equal(t, ok, true)
				want.Equal(t, v, basket{[]string{"a", "<b>"}, 0})
				v.Items[0] = "changed" // a copy
				v, _ = basketKey.Get(c)
				want.Equal(t, v.Items[0], "a")

				text, ok := now.Get(c) // another type
				want.Equal(t, ok, false)
				want.Equal(t, text, "")
				return nil
			},
			func(c *ashlar.Ctx) error {
				var unsupported *json.UnsupportedValueError
				if err := session.NewKey[float64]("f").Set(c, math.NaN()); !errors.As(err, &unsupported) {
					t.Errorf("got error %v, want *json.UnsupportedValueError", err)
				} else {
					want.Contains(t, err.Error(), `session: set "f": `)
				}
				return nil
			},
		)
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		in(t, o,
			func(c *ashlar.Ctx) error {
				for i := range 100 {
					if err := session.NewKey[int](fmt.Sprint("k", i)).Set(c, i); err != nil {
						return err
					}
				}
				var limit *session.LimitError
				if err := cart.Set(c, 1); !errors.As(err, &limit) || *limit != (session.LimitError{Key: "cart", What: "keys", Got: 101, Limit: 100}) {
					t.Errorf("got error %v, want a *LimitError about 100 keys", err)
				}
				return session.NewKey[int]("k0").Set(c, 7) // one that is there
			},
			func(c *ashlar.Ctx) error {
				err := note.Set(c, strings.Repeat("x", 70000))
				var limit *session.LimitError
				if !errors.As(err, &limit) || limit.Key != "note" {
					t.Fatalf("got error %v, want a *LimitError that names the key", err)
				}
				want.Contains(t, err.Error(), `session: set "note": the session would hold `)
				if _, ok := note.Get(c); ok {
					t.Error("got a value that was refused, want none")
				}
				n, _ := session.NewKey[int]("k0").Get(c)
				want.Equal(t, n, 7)
				return nil
			},
		)
	})
}

// A value that replaces another one is refused without losing that.
func TestRefusedValueLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		in(t, o, func(c *ashlar.Ctx) error {
			if err := note.Set(c, "old"); err != nil {
				return err
			}
			if err := note.Set(c, strings.Repeat("x", 70000)); err == nil {
				t.Error("got no error, want a *LimitError")
			}
			v, _ := note.Get(c)
			want.Equal(t, v, "old")
			return nil
		})
	})
}

// A session that is too large is the app's mistake, not the visitor's.
func TestLimitErrorIsInternal(t *testing.T) {
	t.Parallel()
	v := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/big", func(c *ashlar.Ctx) error { return note.Set(c, strings.Repeat("x", 70000)) })
	}}).visitor(t)
	a := v.send("GET", "/big", "")
	want.Equal(t, a.status, 500)
	if a.cookie != nil {
		t.Errorf("got cookie %v, want none", a.cookie)
	}
}

func FuzzSize(f *testing.F) {
	f.Add("a", `1`)
	f.Add("k", `{"a":["\u2028<>"]}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		v := session.Values{"x": raw}
		if func() (ok bool) {
			defer func() { ok = recover() == nil }()
			session.NewKey[string](name)
			return true
		}() {
			v[name] = json.RawMessage("[" + string(raw) + "]")
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want.Equal(t, v.Size(), len(b))
	})
}
