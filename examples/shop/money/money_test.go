package money_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/money"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestString(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cents money.Cents
		want  string
	}{
		{0, "$0.00"}, {5, "$0.05"}, {50, "$0.50"}, {1290, "$12.90"}, {99999, "$999.99"},
		{100000, "$1,000.00"}, {123456789, "$1,234,567.89"}, {-5, "-$0.05"}, {-120400, "-$1,204.00"},
		{math.MaxInt64, "$92,233,720,368,547,758.07"}, {math.MinInt64, "-$92,233,720,368,547,758.08"},
	} {
		want.Equal(t, tt.cents.String(), tt.want)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	got, err := money.Cents(1290).Add(-90)
	want.NoErr(t, err)
	want.Equal(t, got, money.Cents(1200))
	for _, pair := range [][2]money.Cents{{math.MaxInt64, 1}, {math.MinInt64, -1}, {math.MinInt64, math.MinInt64}} {
		_, err := pair[0].Add(pair[1])
		want.Err(t, err, money.ErrOverflow)
	}
}

// TestMul compares with arithmetic that cannot overflow.
func TestMul(t *testing.T) {
	t.Parallel()
	edges := []int64{0, 1, -1, 2, 3, -7, 1290, math.MaxInt32, 1 << 31, 1 << 32, math.MaxInt64 / 2, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}
	for _, a := range edges {
		for _, n := range edges {
			exact := new(big.Int).Mul(big.NewInt(a), big.NewInt(n))
			got, err := money.Cents(a).Mul(int(n))
			if !exact.IsInt64() {
				want.Err(t, err, money.ErrOverflow)
				continue
			}
			want.NoErr(t, err)
			want.Equal(t, int64(got), exact.Int64())
		}
	}
}

func ExampleCents() {
	price := money.Cents(1290)
	three, err := price.Mul(3)
	fmt.Println(three, err)
	// Output: $38.70 <nil>
}
