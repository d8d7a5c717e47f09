package appendjson_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
	"time"
)

type (
	Inner  struct{ A, B int }
	Other  struct{ A, C int }
	Tagged struct {
		X int `json:"A"`
	}
	AlsoTag struct {
		Y int `json:"A"`
	}
	deep   struct{ Inner }
	hidden struct{ D, e int }
	Loop   struct {
		*Loop
		N int
	}
	Twice1    struct{ Inner }
	Twice2    struct{ Inner }
	LeftRight struct {
		Twice1
		Twice2
		B int
	}
	Names  []string
	quiet  int
	Loud   int
	Any    interface{ M() }
	silent interface{ M() }
)

type embeddings struct {
	Inner
	*Other
	hidden
	Z int
}

type (
	alwaysZero struct{ N int }
	byPointer  struct{ N int }
	zeroMap    map[string]int
	zeroer     interface{ IsZero() bool }
)

func (alwaysZero) IsZero() bool   { return true }
func (p *byPointer) IsZero() bool { return p.N == 7 }
func (m zeroMap) IsZero() bool    { return len(m) == 1 }

func TestFields(t *testing.T) {
	t.Parallel()
	text, n := "x", 5
	run(t, []group{
		{"tags", []any{
			struct{}{},
			struct {
				A int `json:"a"`
				B int `json:"-"`
				C int `json:",omitempty"`
				D int `xml:"k"`
				É int
				u int
				_ int
			}{},
			tagged(`-,`, `-,omitempty`, `bad"name`, `<é&>`, `a b`, ` `, `i,b`, `日本,omitempty`, "\u2028", "\xff", `!#$%&()*+-./:;<=>?@[]^_{|}~`,
				`back\slash`, `omitempty`, `p,omitEmpty,unknown,`, `,,omitempty`, `'quoted'`, `q,omitempty `, ``),
			made(field("A", 0, `json:"same"`), field("B", 0, `json:"same"`), field("C", 0, `json:"C"`), field("D", 0, `json:"C"`), field("E", 0, "")),
			made(field("A", 1, `json:"B"`), field("B", 2, "")),
			made(field("A", 1, `json:"B"`), field("B", 2, `json:",omitempty"`), field("C", 2, `json:"B,"`)),
		}},
		{"string option", []any{
			struct {
				A bool            `json:",string"`
				B int             `json:",string"`
				C uint8           `json:",string"`
				D float64         `json:",string"`
				E float32         `json:",string"`
				F string          `json:",string"`
				G json.Number     `json:",string"`
				H *string         `json:",string"`
				I *int            `json:",string"`
				N textInt         `json:",string"`
				O *textInt        `json:",string"`
				P pointer         `json:",string"`
				Q jsonFloat       `json:",string"`
				R uintptr         `json:",string"`
				S textPointerInt  `json:",string"`
				T *textPointerInt `json:",string"`
			}{F: "say \"<hi>\"\\\n\xff\u2028 é", H: &text, I: &n, P: &n, T: new(textPointerInt)},
			struct {
				S string `json:",string"`
			}{"a text that has no special character in it at all"},
			struct {
				F float64     `json:",string"`
				N json.Number `json:",string"`
			}{N: "bad"},
			Inner{}, any(&n), [][]int{{1}}, // without effect; run adds the option
		}},
		{"omit", []any{
			omitting{}, &omitting{S: "x", I: 1, A: [2]int{1}, P: &n, M: map[string]int{}, Z: zeroMap{"a": 1}, PP: byPointer{7}, T: time.Unix(1, 0).UTC()},
			omitting{PP: byPointer{1}, IZ: (*byPointer)(nil), ZP: &byPointer{7}}, &omitting{PP: byPointer{7}, IZ: alwaysZero{}, ZP: &byPointer{1}},
		}},
	})
}

type omitting struct {
	S  string         `json:",omitempty"`
	B  bool           `json:",omitempty"`
	I  int            `json:",omitzero"`
	F  float64        `json:",omitempty"`
	A  [2]int         `json:",omitempty"`
	A0 [0]int         `json:",omitempty"`
	A2 [2]int         `json:",omitzero"`
	L  []int          `json:",omitempty"`
	LZ []int          `json:",omitzero"`
	M  map[string]int `json:",omitempty"`
	MZ map[string]int `json:",omitzero"`
	P  *int           `json:",omitempty"`
	N  any            `json:",omitempty"`
	NZ any            `json:",omitzero"`
	IN Inner          `json:",omitempty"`
	IO Inner          `json:",omitzero"`
	T  time.Time      `json:",omitempty"`
	TZ time.Time      `json:",omitzero"`
	AZ alwaysZero     `json:",omitzero"`
	AE alwaysZero     `json:",omitempty"`
	PP byPointer      `json:",omitzero"`
	ZP *byPointer     `json:",omitzero"`
	AP *alwaysZero    `json:",omitzero"`
	Z  zeroMap        `json:",omitzero"`
	IZ zeroer         `json:",omitzero"`
	BO zeroMap        `json:",omitzero,omitempty"`
}

