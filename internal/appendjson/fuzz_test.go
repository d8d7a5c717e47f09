package appendjson_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// TestGenerated is the fuzz test with programs from a fixed seed, so that each
// run of the tests covers what is common.
func TestGenerated(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var enc appendjson.Encoder
	good := 0
	const rounds = 4000
	for range rounds {
		p := make(program, 20+random.IntN(200))
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		if same(t, &enc, p.value()) != "" {
			good++
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if good < rounds/3 {
		t.Errorf("got %d of %d values that can be encoded, want a third of them", good, rounds)
	}
}

func FuzzGenerated(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{9, 6, 0, 1, 0, 9, 3, 0, 10, 4, 1, 0, 0, 2, 3, 1, 1, 1, 6, 0, 20, 5, 8, 0, 4, 1, 7, 3, 0, 3, 2, 200, 201, 2, 3, 4})
	f.Add([]byte{5, 8, 5, 5, 0, 21, 3, 1, 9, 9, 9, 9})
	f.Add([]byte("a program of which nobody knows what it makes, but that it is long enough to make something"))
	var enc appendjson.Encoder
	f.Fuzz(func(t *testing.T, data []byte) {
		p := program(data)
		v := p.value()
		same(t, &enc, v)
		same(t, new(appendjson.Encoder), v)
	})
}

func FuzzStrings(f *testing.F) {
	for _, s := range []string{"", "plain", "<a href=\"x\">&amp;</a>", "\u2028\u2029", "\xff\xe2\x80", "日本語 and more\x00\x1f\x7f", "12.5e-3", ` {"a": "<"} `} {
		f.Add(s)
	}
	type all struct {
		S   string
		Q   string `json:",string"`
		T   textValue
		L   []label
		M   map[string]string
		K   map[label]int
		Any any
	}
	var enc appendjson.Encoder
	f.Fuzz(func(t *testing.T, s string) {
		same(t, &enc, all{s, s, textValue{s}, []label{label(s)}, map[string]string{s: s}, map[label]int{label(s): 1}, s})
		same(t, &enc, json.Number(s))
		same(t, &enc, json.RawMessage(s))
		same(t, &enc, jsonValue{s})
		same(t, &enc, []byte(s))
	})
}

func FuzzFloats(f *testing.F) {
	for _, x := range []float64{0, 0.1, 19.99, 1e-7, 1e21, 1e-100, 1.0 / 3, 123456789.0125, math.MaxFloat64, math.Inf(1)} {
		f.Add(math.Float64bits(x), int64(x))
	}
	type all struct {
		Wide   float64
		Narrow float32
		Quoted float64 `json:",string"`
	}
	var enc appendjson.Encoder
	f.Fuzz(func(t *testing.T, bits uint64, n int64) {
		x := math.Float64frombits(bits)
		same(t, &enc, all{x, math.Float32frombits(uint32(bits)), x})
		// Near a number with few decimals is where the short way ends.
		for _, scale := range []float64{1, 10, 100, 1000, 10_000, 100_000} {
			d := float64(n) / scale
			same(t, &enc, []float64{d, math.Nextafter(d, math.Inf(1)), math.Nextafter(d, math.Inf(-1)), d * 1e-3, d * 1e3})
			same(t, &enc, float32(d))
		}
	})
}
