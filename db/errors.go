package db

import (
	"errors"

	"github.com/ashlar-go/ashlar/errs"
)

// ErrNotFound says that there is no such row. errors.Is(err, errs.NotFound)
// holds for it too.
var ErrNotFound error = &errs.Error{Kind: errs.NotFound, Err: errors.New("no such row")}

// misuse returns the error for a mistake in the caller's code, with its place.
func misuse(code, what, mend string) error {
	return &errs.Setup{Code: code, What: what, Where: caller(), Mend: mend}
}

// ErrNotLoaded says that a relation was read that no With has loaded.
var ErrNotLoaded = errors.New("the relation was not loaded")

// NotLoaded, for generated code, returns the error of a relation that was read
// without being loaded: with is what With was to be given.
func NotLoaded(field, with string) error {
	return notLoaded{misuse("A1508", "db: "+field+" was not loaded", "add With("+with+") to the query, or db.Load(ctx, rows, "+with+")")}
}

// notLoaded is a misuse that is ErrNotLoaded as well.
type notLoaded struct{ error }

func (notLoaded) Is(target error) bool { return target == ErrNotLoaded }
func (n notLoaded) Unwrap() error      { return n.error }
