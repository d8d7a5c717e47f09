package migrate

import (
	"errors"
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
)

// ErrNoChanges says that the models are what the migrations lead to, so that
// there is nothing to make.
var ErrNoChanges = errors.New("migrate: no changes: the migrations lead to the models as they are")

// setup returns a mistake that the programmer mends.
func setup(code, where, mend, what string, args ...any) *errs.Setup {
	return &errs.Setup{Code: code, What: "migrate: " + fmt.Sprintf(what, args...), Where: where, Mend: mend}
}
