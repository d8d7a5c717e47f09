package strictjson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/strictjson"
)

func BenchmarkCheck(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"fields", `{"title":"Solaris","author":"Andrei Tarkovsky","email":"andrei@example.org","section":"film","year":1972,"price":9.5,"public":true,` +
			`"text":"` + strings.Repeat("And a longer one, in which more is told. ", 20) + `","tags":["science-fiction","space","ocean"]}`},
		{"small objects", "[" + strings.Repeat(`{"film":17,"quantity":2},`, 40) + "{}]"},
		{"other scripts", `{"text":"` + strings.Repeat("Привет, мир. ", 45) + `"}`},
		{"300 keys", manyKeys(300, "k")},
	} {
		text := []byte(c.text)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				_ = strictjson.Check(text, 64)
			}
		})
		b.Run(c.name+"/json.Valid", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_ = json.Valid(text)
			}
		})
	}
}
