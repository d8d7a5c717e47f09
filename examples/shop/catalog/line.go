package catalog

import "github.com/ashlar-go/ashlar/examples/shop/money"

// A Line is some copies of a film, in a cart or in an order.
type Line struct {
	Film     *Film
	Quantity int64
	Sum      money.Cents
}

// NewLine returns the line of a film at its price.
func NewLine(f *Film, quantity int64) (Line, error) {
	sum, err := f.Price.Mul(int(quantity))
	return Line{f, quantity, sum}, err
}
