package aspect

import "context"

// Func is an action. It is an alias, so that every function of this shape is
// one, and what an aspect returns is a plain function again.
type Func[I, O any] = func(ctx context.Context, in I) (O, error)
