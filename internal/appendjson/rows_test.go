package appendjson_test

import (
	"strconv"
	"testing"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// row is a row of the answer "JSON list of 100 rows" of bench/http.
type row struct {
	ID       int64  `json:"id"`
	Title    string `json:"title"`
	Director string `json:"director"`
	Genre    string `json:"genre"`
	Year     int    `json:"year"`
	Minutes  int    `json:"minutes"`
	Price    int    `json:"price"`
	InStock  bool   `json:"in_stock"`
}

func rows(n int) []row {
	list := make([]row, n)
	for i := range list {
		list[i] = row{int64(1000 + i), "The Flavour of Green Tea over Rice", "Yasujiro Ozu, Kogo Noda",
			"drama", 1920 + i, 90 + i%60, 700 + 10*i, i%3 > 0}
	}
	return list
}

// BenchmarkRows has a third contender: the code that a generator would write
// for this type alone, on strconv and a table of plain characters.
func BenchmarkRows(b *testing.B) {
	list := rows(100)
	compare(b, list)
	b.Run("hand", func(b *testing.B) {
		var enc appendjson.Encoder
		want, err := enc.Append(nil, list)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		b.SetBytes(int64(len(want)))
		var buf []byte
		for b.Loop() {
			buf = appendRows(buf[:0], list)
		}
		if string(buf) != string(want) {
			b.Fatalf("got %s, want %s", buf, want)
		}
	})
}

func appendRows(dst []byte, list []row) []byte {
	dst = append(dst, '[')
	for i := range list {
		r := &list[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, `{"id":`...), r.ID, 10)
		dst = appendPlain(append(dst, `,"title":`...), r.Title)
		dst = appendPlain(append(dst, `,"director":`...), r.Director)
		dst = appendPlain(append(dst, `,"genre":`...), r.Genre)
		dst = strconv.AppendInt(append(dst, `,"year":`...), int64(r.Year), 10)
		dst = strconv.AppendInt(append(dst, `,"minutes":`...), int64(r.Minutes), 10)
		dst = strconv.AppendInt(append(dst, `,"price":`...), int64(r.Price), 10)
		dst = strconv.AppendBool(append(dst, `,"in_stock":`...), r.InStock)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// plain says which characters stand for themselves.
var plain = func() (set [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		set[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return set
}()

func appendPlain(dst []byte, s string) []byte {
	for i := range len(s) {
		if !plain[s[i]] {
			panic("not made for this text")
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}
