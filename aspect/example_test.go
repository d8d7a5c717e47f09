package aspect_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/aspect"
	"github.com/ashlar-go/ashlar/errs"
)

type ShowIn struct{ ID int }

type Film struct{ Title string }

func Show(ctx context.Context, in ShowIn) (Film, error) {
	if in.ID == 404 { // a shelf that takes long to search
		<-ctx.Done()
		return Film{}, ctx.Err()
	}
	return Film{Title: "Metropolis"}, nil
}

// No type arguments: they come from the action.
func ExampleTimeout() {
	show := aspect.Timeout(10*time.Millisecond, Show)

	film, err := show(context.Background(), ShowIn{ID: 1})
	fmt.Println(film.Title, err)

	_, err = show(context.Background(), ShowIn{ID: 404})
	fmt.Println(errors.Is(err, errs.Unavailable), err)
	// Output:
	// Metropolis <nil>
	// true aspect: stop after 10ms: context deadline exceeded
}

// logged is an aspect of the application's own, in the shape of all others.
func logged[I, O any](name string, next aspect.Func[I, O]) aspect.Func[I, O] {
	return func(ctx context.Context, in I) (O, error) {
		out, err := next(ctx, in)
		fmt.Println(name, "error:", err)
		return out, err
	}
}

// Aspects nest, the outermost first.
func Example() {
	show := logged("show", aspect.Timeout(time.Second, Show))
	film, _ := show(context.Background(), ShowIn{ID: 1})
	fmt.Println(film.Title)
	// Output:
	// show error: <nil>
	// Metropolis
}
