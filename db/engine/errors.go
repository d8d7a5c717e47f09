package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// ErrRetry says that a transaction was rolled back, or a statement refused,
// because of what another one did at the same time: a serialization failure, a
// deadlock, a lock that was not to be waited for. The whole transaction may
// succeed when it is run again. Drivers wrap it; its kind is errs.Unavailable.
var ErrRetry error = &errs.Error{Kind: errs.Unavailable, Err: errors.New("another transaction was in the way")}

// ErrGone says that the connection to the database was lost, or that the
// server takes none. Drivers wrap it; its kind is errs.Unavailable.
var ErrGone error = &errs.Error{Kind: errs.Unavailable, Err: errors.New("the connection to the database was lost")}

// A Constraint is what kind of rule a table's rows keep.
type Constraint string

// The constraints.
const (
	Unique     Constraint = "unique"      // primary keys too
	ForeignKey Constraint = "foreign key" // the other row is missing, or is still needed
	Check      Constraint = "check"
	NotNull    Constraint = "not null"
)

// A ConstraintError says that a write would have broken a constraint; nothing
// was written. Its kind is errs.Conflict.
type ConstraintError struct {
	Kind    Constraint
	Table   string
	Columns []string // for Unique and NotNull; for ForeignKey where the model has the key
	Name    string   // of the index, key or check, where it is known
	Err     error    // the driver's own error
}

// Error says which constraint of which table was violated.
func (e *ConstraintError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "db: %s constraint violated", e.Kind)
	if e.Table != "" {
		fmt.Fprintf(&b, ": %s", e.Table)
	}
	if len(e.Columns) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(e.Columns, ", "))
	}
	if e.Name != "" {
		fmt.Fprintf(&b, ": %s", e.Name)
	}
	return b.String()
}

// Unwrap returns the driver's error.
func (e *ConstraintError) Unwrap() error { return e.Err }

// Is reports whether target is errs.Conflict.
func (e *ConstraintError) Is(target error) bool { return target == errs.Conflict }
