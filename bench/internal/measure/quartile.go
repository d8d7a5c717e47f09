package measure

import (
	"math"
	"slices"
)

// A Spread is the middle of a sample: its median, and the quartiles between
// which half of the sample lies.
type Spread struct{ Low, Median, High float64 }

// Quartiles returns the spread of sample, interpolating between neighbours
// (the R-7 rule). Values that are no number are left out; of an empty sample
// all three are NaN.
func Quartiles(sample []float64) Spread {
	s := slices.DeleteFunc(slices.Clone(sample), math.IsNaN)
	slices.Sort(s)
	return Spread{at(s, 0.25), at(s, 0.5), at(s, 0.75)}
}

// Median returns the middle of sample, NaN when it is empty.
func Median(sample []float64) float64 { return Quartiles(sample).Median }

// at returns the quantile q of a sorted sample.
func at(s []float64, q float64) float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	i, part := math.Modf(q * float64(len(s)-1))
	low := s[int(i)]
	if part == 0 {
		return low
	}
	return low + part*(s[int(i)+1]-low)
}
