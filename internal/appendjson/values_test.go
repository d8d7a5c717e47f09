package appendjson_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"testing"
	"time"
	"unsafe"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

type (
	flag     bool
	small    int8
	byteLike uint8
	ratio    float32
	label    string
	labels   []label
	blob     []byte
	number   json.Number
	stamp    time.Time
	moment   struct{ time.Time }
	pointer  *int
	stringer interface{ String() string }
)

func TestScalars(t *testing.T) {
	t.Parallel()
	one := 1
	run(t, []group{
		{"nil", []any{nil}},
		{"bool", []any{true, false, flag(true)}},
		{"int", []any{0, -1, int64(math.MaxInt64), int64(math.MinInt64), int8(-128), int16(5), int32(-7), small(3), time.Second, time.May}},
		{"uint", []any{uint(0), uint8(255), uint16(1), uint32(2), uint64(math.MaxUint64), uintptr(9), byteLike(7)}},
		{"string", []any{"", "a", "seven b", "eight by", "nine byte", label("<b>"), "a long one that has \"quotes\"", "日本語, ελληνικά"}},
		{"pointer", []any{&one, pointer(&one), pointer(nil), (*int)(nil), (**string)(nil)}},
		{"number", []any{
			json.Number(""), json.Number("0"), json.Number("-0.5e+10"), json.Number("12E-3"), json.Number("01"),
			json.Number("-"), json.Number("1."), json.Number(".5"), json.Number("1e"), json.Number("1e+"), json.Number("1e5x"),
			json.Number("1e+x"), json.Number("+1"), json.Number("0x1"), json.Number(" 1"), json.Number("--1"), json.Number("-01"),
			json.Number("NaN"), json.Number("1.e1"), json.Number("\"<"), number("not one"),
		}},
		{"unsupported", []any{
			func() {}, (func())(nil), make(chan int), complex(1, 2), unsafe.Pointer(nil), complex64(0),
			struct{ F func() }{}, []func(){}, map[string]chan int{}, [0]func(){}, []any{1, make(chan int)},
		}},
	})
}

func TestFloats(t *testing.T) {
	t.Parallel()
	floats := []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, 0.5, 19.99, 100.25, 0.0001, 0.00001, 0.00012, 1e-6, 9.99e-7, 1e-9, 1e-10, 1e-99, 1e-100,
		1e20, 1e21, 9.99e20, 1e22, 1e100, 123456789.1234, 99999999999.9999, 1e11, 1e11 + 0.5, 1.0 / 3, 2.0 / 3, math.Pi, math.E,
		math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 53, 1<<53 + 2, 0.30000000000000004, 1.005, 4.35, 0.00005, 0.00015,
		math.Nextafter(0.1, 1), math.Nextafter(19.99, 0), math.Nextafter(1e-6, 0), math.Nextafter(1e21, 0),
		math.NaN(), math.Inf(1), math.Inf(-1),
	}
	var wide, narrow []any
	for _, f := range floats {
		wide = append(wide, f, -f)
		narrow = append(narrow, float32(f), -float32(f), ratio(f))
	}
	limit := float32(1e-6)
	narrow = append(narrow, math.Nextafter32(limit, 0), math.Nextafter32(1e21, 0), math.Nextafter32(1e21, math.MaxFloat32))
	run(t, []group{{"float64", wide}, {"float32", narrow}})
}

