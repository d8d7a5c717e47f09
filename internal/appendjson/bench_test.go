package appendjson_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

type message struct {
	Message string `json:"message"`
}

// film is a row of a list as an application answers with it.
type film struct {
	ID       int64     `json:"id"`
	Title    string    `json:"title"`
	Director string    `json:"director"`
	Summary  string    `json:"summary"`
	Year     int       `json:"year"`
	Price    float64   `json:"price"`
	InStock  bool      `json:"in_stock"`
	Added    time.Time `json:"added"`
}

func films(n int) []film {
	out := make([]film, n)
	for i := range out {
		out[i] = film{
			ID:       int64(1000 + i),
			Title:    fmt.Sprintf("The film number %d", i),
			Director: "Agnès Varda",
			Summary:  "A walk of ninety minutes through the city, from five to seven.",
			Year:     1920 + i,
			Price:    float64(999+7*i) / 100,
			InStock:  i%3 == 0,
			Added:    time.Date(2026, 5, 1, 9, 30, i%60, 250_000_000, time.UTC),
		}
	}
	return out
}

// Run "go test -bench . -count 8 ./internal/appendjson" and compare the minima.
func BenchmarkMessage(b *testing.B) { compare(b, &message{"Hello, World!"}) }

func BenchmarkList(b *testing.B) { compare(b, films(100)) }

func BenchmarkMap(b *testing.B) {
	compare(b, map[string]any{"ok": true, "count": 12, "title": "Cléo", "film": films(1)[0], "tags": []string{"new", "french"}})
}

func BenchmarkOptional(b *testing.B) {
	type row struct {
		ID    int               `json:"id,string"`
		Name  *string           `json:"name,omitempty"`
		Seen  *time.Time        `json:"seen"`
		Score *float64          `json:"score"`
		Tags  []string          `json:"tags,omitempty"`
		Links map[string]string `json:"links,omitempty"`
		Ended time.Time         `json:"ended,omitzero"`
	}
	name, seen, score := "Corinne <3", time.Date(2026, 5, 1, 9, 30, 0, 0, time.UTC), 1.0/3
	compare(b, []*row{{1, &name, &seen, &score, []string{"a", "b"}, map[string]string{"self": "/rows/1?a=1&b=2"}, seen}, {ID: 2}})
}

func BenchmarkText(b *testing.B) {
	for name, text := range map[string]string{
		"ascii": "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.",
		"greek": "Ἐν ἀρχῇ ἦν ὁ λόγος, και ο λόγος ήταν προς τον Θεό, και Θεός ήταν ο λόγος.",
		"han":   "天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。寒来暑往，秋收冬藏。",
		"html":  "<p class=\"intro\">Fish &amp; chips<br>\n</p>\n<p>Salt &amp; vinegar</p>\n",
	} {
		b.Run(name, func(b *testing.B) { compare(b, []string{text, text, text, text}) })
	}
}

func compare(b *testing.B, v any) {
	want, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("std", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(want)))
		for b.Loop() {
			_, _ = json.Marshal(v)
		}
	})
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(want)))
		var enc appendjson.Encoder
		var buf []byte
		for b.Loop() {
			buf, _ = enc.Append(buf[:0], v)
		}
		if string(buf) != string(want) {
			b.Fatalf("got %s, want %s", buf, want)
		}
	})
}
