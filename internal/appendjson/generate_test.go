package appendjson_test

import (
	"encoding/json"
	"math"
	"net/netip"
	"reflect"
	"strconv"
	"time"
)

// A program makes a type and a value of it out of bytes. When the bytes are
// used up it reads zeros, which choose what is smallest.
type program []byte

func (p *program) next() byte {
	if len(*p) == 0 {
		return 0
	}
	b := (*p)[0]
	*p = (*p)[1:]
	return b
}

// below returns a number from 0 to n-1.
func (p *program) below(n int) int { return int(p.next()) % n }

func (p *program) number() uint64 {
	var n uint64
	for range p.below(9) {
		n = n<<8 | uint64(p.next())
	}
	return n
}

func (p *program) text() string {
	n := p.below(40)
	b := make([]byte, 0, n)
	for range n {
		switch c := p.next(); {
		case c < 0xe0:
			b = append(b, c%0x60+0x20)
		default: // make the rare likely
			b = append(b, []string{"<", "&", "\"", "\\", "\n", "\x01", "\u2028", "\u2029", "é", "\xff", "\xe2\x80", "日", "\x7f", ">"}[c%14]...)
		}
	}
	return string(b)
}

func (p *program) value() any {
	v := reflect.New(p.typ(4)).Elem()
	p.fill(v, 5)
	if p.next()&1 == 0 {
		return v.Interface()
	}
	return v.Addr().Interface()
}

var leaves = []reflect.Type{
	reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[float64](), reflect.TypeFor[any](),
	reflect.TypeFor[int8](), reflect.TypeFor[uint8](), reflect.TypeFor[uint64](), reflect.TypeFor[uintptr](), reflect.TypeFor[float32](),
	reflect.TypeFor[time.Time](), reflect.TypeFor[*time.Time](), reflect.TypeFor[json.Number](), reflect.TypeFor[json.RawMessage](),
	reflect.TypeFor[[]byte](), reflect.TypeFor[label](), reflect.TypeFor[flag](), reflect.TypeFor[pointer](), reflect.TypeFor[blob](),
	reflect.TypeFor[jsonValue](), reflect.TypeFor[jsonPointer](), reflect.TypeFor[textValue](), reflect.TypeFor[textPointer](),
	reflect.TypeFor[both](), reflect.TypeFor[jsonOnPointer](), reflect.TypeFor[byteJSON](), reflect.TypeFor[byteText](), reflect.TypeFor[textInt](),
	reflect.TypeFor[textPointerInt](), reflect.TypeFor[jsonMap](), reflect.TypeFor[jsonFloat](), reflect.TypeFor[alwaysZero](),
	reflect.TypeFor[byPointer](), reflect.TypeFor[zeroMap](), reflect.TypeFor[zeroer](), reflect.TypeFor[json.Marshaler](), reflect.TypeFor[textAny](),
	reflect.TypeFor[Inner](), reflect.TypeFor[Other](), reflect.TypeFor[Tagged](), reflect.TypeFor[AlsoTag](), reflect.TypeFor[LeftRight](),
	reflect.TypeFor[Twice1](), reflect.TypeFor[Loop](), reflect.TypeFor[node](), reflect.TypeFor[tree](), reflect.TypeFor[forest](),
	reflect.TypeFor[ping](), reflect.TypeFor[embeddings](), reflect.TypeFor[omitting](), reflect.TypeFor[moment](), reflect.TypeFor[netip.Addr](),
	reflect.TypeFor[map[string]any](), reflect.TypeFor[map[string]string](), reflect.TypeFor[chan int](), reflect.TypeFor[func()](),
	reflect.TypeFor[int16](), reflect.TypeFor[int32](), reflect.TypeFor[int64](), reflect.TypeFor[uint](), reflect.TypeFor[uint16](), reflect.TypeFor[uint32](),
	reflect.TypeFor[row](), reflect.TypeFor[every](), reflect.TypeFor[sparse](), reflect.TypeFor[evenZero](),
}

var keys = []reflect.Type{
	reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[uint8](), reflect.TypeFor[label](), reflect.TypeFor[textInt](),
	reflect.TypeFor[textValue](), reflect.TypeFor[textPointerInt](), reflect.TypeFor[textLabel](), reflect.TypeFor[int64](), reflect.TypeFor[bool](),
	reflect.TypeFor[textPointer](), reflect.TypeFor[float64](), reflect.TypeFor[json.Number](),
}