func TestStrings(t *testing.T) {
	t.Parallel()
	var values []string
	// Each character at each place of a word, so that none is missed by the
	// test of eight at a time.
	for c := range rune(0x180) {
		for n := range 18 {
			values = append(values, fmt.Sprintf("%.*s%c%.*s", n, "abcdefghijklmnopqr", c, 17-n, "ABCDEFGHIJKLMNOPQR"))
		}
	}
	for c := range 0x100 {
		values = append(values, string([]byte{byte(c)}), string([]byte{'x', byte(c), 'y'}))
	}
	for a := 0x80; a < 0x100; a++ { // what begins like a rune and does not end like one
		for b := 0x80; b < 0x100; b++ {
			values = append(values, string([]byte{byte(a), byte(b), 'x'}))
		}
	}
	values = append(values, "\u2028", "\u2029", "\u2027\u202a", "a\u2028b\u2029c", "\ufffd", "\U0001f600", "\xf0\x9f\x98", "\xed\xa0\x80",
		"\xc0\x80", "\xe2\x80", "\xe2\x80\xa8\xe2", "\x7f", "plain text then <script>alert('&amp;')</script>\x00\xff end", "\xff\xfe\xfd")
	type all struct {
		S string
		Q string `json:",string"`
		T textValue
		M map[string]int
	}
	var enc appendjson.Encoder
	for _, s := range values {
		same(t, &enc, all{s, s, textValue{s}, map[string]int{s: 1}})
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	run(t, []group{
		{"bytes", []any{[]byte(nil), []byte{}, []byte("any carnal pleas"), blob("x"), blob(nil), []byteLike{1, 2, 3}, [3]byte{1, 2, 3}}},
		{"bytes with methods", []any{[]byteJSON{1, 2}, []byteText{3}, []byteJSON(nil), []byteText{}, [2]byteJSON{4, 5}}},
		{"slices", []any{[]int(nil), []int{}, []int{1, 2}, []string{"a", "<"}, labels{"x"}, [][]int{nil, {}, {1}}, []*int{nil}, []any{nil, 1, "x", []any{}}}},
		{"arrays", []any{[0]int{}, [2]string{"a", "b"}, [1][1]bool{}, [2]any{}}},
	})
}

func TestMaps(t *testing.T) {
	t.Parallel()
	many := map[string]any{}
	for i := range 40 {
		many[fmt.Sprint("key ", i)] = i
	}
	run(t, []group{
		{"strings", []any{
			map[string]any(nil), map[string]any{}, many, map[string]any{"b": nil, "a": "x", "<&>": map[string]any{}, "\xff": 1, "\u2028": 2},
			map[string]string{"b": "<", "a": ""}, map[string]string(nil), map[label]int{"z": 1, "a": 2}, map[string]int{"é": 1, "z": 2},
			map[string]*int{"nil": nil}, map[string][]string{"a": nil, "b": {"c"}}, url.Values{"q": {"a", "b"}},
		}},
		{"numbers", []any{
			map[int]string{10: "a", 9: "b", -1: "c"}, map[uint8]bool{200: true, 30: false}, map[small]int{1: 1},
			map[uintptr]int{1: 1}, map[int64]any{}, map[time.Duration]int{time.Second: 1},
		}},
		{"text", []any{
			map[textValue]int{{"b"}: 1, {"a"}: 2}, map[textLabel]int{"b": 1}, map[textInt]int{3: 1, 2: 2}, map[textPointerInt]int{3: 1},
			map[*textPointer]int{{"p"}: 1, nil: 2}, map[netip.Addr]string{netip.MustParseAddr("10.0.0.1"): "x", {}: "zero"},
			map[textValue]int{{"fail"}: 1}, map[textAny]int{textValue{"i"}: 1}, map[textAny]int{textValue{"fail"}: 1},
			map[textAny]int{nil: 1}, map[time.Time]int{time.Unix(0, 0).UTC(): 1},
		}},
		{"values with methods", []any{
			map[string]jsonValue{"a": {"1"}}, map[string]jsonPointer{"a": {"1"}}, map[string]*jsonPointer{"a": {"1"}, "b": nil},
			map[string]time.Time{"t": {}}, map[string]struct{ P jsonPointer }{"s": {jsonPointer{"2"}}},
		}},
		{"unsupported", []any{
			map[float64]int{}, map[float64]int(nil), map[bool]int{true: 1}, map[any]int{}, map[[2]int]int{}, map[struct{}]int{}, map[textPointer]int{},
		}},
	})
}

func TestTimes(t *testing.T) {
	t.Parallel()
	far := time.FixedZone("far", 24*60*60)
	run(t, []group{{"times", []any{
		time.Time{}, time.Unix(0, 0).UTC(), time.Date(2026, 2, 3, 4, 5, 6, 789, time.UTC), time.Date(2026, 2, 3, 4, 5, 6, 780_000_000, time.FixedZone("CEST", 7200)),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, far),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.FixedZone("", -5*3600-1800)), stamp{}, moment{}, moment{time.Unix(1, 5).UTC()},
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("seconds", 3601)), struct{ *moment }{}, struct{ *time.Time }{},
	}}})
}

func TestStandardTypes(t *testing.T) {
	t.Parallel()
	u, _ := url.Parse("https://example.com/a?b=<c>")
	run(t, []group{{"standard", []any{
		big.NewInt(123), *big.NewInt(5), big.NewFloat(1.5), u, netip.MustParsePrefix("10.0.0.0/8"), fmt.Errorf("an error"), stringer(time.Second),
		json.RawMessage(nil), json.RawMessage(""), json.RawMessage("null"), json.RawMessage(` { "a" : [ 1 , "<b>" ] } `), json.RawMessage("{"),
		json.RawMessage("\"\u2028&\u2029\""), json.RawMessage(`{"a":1}x`), json.RawMessage("\"\xff\xe2\x80\""), json.RawMessage("<"), json.RawMessage("1\u2028"),
	}}})
}
