package validate_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

type SignUp struct {
	Email    string   `json:"email" validate:"required,email"`
	Name     string   `json:"name" validate:"required,max=40,line"`
	Password string   `json:"password" validate:"min=12,max=200"`
	Again    string   `json:"password_again" validate:"eqfield=Password"`
	Lists    []string `json:"lists" validate:"max=3,each(oneof=news offers)"`
}

func Example() {
	var v validate.Validator // kept for the life of the program: it remembers plans
	err := v.Struct(context.Background(), &SignUp{
		Email: "ann@example.org", Name: "Ann", Password: "short", Again: "shirt", Lists: []string{"news", "spam"},
	})
	fmt.Println(errors.Is(err, errs.Invalid), err)
	if list, ok := errors.AsType[validate.Errors](err); ok {
		for _, e := range list {
			fmt.Printf("%s: %s\n", e.Field, e.Message)
		}
	}
	// Output:
	// true validate: password: min 12; password_again: eqfield password; lists[1]: oneof news offers
	// password: Must be at least 12 characters.
	// password_again: Must be the same as password.
	// lists[1]: Must be one of: news, offers.
}

type Basket struct {
	Film     string `validate:"required"`
	Quantity int    `validate:"min=1"`
	left     int
}

// Validate is called once the rules hold.
func (b *Basket) Validate(ctx context.Context) error {
	if b.Quantity > b.left {
		return validate.Fail("quantity", "stock", fmt.Sprintf("Only %d left.", b.left))
	}
	return nil
}

func ExampleFail() {
	var v validate.Validator
	err := v.Struct(context.Background(), &Basket{Film: "metropolis", Quantity: 5, left: 3})
	list, _ := errors.AsType[validate.Errors](err)
	fmt.Println(list.For("quantity"))
	// Output: Only 3 left.
}

// A mistake in a tag is found when the struct is planned, not when it is used.
func ExampleFor() {
	type Film struct {
		Title string `validate:"requierd"`
	}
	_, err := validate.For(reflect.TypeFor[Film]())
	fmt.Println(err)
	// Output:
	// validate: there is no rule "requierd"
	// 	at validate_test.Film.Title `validate:"requierd"`
	// 	mend: did you mean "required"?
	// 	see docs/errors.md#A1401
}

func ExampleNewRule() {
	v, err := validate.New(validate.Config{Rules: []validate.Rule{
		validate.NewRule("palindrome", "Must read the same backwards.", func(s string) bool {
			for i := range len(s) / 2 {
				if s[i] != s[len(s)-1-i] {
					return false
				}
			}
			return true
		}),
	}})
	if err != nil {
		panic(err)
	}
	type Entry struct {
		Word string `json:"word" validate:"required,palindrome"`
	}
	fmt.Println(v.Struct(context.Background(), Entry{"level"}))
	fmt.Println(v.Struct(context.Background(), Entry{"ashlar"}))
	// Output:
	// <nil>
	// validate: word: palindrome
}
