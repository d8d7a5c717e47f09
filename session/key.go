package session

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
)

// A Key is a value of type T in the sessions of an app. It is a small value
// that does not change:
//
//	var cartKey = session.NewKey[int64]("cart.id")
type Key[T any] struct{ name string }

// maxName bounds the name of a key.
const maxName = 64

// NewKey returns the key of a name, which is 1 to 64 letters a to z, digits,
// dots, dashes and underscores, and unique in the app: begin it with the name
// of your package. It panics on any other name.
func NewKey[T any](name string) Key[T] {
	if !validName(name) {
		panic(&errs.Setup{Code: "A1703", What: fmt.Sprintf("session: %q is no name of a key", name), Where: errs.Caller(0),
			Mend: fmt.Sprintf("use 1 to %d of a-z, 0-9, dot, dash and underscore, such as \"cart.id\"", maxName)})
	}
	return Key[T]{name}
}

func validName(name string) bool {
	for i := 0; i < len(name); i++ {
		switch b := name[i]; {
		case b >= 'a' && b <= 'z', b >= '0' && b <= '9', b == '.', b == '-', b == '_':
		default:
			return false
		}
	}
	return name != "" && len(name) <= maxName
}

// Name returns the key's name.
func (k Key[T]) Name() string { return k.name }

// Get returns the value. It is false when none is set, when what is stored does
// not fit T, as after T was changed, and outside of a request with a session.
// It returns a copy: changing it changes nothing.
func (k Key[T]) Get(ctx context.Context) (T, bool) {
	var v T
	s, ok := from(ctx)
	if !ok {
		return v, false
	}
	raw, ok := s.get(k.name)
	if !ok {
		return v, false
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		var none T
		return none, false
	}
	return v, true
}

// Set sets the value. The first Set of a visitor begins the session. The value
// is turned into JSON at once, as encoding/json does it: fields that are not
// exported are left out, and text that is not UTF-8 gets U+FFFD in place of
// what cannot be read.
//
// It is stored when the request is answered, unless that ends in an internal
// error. The error is a *[LimitError], [ErrSent], that T has no JSON, or that
// ctx has no session.
func (k Key[T]) Set(ctx context.Context, v T) error {
	s, err := use(ctx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("session: set %q: %w", k.name, err)
	}
	return s.set(k.name, raw)
}

// Delete removes the value, if one is set. The session goes on. The error is
// [ErrSent], or that ctx has no session.
func (k Key[T]) Delete(ctx context.Context) error {
	s, err := use(ctx)
	if err != nil {
		return err
	}
	return s.remove(k.name)
}
