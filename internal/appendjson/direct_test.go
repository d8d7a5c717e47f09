package appendjson_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// every has each kind of field that is read at its offset, with gaps between
// them, and fields that are not.
type every struct {
	B    bool
	I8   int8
	I16  int16
	I32  int32
	I    int
	I64  int64
	Gap  byte `json:"-"`
	U8   uint8
	U16  uint16
	U32  uint32
	U    uint
	U64  uint64
	Ptr  uintptr
	F32  float32
	F64  float64
	S    string
	At   time.Time
	Long string `json:"a_name_of_more_than_sixteen_bytes"`
	*pong
	Other
	Named label
	Month time.Month
	Any   any
	Last  int16
}

type sparse struct {
	B     bool       `json:",omitempty"`
	I8    int8       `json:",omitzero"`
	I16   int16      `json:",omitempty"`
	I32   int32      `json:",omitempty,omitzero"`
	I     int        `json:",omitempty"`
	I64   int64      `json:",omitempty"`
	U8    uint8      `json:",omitempty"`
	U16   uint16     `json:",omitzero"`
	U32   uint32     `json:",omitempty"`
	U     uint       `json:",omitempty"`
	U64   uint64     `json:",omitempty"`
	Ptr   uintptr    `json:",omitempty"`
	F32   float32    `json:",omitempty"`
	F64   float64    `json:",omitzero"`
	S     string     `json:",omitempty"`
	At    time.Time  `json:",omitzero"`
	Zero  alwaysZero `json:",omitzero"`
	Named label      `json:",omitzero"`
	Even  evenZero   `json:",omitzero"`
	Count evenZero   `json:",omitempty"`
}

// evenZero is of a kind that is read directly, but says itself what is zero.
type evenZero int

func (e evenZero) IsZero() bool { return e%2 == 0 }

func TestDirectFields(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 9, 30, 0, 1, time.UTC)
	low := every{true, math.MinInt8, math.MinInt16, math.MinInt32, math.MinInt, math.MinInt64, 1, 1, 2, 3, 4, 5, 6, -0.5, -1e-9, "<s>", at, "l",
		&pong{N: 7}, Other{1, 2}, "é", time.May, &Other{}, -1}
	high := every{true, math.MaxInt8, math.MaxInt16, math.MaxInt32, math.MaxInt, math.MaxInt64, 1, math.MaxUint8, math.MaxUint16, math.MaxUint32,
		math.MaxUint, math.MaxUint64, math.MaxUint, math.MaxFloat32, math.MaxFloat64, strings.Repeat("long ", 50), at, "\xff", nil, Other{}, "", 0, nil, 9}
	full := sparse{true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "s", at, alwaysZero{}, "n", 2, 2}
	odd := full
	odd.Even, odd.Count = 3, 0
	run(t, []group{
		{"values", []any{every{}, low, high, []every{low, {}, high}, [2]*every{&low, nil}, struct{ every }{low}, struct{ *every }{&high}}},
		{"omitted", []any{sparse{}, full, odd, []sparse{{}, full, odd}, struct{ sparse }{full}, []struct{ *sparse }{{}, {&full}}}},
		{"rows", []any{rows(3), []row(nil), []row{}, [2]row{}, [][]row{rows(2), nil}, []*row{{}, nil}, struct{ Rows []row }{rows(1)}}},
		{"errors", []any{
			&every{F32: float32(math.NaN())}, &every{F64: math.Inf(-1)}, &every{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
			[]struct{ R ratio }{{ratio(math.Inf(1))}}, []struct{ T time.Time }{{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}},
		}},
	})
}

func TestIntegers(t *testing.T) {
	t.Parallel()
	type all struct {
		I int64
		U uint64
	}
	var list []all
	for p := uint64(1); ; p *= 10 {
		for _, u := range []uint64{p - 1, p, p + 1, 2*p - 1, 5 * p, 9*p + 9, -p} {
			list = append(list, all{int64(u), u}, all{-int64(u), -u})
		}
		if p == 1e19 {
			break
		}
	}
	for u := range uint64(100_000) {
		list = append(list, all{int64(u) * 9973, u})
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		u := random.Uint64() >> random.IntN(64)
		list = append(list, all{int64(u), u})
	}
	var enc appendjson.Encoder
	same(t, &enc, list)
}

// Words are stored where there is room for them only.
func TestRoom(t *testing.T) {
	t.Parallel()
	const guard = 0xa5
	var enc appendjson.Encoder
	for _, v := range []any{rows(2), &every{S: "text", I64: math.MinInt64}, []sparse{{S: "<"}}, []any{"plain", 1, -12345678901, true}, "plain text", map[string]int{"k": -1}} {
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for room := range len(want) + 64 {
			array := make([]byte, room+64)
			for i := range array {
				array[i] = guard
			}
			got, err := enc.Append(array[:0:room], v)
			if err != nil || string(got) != string(want) {
				t.Fatalf("%T with room for %d: got %s, error %v, want %s", v, room, got, err, want)
			}
			for i, b := range array[room:] {
				if b != guard {
					t.Fatalf("%T with room for %d: got %#x at %d behind it, want it as it was", v, room, b, i)
				}
			}
		}
	}
}
