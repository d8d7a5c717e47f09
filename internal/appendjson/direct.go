package appendjson

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// A direct is a field whose offset in its struct the type alone settles, and
// whose value is appended without its methods and without reflection.
type direct struct {
	name   string    // with what stands around it: ,"name":
	head   [2]uint64 // its first sixteen bytes, and zeros
	offset uintptr
	kind   reflect.Kind // Struct is that of a time.Time
	omit   bool         // if it is zero
	typ    reflect.Type // named in errors
}

// directRoom is what there must be room for besides a name: sixteen bytes of it
// are stored whatever its length is, and an integer needs intRoom.
const directRoom = 16 + intRoom

// directField returns how the field c of t is read in a t that can be
// addressed, or nil if only reflection can read it.
func directField(t reflect.Type, c candidate, name string, omit bool) *direct {
	if !isDirect(c.typ, omit) {
		return nil
	}
	d := direct{name: name, kind: c.typ.Kind(), omit: omit, typ: c.typ}
	for _, i := range c.index {
		if t.Kind() != reflect.Struct { // behind a pointer
			return nil
		}
		f := t.Field(i)
		d.offset += f.Offset
		t = f.Type
	}
	var head [16]byte
	copy(head[:], d.name)
	d.head = [2]uint64{word(head[:], 0), word(head[:], 8)}
	return &d
}

// isDirect reports whether fields of type t, left out if zero or not, are of a
// kind that appendDirect knows.
func isDirect(t reflect.Type, omit bool) bool {
	pointer := reflect.PointerTo(t)
	switch {
	case t == timeType:
		return !omit
	case t == numberType, pointer.Implements(marshalerType), pointer.Implements(textMarshalerType),
		omit && pointer.Implements(isZeroerType):
		return false
	}
	switch kind := t.Kind(); kind {
	case reflect.Float32, reflect.Float64:
		return !omit
	default:
		return kind == reflect.String || kind >= reflect.Bool && kind <= reflect.Uintptr
	}
}

// appendDirect appends fields of the struct at p, each after a comma.
func appendDirect(dst []byte, p place, fields []direct) ([]byte, error) {
	for i := range fields {
		f := &fields[i]
		if f.omit && f.isZero(p) {
			continue
		}
		n := len(dst)
		if cap(dst)-n < len(f.name)+directRoom {
			dst = slices.Grow(dst, len(f.name)+directRoom)
		}
		b := dst[n:cap(dst)]
		binary.LittleEndian.PutUint64(b, f.head[0])
		binary.LittleEndian.PutUint64(b[8:], f.head[1])
		if len(f.name) > 16 {
			copy(b, f.name)
		}
		n += len(f.name)
		switch f.kind {
		case reflect.String:
			dst = appendString(dst[:n], fieldAt[string](p, f.offset))
		case reflect.Int64:
			dst = dst[:n+putInt(b[len(f.name):], fieldAt[int64](p, f.offset))]
		case reflect.Int:
			dst = dst[:n+putInt(b[len(f.name):], int64(fieldAt[int](p, f.offset)))]
		case reflect.Bool:
			dst = strconv.AppendBool(dst[:n], fieldAt[bool](p, f.offset))
		default:
			var err error
			if dst, err = f.appendRare(dst[:n], p); err != nil {
				return dst, err
			}
		}
	}
	return dst, nil
}

// appendRare appends values of the kinds that appendDirect leaves to it.
func (f *direct) appendRare(dst []byte, p place) ([]byte, error) {
	switch f.kind {
	case reflect.Int8, reflect.Int16, reflect.Int32:
		return appendInt(dst, f.int(p)), nil
	case reflect.Float64:
		return appendFloat(dst, fieldAt[float64](p, f.offset), 64, f.typ)
	case reflect.Float32:
		return appendFloat(dst, float64(fieldAt[float32](p, f.offset)), 32, f.typ)
	case reflect.Struct:
		return appendTime(dst, fieldAt[time.Time](p, f.offset), timeType)
	}
	return appendUint(dst, f.uint(p)), nil
}

func (f *direct) isZero(p place) bool {
	switch {
	case f.kind == reflect.String:
		return fieldAt[string](p, f.offset) == ""
	case f.kind == reflect.Bool:
		return !fieldAt[bool](p, f.offset)
	case f.kind <= reflect.Int64:
		return f.int(p) == 0
	}
	return f.uint(p) == 0
}

func (f *direct) int(p place) int64 {
	switch f.kind {
	case reflect.Int8:
		return int64(fieldAt[int8](p, f.offset))
	case reflect.Int16:
		return int64(fieldAt[int16](p, f.offset))
	case reflect.Int32:
		return int64(fieldAt[int32](p, f.offset))
	case reflect.Int64:
		return fieldAt[int64](p, f.offset)
	}
	return int64(fieldAt[int](p, f.offset))
}

func (f *direct) uint(p place) uint64 {
	switch f.kind {
	case reflect.Uint8:
		return uint64(fieldAt[uint8](p, f.offset))
	case reflect.Uint16:
		return uint64(fieldAt[uint16](p, f.offset))
	case reflect.Uint32:
		return uint64(fieldAt[uint32](p, f.offset))
	case reflect.Uint64:
		return fieldAt[uint64](p, f.offset)
	case reflect.Uintptr:
		return uint64(fieldAt[uintptr](p, f.offset))
	}
	return uint64(fieldAt[uint](p, f.offset))
}
