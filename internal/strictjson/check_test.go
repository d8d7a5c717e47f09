package strictjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/strictjson"
	"github.com/ashlar-go/ashlar/internal/want"
)

var texts = []string{
	``, ` `, `{}`, `[]`, `null`, `true`, `false`, `""`, `0`, `-0`, `1.5e+10`, `-0.0E-1`, " \t\r\n{ \"a\" : [ 1 , 2 ] } \n",
	`{"a":1,"b":[1,2,{"c":null}]}`, `[{"a":1},{"a":1}]`, `{"a":{"a":{"a":1}}}`, `{"":1}`, `{"é":1,"è":2}`, `{"\"":1,"\\":2,"\/":3}`,
	`"\b\f\n\r\t\"\\\/\u00e9"`, `"\ud83d\ude00"`, `"\ud800"`, `"\ud800\u0041"`, "\"\u2028\"", "\"\x7f\"", `1e400`, `"12345678\n12345678"`,

	`{"a":1,"a":2}`, `{"a":1,"A":2}`, `{"a":1,"\u0061":2}`, `{"s":1,"ſ":2}`, `{"k":1,"\u212a":2}`, `{"\u017f":1,"S":2}`, `{"é":1,"É":2}`,
	`{"\ud800":1,"\ud801":2}`, `{"\ud800":1,"�":2}`, `{"\ud83d\ude00":1,"😀":2}`, `{"\n":1,"\u000a":2}`, `{"":1,"":2}`, `{"a":1,"b":2,"c":{"A":1},"B":3}`,
	`{"a":[{"b":1,"b":2}]}`, `{"a":1,"a"`, `{"a":1,"a`, `{"@":1,"` + "`" + `":2}`, `{"[":1,"{":2}`, `{"ab":1,"a":2,"abc":3}`, `{"a\"b":1,"A\u0022B":2}`,
	`{"b":0,"f":0,"n":0,"r":0,"t":0,"\b":1,"\f":2,"\n":3,"\r":4,"\t":5}`, `{"/":1,"\/":2}`, `{"\u00C9":1,"\u00e9":2}`,

	`{`, `[`, `"`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `[1`, `[1,`, `{"a":1,}`, `[1,]`, `{,}`, `[,]`, `{]`, `[}`, `{"a" 1}`, `{"a":1 "b":2}`, `[1 2]`,
	`{a:1}`, `{'a':1}`, `{1:1}`, `{"a"::1}`, `}`, `]`, `:`, `,`, `x`, `'`, `"a" x`, `{}{}`, `1 2`, `{"a":1}{"a":1,"a":2}`, `[]]`, `//`, `/**/`,
	`tru`, `trux`, `t`, `nul`, `nulL`, `fals"`, `falsé`, `-`, `--1`, `+1`, `01`, `-01`, `1.`, `1.x`, `.5`, `1e`, `1e+`, `1ex`, `1.5.5`, `0x1`, `1_0`, `NaN`, `-Infinity`,
	`"\`, `"\x"`, `"\u`, `"\u12`, `"\u12x4"`, `"\u12é"`, "\"a\tb\"", "\"a\x00b\"", "\x00", "{\"a\x1f\":1}", `{"\x":1}`, `"abcdefgh`, "\"abcdefgh\n\"",

	"\xff", "\"\xff\"", "{\"\xff\":1}", "[1,\xc3]", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\xef\xbb\xbf{}", "{\"a\":1,\"a\":2}\xff", "[[[[[\xff", "x\xff",
	"\xff\xfe{\x00}\x00", "\"caf\xc3", "[é]", "\"Привет, мир\"", "\"日本語😀\"",

	`[[[[1]]]]`, `[[[[[1]]]]]`, `{"a":{"b":{"c":{"d":1}}}}`, `{"a":{"b":{"c":{"d":{}}}}}`, `[[],[],[[]],[[[]]],[[[[]]]]]`,
}

// sameAsReference reports where Check and the reference differ on b.
func sameAsReference(t *testing.T, b []byte, depth int) {
	t.Helper()
	err := strictjson.Check(b, depth)
	if got, ref := told(err), told(reference(b, depth)); got != ref {
		t.Errorf("%q: got %s, want %s", b, got, ref)
	}
	if err == nil && !json.Valid(b) {
		t.Errorf("%q: got no error, but it is no JSON", b)
	}
}

func TestCheckIsAsTheReference(t *testing.T) {
	t.Parallel()
	for _, text := range texts {
		for i := range len(text) + 1 { // each may end anywhere
			sameAsReference(t, []byte(text[:i]), 4)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text), uint8(4))
	}
	f.Add([]byte(manyKeys(70, "k")), uint8(64))
	f.Fuzz(func(t *testing.T, b []byte, depth uint8) { sameAsReference(t, b, int(depth)) })
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{`{"name":`, "unexpected end of JSON input at byte 8"},
		{`{"a":[1,]}`, "invalid character ']' looking for beginning of value at byte 9"},
		{`{"na\u006de":1,"x":2, "NA\u006dE":3}`, `key "NAmE" twice in one object at byte 23`},
		{`[[[[[`, "too many levels at byte 5"},
		{"[1,\"a\xff\"]", "invalid UTF-8 at byte 6"},
		{"[1,x,\"\xff\"]", "invalid UTF-8 at byte 7"},
	} {
		err := strictjson.Check([]byte(c.text), 4)
		var e *strictjson.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v, want an *Error", c.text, err)
			continue
		}
		want.Equal(t, err.Error(), c.want)
	}
}

