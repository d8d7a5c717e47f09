package appendjson_test

import (
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// Not parallel: testing.AllocsPerRun counts those of the whole process.
func TestAllocs(t *testing.T) {
	type row struct {
		ID     int64 `json:"id,string"`
		U      uint8
		B      bool
		F      float64
		G      float32
		S      string
		Q      string `json:",string"`
		T      time.Time
		P      *time.Time
		O      time.Time `json:",omitzero"`
		Tags   []string
		Nums   [2]int
		Blob   []byte
		Name   *string `json:",omitempty"`
		Map    map[string]string
		Any    map[string]any
		Inner  Inner
		Values []any
	}
	name, at := "a \"name\"\n", time.Unix(1, 5)
	full := row{
		ID: 1, F: 1.0 / 3, G: 0.1, S: "<text> é \xff", Q: "quoted \"twice\"", T: at, P: &at, O: at, Tags: []string{"a", "b"}, Blob: []byte("blob"),
		Name: &name, Map: map[string]string{"b": "1", "a": "2"}, Any: map[string]any{"x": "y", "n": nil, "l": []string{"z"}}, Values: []any{"a", 5, 2.5},
	}
	for name, v := range map[string]any{
		"message": &message{"Hello"}, "message by value": message{"Hello"}, "list": films(20), "film rows": rows(20), "pointers": []*film{{}, nil},
		"row": &full, "row by value": full, "rows": []row{full, full},
	} {
		var enc appendjson.Encoder
		buf, err := enc.Append(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		if got := testing.AllocsPerRun(100, func() { buf, _ = enc.Append(buf[:0], v) }); got != 0 {
			t.Errorf("%s: got %v allocations, want none", name, got)
		}
	}
}