var tags = []reflect.StructTag{
	``, `json:"a"`, `json:"F1"`, `json:",omitempty"`, `json:",omitzero"`, `json:",string"`, `json:"-"`, `json:"-,"`, `json:"b,omitempty,string"`,
	`json:"<x>"`, `json:"é,omitzero"`, `json:"A"`, `json:"bad\\name,string"`, `json:"a,omitempty,omitzero"`, `xml:"x"`, `json:"F0,string"`,
}

func (p *program) typ(depth int) reflect.Type {
	kind := p.below(10)
	if depth == 0 {
		kind = 0
	}
	switch kind {
	case 5:
		return reflect.PointerTo(p.typ(depth - 1))
	case 6:
		return reflect.SliceOf(p.typ(depth - 1))
	case 7:
		return reflect.ArrayOf(p.below(4), p.typ(depth-1))
	case 8:
		return reflect.MapOf(keys[p.below(len(keys))], p.typ(depth-1))
	case 9, 4:
		return p.structType(depth - 1)
	}
	return leaves[p.below(len(leaves))]
}

func (p *program) structType(depth int) reflect.Type {
	var fields []reflect.StructField
	for i := range p.below(7) {
		f := reflect.StructField{Name: "F" + strconv.Itoa(i), Type: p.typ(depth), Tag: tags[p.below(len(tags))]}
		elem := f.Type
		if elem.Kind() == reflect.Pointer && elem.Name() == "" {
			elem = elem.Elem()
		}
		// reflect.StructOf promotes no methods, and embeds no named type that
		// is nothing but a pointer.
		if elem.Kind() == reflect.Struct && reflect.PointerTo(elem).NumMethod() == 0 && f.Type != reflect.TypeFor[ping]() {
			f.Anonymous = p.next()&1 == 0
		}
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

// fill sets v, which can be set, to anything.
func (p *program) fill(v reflect.Value, depth int) {
	if p.special(v) {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(p.next()&1 == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(p.number()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(p.number())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(p.float())
	case reflect.String:
		v.SetString(p.text())
	case reflect.Interface:
		p.fillInterface(v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				p.fill(v.Field(i), depth-1)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			p.fill(v.Index(i), depth-1)
		}
	default:
		p.fillNilable(v, depth)
	}
}

func (p *program) fillNilable(v reflect.Value, depth int) {
	n := p.below(5) - 1
	if depth <= 0 || n < 0 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		p.fill(v.Elem(), depth-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			p.fill(v.Index(i), depth-1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			p.fill(key, depth-1)
			p.fill(elem, depth-1)
			v.SetMapIndex(key, elem)
		}
	}
}

func (p *program) fillInterface(v reflect.Value, depth int) {
	if depth <= 0 || p.below(8) == 0 {
		return
	}
	elem := reflect.New(p.typ(1)).Elem()
	p.fill(elem, depth-1)
	if elem.Type().Implements(v.Type()) {
		v.Set(elem)
	} else if elem.Addr().Type().Implements(v.Type()) {
		v.Set(elem.Addr())
	}
}

// special fills types of which most values are of no interest.
func (p *program) special(v reflect.Value) bool {
	fragments := []string{"1", "0", "", "-1.5e3", " {\"a\" : [ ] } ", "fail", "\"<\u2028>\"", "01", "nul", "[1,2]x", "\"\xff\"", "\"\\u00\""}
	text := fragments[p.below(len(fragments))]
	switch at := v.Addr().Interface().(type) {
	case *json.Number:
		*at = json.Number(text)
	case *json.RawMessage:
		*at = json.RawMessage(text)
	case *jsonValue:
		at.s = text
	case *jsonPointer:
		at.s = text
	case *both:
		at.S = text
	case *jsonOnPointer:
		at.S = text
	case *textInt:
		*at = textInt(p.next())
	case *time.Time:
		*at = time.Unix(int64(p.number())>>p.below(32), int64(p.next())*1000).In(time.FixedZone("", p.below(100)*1000-50_000))
	case *netip.Addr:
		*at = netip.AddrFrom4([4]byte{p.next(), p.next(), 0, 1})
	default:
		return false
	}
	return true
}

func (p *program) float() float64 {
	switch p.below(4) {
	case 0:
		return float64(int64(p.number())) / 100
	case 1:
		return math.Float64frombits(p.number())
	case 2:
		return float64(math.Float32frombits(uint32(p.number())))
	}
	return float64(p.next())
}