// manyKeys returns an object of n keys that begin with prefix.
func manyKeys(n int, prefix string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%s%d":0`, prefix, i)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

// Wherever the object changes over to a map, a key is found again.
func TestKeysOfLargeObjects(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 63, 64, 65, 66, 1000} {
		for _, prefix := range []string{"k", "ä", `\u00e4`, "\u017f"} {
			object := manyKeys(n, prefix)
			want.NoErr(t, strictjson.Check([]byte(object), 4))
			for _, i := range []int{0, n / 2, n - 1} {
				again := strings.TrimSuffix(object, "}") + fmt.Sprintf(`,"%s%d":1}`, strings.ToUpper(strings.TrimPrefix(prefix, `\`)), i)
				if strings.HasPrefix(prefix, `\`) {
					again = strings.TrimSuffix(object, "}") + fmt.Sprintf(`,"\u00C4%d":1}`, i)
				}
				want.Equal(t, told(strictjson.Check([]byte(again), 4)), told(reference([]byte(again), 4)))
				var e *strictjson.Error
				if err := strictjson.Check([]byte(again), 4); !errors.As(err, &e) || e.Fault != strictjson.KeyTwice {
					t.Errorf("%d keys %q, number %d again: got %v, want a key that is there twice", n, prefix, i, err)
				}
			}
		}
	}
}

// A hundred times the keys take about a hundred times as long, not ten
// thousand times: a quadratic check would not end within the test's time.
func TestManyKeysAreNotQuadratic(t *testing.T) {
	t.Parallel()
	want.NoErr(t, strictjson.Check([]byte(manyKeys(1_000_000, "k")), 4))
}

func nested(depth, keys int) string {
	if depth == 0 {
		return "1"
	}
	object := manyKeys(keys-1, "key number ")
	return strings.TrimSuffix(object, "}") + `,"in":` + nested(depth-1, keys) + "}"
}

// Not parallel: AllocsPerRun counts those of the whole process.
func TestCheckDoesNotAllocate(t *testing.T) {
	for name, text := range map[string]string{
		"64 keys at 64 levels": nested(64, 64),
		"other scripts":        `{"Привет":"Привет, мир","caf\u00e9":"\u00e9\n😀","日本語":["日本語"]}`,
		"a long list":          "[" + strings.Repeat(`{"a":-1.5e10,"b":true,"c":null},`, 1000) + "{}]",
	} {
		b := []byte(text)
		want.NoErr(t, strictjson.Check(b, 64))
		got := testing.AllocsPerRun(10, func() { _ = strictjson.Check(b, 64) })
		if got != 0 {
			t.Errorf("%s: got %v allocations, want none", name, got)
		}
	}
}
