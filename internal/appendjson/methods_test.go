package appendjson_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"testing"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

var errMethod = errors.New("a <method> fails")

// written returns text, or the error that text asks for.
func written(text string) ([]byte, error) {
	if text == "fail" {
		return []byte("1"), errMethod
	}
	return []byte(text), nil
}

type (
	jsonValue      struct{ s string }
	jsonPointer    struct{ s string }
	textValue      struct{ S string }
	textPointer    struct{ S string }
	both           struct{ S string }
	jsonOnPointer  struct{ S string } // and MarshalText on the value
	byteJSON       byte
	byteText       byte
	textLabel      string
	textInt        int
	textPointerInt int
	jsonMap        map[string]int
	jsonSlice      []int
	jsonFunc       func() string
	textChan       chan int
	textAny        interface{ encoding.TextMarshaler }
	jsonAny        interface{ json.Marshaler }
	jsonFloat      float64
)

func (j jsonValue) MarshalJSON() ([]byte, error)       { return written(j.s) }
func (j *jsonPointer) MarshalJSON() ([]byte, error)    { return written(j.s) }
func (x textValue) MarshalText() ([]byte, error)       { return written(x.S) }
func (x *textPointer) MarshalText() ([]byte, error)    { return written(x.S) }
func (b both) MarshalJSON() ([]byte, error)            { return written(b.S) }
func (b both) MarshalText() ([]byte, error)            { return nil, errMethod }
func (j *jsonOnPointer) MarshalJSON() ([]byte, error)  { return written(j.S) }
func (j jsonOnPointer) MarshalText() ([]byte, error)   { return written("text of " + j.S) }
func (b *byteJSON) MarshalJSON() ([]byte, error)       { return written("true") }
func (b byteText) MarshalText() ([]byte, error)        { return written("b") }
func (l textLabel) MarshalText() ([]byte, error)       { return written("text of " + string(l)) }
func (i textInt) MarshalText() ([]byte, error)         { return written(string(rune('a' + i))) }
func (i *textPointerInt) MarshalText() ([]byte, error) { return written("never a key") }
func (m jsonMap) MarshalJSON() ([]byte, error)         { return written("[]") }
func (s jsonSlice) MarshalJSON() ([]byte, error)       { return written(" [ ] ") }
func (f jsonFunc) MarshalJSON() ([]byte, error)        { return written(f()) }
func (c textChan) MarshalText() ([]byte, error)        { return written("chan") }
func (f jsonFloat) MarshalJSON() ([]byte, error)       { return written(`"float"`) }

func TestMethods(t *testing.T) {
	t.Parallel()
	run(t, []group{
		{"json", []any{
			jsonValue{"1"}, jsonValue{""}, jsonValue{"fail"}, jsonValue{" {\"a\": \"<\u2028>\"} "}, jsonValue{"{]"}, jsonValue{"nul"},
			jsonValue{`"<"`}, jsonValue{`">"`}, jsonValue{`"&"`}, jsonValue{"\"\u2028\""}, jsonValue{"\"\u2029\""}, jsonValue{"\"\u202a\""}, jsonValue{"1 2"},
			jsonPointer{"1"}, jsonPointer{"fail"}, jsonPointer{"}"}, &jsonPointer{"true"}, &jsonPointer{"tru"}, (*jsonPointer)(nil), (*jsonValue)(nil),
			jsonMap(nil), jsonMap{}, jsonSlice(nil), jsonSlice{1}, jsonFunc(func() string { return "3" }), jsonFloat(1),
		}},
		{"text", []any{
			textValue{"<text>"}, textValue{"fail"}, textValue{"\xff\u2028"}, textPointer{"x"}, textPointer{"fail"}, &textPointer{"y"}, &textPointer{"fail"},
			(*textValue)(nil), (*textPointer)(nil), textLabel("x"), textInt(2), textPointerInt(2), textChan(nil), textValue{""}, textValue{"a text of more than a word"},
		}},
		{"both", []any{both{"1"}, both{"fail"}, &both{"2"}, jsonOnPointer{"1"}, &jsonOnPointer{"2"}, jsonOnPointer{"fail"}, jsonOnPointer{"["}}},
		{"interfaces", []any{
			[]json.Marshaler{nil, jsonValue{"1"}, &jsonPointer{"2"}}, []jsonAny{nil, jsonValue{"x"}}, []jsonAny{jsonValue{"fail"}},
			[]encoding.TextMarshaler{nil, textValue{"1"}, &textPointer{"2"}}, []textAny{nil, textValue{"fail"}}, []error{nil, errMethod},
			struct{ M json.Marshaler }{(*jsonPointer)(nil)}, struct{ M textAny }{(*textPointer)(nil)}, // a panic, here and there
		}},
		{"embedded", []any{
			struct{ jsonValue }{jsonValue{"1"}}, struct {
				textValue
				A int
			}{textValue{"t"}, 1}, struct{ *jsonPointer }{&jsonPointer{"1"}}, struct{ *jsonPointer }{},
			struct {
				jsonPointer
				A int
			}{jsonPointer{"1"}, 2}, struct{ json.Marshaler }{jsonValue{"5"}}, struct{ json.Marshaler }{}, struct {
				jsonValue
				textValue
			}{jsonValue{"6"}, textValue{"7"}},
		}},
	})
}

// A caller asks for the cause with errors.Is, and for what failed with errors.As.
func TestMethodErrorUnwraps(t *testing.T) {
	t.Parallel()
	var enc appendjson.Encoder
	for _, v := range []any{jsonValue{"fail"}, textValue{"fail"}} {
		_, err := enc.Append(nil, v)
		if !errors.Is(err, errMethod) {
			t.Errorf("%T: got error %v, want one that is %v", v, err, errMethod)
		}
	}
	_, err := enc.Append(nil, jsonValue{"]"})
	if _, ok := errors.AsType[*json.SyntaxError](err); !ok {
		t.Errorf("got error %v, want a *json.SyntaxError in it", err)
	}
}
