// Package aspect wraps actions. An action is the one shape that work has:
//
//	func Show(ctx context.Context, in ShowIn) (Film, error)
//
// and an aspect takes one and returns one of the same type, so what it returns
// goes wherever the action goes: to a route, a job, a schedule, a test.
//
//	show := aspect.Timeout(2*time.Second, catalog.Show)
//	place := logged("place", aspect.Timeout(5*time.Second, orders.Place)) // outermost first
//
// There is no chain builder: nesting reads in the order in which the aspects
// run, and the compiler infers I and O.
//
// Aspects, those of other packages too, keep to this shape:
//
//   - func Name[I, O any](settings…, next Func[I, O]) Func[I, O]: next is the
//     last parameter, so that type arguments are never written.
//   - Everything is composed once, at start. What can be wrong with the settings
//     is found then; a call finds nothing by name and uses no reflection.
//   - A call keeps its state on the stack: what is returned may be called from
//     many goroutines at once, and from inside itself.
//   - next is called once with the same input, unless the aspect's purpose is
//     another, as that of a cache or a retry is; then its comment says so.
//   - ctx is passed on, as it is or derived. Hence an action finds what it needs
//     with ctx.Value, never by asking what type ctx has.
//   - An error of next is returned as it is, unless the aspect knows better than
//     next what happened; then it wraps it, and the output is zero.
//   - No goroutine is started that outlives the call.
//
// Aspects for a whole application, which do not know I and O, are middleware
// and belong to package ashlar.
package aspect