func TestEmbedding(t *testing.T) {
	t.Parallel()
	run(t, []group{
		{"promoted", []any{
			embeddings{}, embeddings{Other: &Other{1, 2}}, &embeddings{Other: &Other{1, 2}, hidden: hidden{3, 4}},
			deep{Inner{1, 2}}, &struct{ *deep }{&deep{Inner{1, 2}}}, struct{ *deep }{},
			struct {
				Inner
				A string
			}{Inner{1, 2}, "outer"},
		}},
		{"ambiguous", []any{
			made(embed(Inner{}), embed(Other{})), made(embed(Inner{}), embed(Tagged{})), made(embed(Tagged{}), embed(AlsoTag{})),
			made(embed(Inner{}), embed(Tagged{}), embed(AlsoTag{})), made(embed(AlsoTag{}), embed(&Inner{})),
			made(embed(Twice1{}), embed(Twice2{})), made(embed(&Twice1{}), embed(Twice2{}), field("A", 1, "")),
			made(embed(Twice1{}), embed(Tagged{})), made(embed(Twice1{}), embed(Other{})), made(embed(Twice1{}), embed(Twice2{}), embed(Tagged{})),
			made(embed(Twice1{}), embed(Twice2{}), embed(Inner{})), LeftRight{B: 1}, &LeftRight{},
		}},
		{"named", []any{
			struct {
				Inner `json:"inner"`
			}{}, struct {
				*Inner `json:"inner"`
			}{}, struct {
				*Inner `json:"inner,omitempty"`
			}{},
			struct {
				hidden `json:"hidden"`
			}{hidden{1, 2}}, &struct {
				*hidden `json:"hidden"`
			}{&hidden{1, 2}},
			struct {
				Inner `json:"-"`
			}{}, struct {
				Inner `json:",omitempty"`
			}{}, made(embedAs(Inner{}, `json:"bad\"name"`)), made(embedAs(&Inner{}, `json:"ok,string"`), embed(Other{})),
		}},
		{"not structs", []any{
			struct{ Names }{Names{"a"}}, struct {
				quiet
				Loud
			}{1, 2}, struct {
				*Loud
				*quiet
			}{}, struct{ Any }{}, struct{ silent }{},
			struct {
				Any `json:"any,omitempty"`
			}{}, struct {
				quiet `json:"quiet"`
			}{3},
		}},
		{"recursive", []any{Loop{N: 1}, &Loop{&Loop{nil, 1}, 2}, Loop{Loop: &Loop{}}}},
	})
}

// An unexported embedded struct with a name of its own is written, but its
// methods must not be called: both packages leave that to package reflect.
func TestUnexportedWithMethods(t *testing.T) {
	t.Parallel()
	type plain struct {
		zeroInner `json:"z,omitzero"`
	}
	run(t, []group{{"panics", []any{
		struct {
			jsonValue `json:"v"`
			A         int
		}{}, struct {
			textValue `json:"v"`
			jsonValue
		}{}, plain{},
	}}})
}

type zeroInner struct{ alwaysZero }

// made builds a struct at run time: some could not be written down without a
// complaint from go vet about their tags.
func made(fields ...reflect.StructField) any {
	v := reflect.New(reflect.StructOf(fields)).Elem()
	for i := range fields {
		if v.Field(i).CanInt() {
			v.Field(i).SetInt(int64(i + 1))
		}
	}
	return v.Interface()
}

// tagged builds a struct with a field for each tag. Half of the fields are zero.
func tagged(tags ...string) any {
	var fields []reflect.StructField
	for i, tag := range tags {
		fields = append(fields, field("F"+strconv.Itoa(i), 0, reflect.StructTag("json:"+strconv.Quote(tag))))
	}
	v := reflect.New(reflect.StructOf(fields)).Elem()
	for i := range fields {
		v.Field(i).SetInt(int64(i % 2))
	}
	return v.Interface()
}

func field(name string, of any, tag reflect.StructTag) reflect.StructField {
	return reflect.StructField{Name: name, Type: reflect.TypeOf(of), Tag: tag}
}

func embed(of any) reflect.StructField { return embedAs(of, "") }

func embedAs(of any, tag reflect.StructTag) reflect.StructField {
	t := reflect.TypeOf(of)
	name := t.Name()
	if t.Kind() == reflect.Pointer {
		name = t.Elem().Name()
	}
	return reflect.StructField{Name: name, Type: t, Tag: tag, Anonymous: true}
}

func TestStructOf(t *testing.T) {
	t.Parallel()
	var fields []reflect.StructField
	for i, typ := range []reflect.Type{
		reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[*jsonPointer](), reflect.TypeFor[jsonPointer](),
		reflect.TypeFor[time.Time](), reflect.TypeFor[map[int][]string](),
	} {
		fields = append(fields, reflect.StructField{Name: "F" + strconv.Itoa(i), Type: typ, Tag: reflect.StructTag(`json:"f` + strconv.Itoa(i%5) + `,omitempty"`)})
	}
	made := reflect.New(reflect.StructOf(fields))
	made.Elem().Field(1).SetString("<made>")
	made.Elem().Field(3).Set(reflect.ValueOf(jsonPointer{"[ 1 ]"}))
	run(t, []group{{"made", []any{made.Interface(), made.Elem().Interface()}}})
}
