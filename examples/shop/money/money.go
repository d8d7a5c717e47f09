// Package money counts in cents, so that prices add up exactly.
//
//	price := money.Cents(1290)
//	three, err := price.Mul(3)       // 3870
//	total, err := three.Add(490)     // 4360
//	fmt.Println(total)               // $43.60
//
// One currency, whole cents, no rounding, because a shop with fixed prices
// needs none. It is not for exchange rates or taxes in per cent.
package money

import (
	"errors"
	"math"
	"strconv"
)

// Cents is an amount of money in hundredths of a dollar.
type Cents int64

// ErrOverflow says that a sum does not fit. A cart that reaches it is an
// attack or a mistake; neither should be charged.
var ErrOverflow = errors.New("money: amount out of range")

// Add returns c + d, or [ErrOverflow].
func (c Cents) Add(d Cents) (Cents, error) {
	if (d > 0 && c > math.MaxInt64-d) || (d < 0 && c < math.MinInt64-d) {
		return 0, ErrOverflow
	}
	return c + d, nil
}

// Mul returns c × n, or [ErrOverflow].
func (c Cents) Mul(n int) (Cents, error) {
	if c == 0 || n == 0 {
		return 0, nil
	}
	m := Cents(n)
	product := c * m
	// Dividing back finds every overflow but one: MinInt64 × -1 is MinInt64
	// again, and so is the quotient.
	if product/m != c || (c == math.MinInt64 && m == -1) || (m == math.MinInt64 && c == -1) {
		return 0, ErrOverflow
	}
	return product, nil
}

// String returns the amount as it is printed on a price tag: "$12.90",
// "$1,204.00", "-$0.05".
func (c Cents) String() string {
	amount, sign := uint64(c), ""
	if c < 0 {
		amount, sign = -amount, "-" // right for MinInt64 too, which has no positive int64
	}
	digits := strconv.AppendUint(nil, amount/100, 10)
	out := append([]byte(sign), '$')
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, d)
	}
	return string(append(out, '.', byte('0'+amount%100/10), byte('0'+amount%10)))
}
