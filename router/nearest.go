package router

// nearest returns the candidate that differs from word by the fewest typing
// mistakes, "" when none is near enough to be meant. Of several the first wins.
func nearest(word string, candidates []string) string {
	best, limit := "", (len(word)+2)/3+1 // one mistake in three letters
	for _, c := range candidates {
		if d := distance(word, c, limit); d < limit {
			best, limit = c, d
		}
	}
	return best
}

// distance returns the Levenshtein distance of a and b, in bytes, or limit
// when their lengths alone make it that large.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
