package errs_test

import (
	"errors"
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
)

func find(id int) error {
	if id != 1 {
		return errs.NotFound.New("This film is not in the shop.")
	}
	return nil
}

// Callers branch on the kind; visitors read the message.
func ExampleKind_New() {
	err := fmt.Errorf("show film: %w", find(7))
	fmt.Println(errors.Is(err, errs.NotFound))
	fmt.Println(errs.Message(err))
	fmt.Println(err)
	// Output:
	// true
	// This film is not in the shop.
	// show film: This film is not in the shop.
}

// The cause is for the log: it is in the text, and never in the message.
func ExampleKind_Wrap() {
	cause := errors.New("UNIQUE constraint: films.slug")
	err := errs.Conflict.Wrap(cause, "There is a film of this name.")
	fmt.Println(errs.KindOf(err), "|", errs.Message(err))
	fmt.Println(err)
	// Output:
	// conflict | There is a film of this name.
	// There is a film of this name.: UNIQUE constraint: films.slug
}

// Set-up mistakes are collected and shown in one pass.
func ExampleList() {
	var problems errs.List
	problems.Add(&errs.Setup{
		Code: "A1001", What: `two modules are named "cart"`, Where: "shop/main.go:14", Mend: "rename one of them",
	})
	problems.Add(errors.New("the list of modules ends with a nil"))
	fmt.Println(problems.Err())
	// Output:
	// 2 problems
	// 1. two modules are named "cart"
	//    	at shop/main.go:14
	//    	mend: rename one of them
	//    	see docs/errors.md#A1001
	// 2. the list of modules ends with a nil
}
