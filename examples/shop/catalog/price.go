package catalog

import (
	"hash/fnv"

	"github.com/ashlar-go/ashlar/examples/shop/money"
)

// price invents what the film costs, since the source does not know. Newer
// films cost more, the old ones are for collectors again; a loved film costs
// 2 dollars more and a bad one 3 dollars less:
//
//	2008 and later    $17.90     score 8.0 and more    + $2.00
//	2000 to 2007      $12.90     score under 5.0       − $3.00
//	1980 to 1999       $9.90
//	before 1980       $11.90
//	year unknown       $9.90
//
// It depends on nothing but the record, so that every import agrees.
func price(rec *Record) money.Cents {
	var cents money.Cents
	switch year := rec.Year; {
	case year >= 2008:
		cents = 1790
	case year >= 2000:
		cents = 1290
	case year >= 1980 || year == 0:
		cents = 990
	default:
		cents = 1190
	}
	switch {
	case rec.Score >= 80:
		cents += 200
	case rec.Score > 0 && rec.Score < 50:
		cents -= 300
	}
	return cents
}

// stock invents how many copies there are. A hash of the slug deals them out:
// of 19 films about one is sold out and two have a single copy, so that every
// page of the shop shows each case; the others have 2 copies and up to 2 + n
// more, n growing with the votes to 18.
func stock(rec *Record) int {
	h := fnv.New32a()
	h.Write([]byte(rec.Slug))
	sum := h.Sum32()
	switch sum % 19 {
	case 0:
		return 0
	case 1, 2:
		return 1
	}
	spread := uint32(min(3+rec.Votes/20_000, 19))
	return 2 + int(sum>>8%spread)
}
