package ashlar

import (
	"strconv"
	"strings"
)

// preferred returns the offer that an Accept field likes best (RFC 9110,
// section 12.5.1), "" when it accepts none. Of equals the first offer wins; an
// absent field accepts everything.
func preferred(accept string, offers []string) string {
	if strings.TrimSpace(accept) == "" {
		return offers[0]
	}
	best, bestQ := "", 0.0
	for _, offer := range offers {
		if q := acceptance(accept, offer); q > bestQ {
			best, bestQ = offer, q
		}
	}
	return best
}

// acceptance returns the quality that the most specific range of accept gives
// to a media type without parameters.
func acceptance(accept, offer string) float64 {
	q, specificity := 0.0, 0
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		if s := matchRange(strings.TrimSpace(name), offer); s > specificity {
			q, specificity = quality(params), s
		}
	}
	return q
}

// matchRange returns 0 when a media range does not hold offer, else how
// specific it is.
func matchRange(r, offer string) int {
	switch {
	case strings.EqualFold(r, offer):
		return 3
	case r == "*/*":
		return 1
	}
	if prefix, ok := strings.CutSuffix(r, "*"); ok && strings.HasSuffix(prefix, "/") && len(offer) > len(prefix) &&
		strings.EqualFold(prefix, offer[:len(prefix)]) {
		return 2
	}
	return 0
}

// quality reads the q parameter among the parameters of one part of an Accept
// field; 1 when there is none, 0 when it is not a number from 0 to 1.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(param), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
