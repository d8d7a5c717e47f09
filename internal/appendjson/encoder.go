package appendjson

import (
	"encoding/json"
	"errors"
	"reflect"
	"sync"
)

// An Encoder appends values as JSON and keeps the plans that it made for their
// types. The zero value is ready. It may be used by several goroutines at once
// and must not be copied after its first use.
//
// Plans are never dropped: their number is that of the types that were met.
type Encoder struct {
	plans sync.Map // reflect.Type → *plan
}

// maxDepth is how many pointers, maps and slices may lie inside one another
// before a value is left to encoding/json. From the same depth on, that looks
// for cycles.
const maxDepth = 1000

// errBeyond stops a walk whose value encoding/json has to encode from its
// beginning. It never leaves the package.
var errBeyond = errors.New("appendjson: leave the value to encoding/json")

// Append appends the JSON encoding of v to dst and returns the longer slice.
// The bytes are those of json.Marshal(v), and so is the error: its type, its
// text and what it wraps. On an error dst is returned as it came. The bytes
// between the length of what is returned and its capacity may have changed.
//
// A value in which more than a thousand pointers, maps and slices lie inside
// one another, which most likely is a cycle, is encoded by encoding/json;
// methods of v that were called before this turned out are called again. A
// panic in a method of v is not recovered.
func (e *Encoder) Append(dst []byte, v any) ([]byte, error) {
	out, err := e.appendAny(dst, v, 0)
	switch err {
	case nil:
		return out, nil
	case errBeyond:
		return appendMarshal(dst, v)
	}
	return dst, err
}

// appendAny appends what an interface holds.
func (e *Encoder) appendAny(dst []byte, v any, depth int) ([]byte, error) {
	if v == nil {
		return append(dst, "null"...), nil
	}
	rv := reflect.ValueOf(v)
	return e.plan(rv.Type()).append(dst, rv, depth)
}

// appendMarshal is the way by encoding/json.
func appendMarshal(dst []byte, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return dst, err
	}
	return append(dst, b...), nil
}
