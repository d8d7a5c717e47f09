package keys_test

import (
	"fmt"

	"github.com/ashlar-go/ashlar/keys"
)

// A link that nobody can change: the signature stands beside the data.
func ExampleRing_Sign() {
	ring, err := keys.Parse(keys.Generate())
	if err != nil {
		panic(err)
	}
	mac := ring.Sign("download", []byte("films/7"))
	fmt.Println(ring.Verify("download", []byte("films/7"), mac))
	fmt.Println(ring.Verify("download", []byte("films/8"), mac))
	// Output:
	// <nil>
	// keys: not signed or sealed by this ring for this use
}

// State that the visitor carries and cannot read, bound to who carries it.
func ExampleRing_Seal() {
	ring, err := keys.Parse(keys.Generate())
	if err != nil {
		panic(err)
	}
	text, err := ring.Seal("cart", []byte(`{"film":7}`), []byte("visitor 12"))
	if err != nil {
		panic(err)
	}
	cart, err := ring.Open("cart", text, []byte("visitor 12"))
	fmt.Println(string(cart), err)
	_, err = ring.Open("cart", text, []byte("visitor 13"))
	fmt.Println(err == keys.ErrInvalid)
	// Output:
	// {"film":7} <nil>
	// true
}

// The new secret stands first; the old one still reads.
func ExampleParse_rotation() {
	last, this := keys.Generate(), keys.Generate()
	old, _ := keys.Parse(last)
	text, _ := old.Seal("cart", []byte("kept"), nil)

	ring, _ := keys.Parse(this + "," + last)
	cart, err := ring.Open("cart", text, nil)
	fmt.Println(string(cart), err)
	// Output: kept <nil>
}
