package modelgen // the functions are not exported, and this is their whole behaviour

import (
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, snake, plural, lower string }{
		{"Film", "film", "Films", "film"},
		{"OrderLine", "order_line", "OrderLines", "orderLine"},
		{"ID", "id", "IDs", "id"},
		{"OrderID", "order_id", "OrderIDs", "orderID"},
		{"UserIDs", "user_ids", "UserIDses", "userIDs"},
		{"HTTPServer", "http_server", "HTTPServers", "httpServer"},
		{"Category", "category", "Categories", "category"},
		{"Day", "day", "Days", "day"},
		{"Address", "address", "Addresses", "address"},
		{"Box", "box", "Boxes", "box"},
		{"Batch", "batch", "Batches", "batch"},
		{"Sha256Sum", "sha256_sum", "Sha256Sums", "sha256Sum"},
		{"Old_Name", "old_name", "Old_Names", "old_Name"},
		{"X", "x", "Xes", "x"},
	} {
		want.Equal(t, snake(test.name), test.snake)
		want.Equal(t, plural(test.name), test.plural)
		want.Equal(t, lowerFirst(test.name), test.lower)
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	o, err := parseTag(`json:"x" db:"pk,column=full_name, size=20 ,check=genre in ('a,b', 'c') and f(x, y) > 0,default='it''s, so',index,unique=a_b,was=old,references=t.id,ondelete=restrict"`)
	want.NoErr(t, err)
	want.Equal(t, o, options{
		pk: true, column: "full_name", size: 20, checks: []string{"genre in ('a,b', 'c') and f(x, y) > 0"},
		hasValue: true, value: "'it''s, so'", indexes: []named{{"", false}, {"a_b", true}}, was: "old",
		refTable: "t", refColumn: "id", onDelete: "restrict",
	})
}

// FuzzTag: no tag makes the parser panic, and a default that it takes is one
// literal that cannot end before its end.
func FuzzTag(f *testing.F) {
	f.Add("pk")
	f.Add("check=price in (1, 2),default='it''s'")
	f.Add("size=99999999999999999999,index=,unique")
	f.Fuzz(func(t *testing.T, tag string) {
		o, err := parseTag(`db:"` + tag + `"`)
		if err != nil || !o.hasValue {
			return
		}
		text, err := literal(o.value, schema.Text)
		if err != nil || strings.Contains(strings.ReplaceAll(text[1:len(text)-1], "''", ""), "'") {
			t.Errorf("got default %s of %q", text, o.value)
		}
	})
}
