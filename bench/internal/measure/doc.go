// Package measure holds what the benchmarks share: order statistics for
// numbers from a noisy machine, and the description of that machine which
// stands above every table.
//
//	m := measure.Now(time.Now())
//	q := measure.Quartiles(ratios)
//	fmt.Fprintf(out, "%s\n\nmedian %.2f, half of them within %.2f and %.2f\n",
//		m, q.Median, q.Low, q.High)
//
// It is not for deciding whether a difference is significant: quartiles that
// do not overlap, in two runs, are what we ask for.
package measure
