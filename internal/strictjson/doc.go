// Package strictjson checks that a text is JSON which every parser reads the
// same, in one pass and without building anything.
//
//	if err := strictjson.Check(body, 64); err != nil {
//		var e *strictjson.Error
//		errors.As(err, &e) // e.Fault, e.Offset, e.Key
//		return err         // invalid character ']' looking for beginning of value at byte 7
//	}
//	return json.Unmarshal(body, &in)
//
// Beyond the grammar (RFC 8259) it asks for what section 4 and section 8.1
// leave to good sense: UTF-8 throughout, no key twice in one object, and not
// more levels than the caller can bear. Keys are the same when encoding/json
// takes them for the same field: escapes are resolved and letter case is
// folded, so that "name", "NAME" and "n\u0061me" are one key.
//
// What is no JSON is refused with the words and the offset that encoding/json
// has for it; the tests compare them.
//
// It does not decode, and says nothing on numbers that no type can hold or on
// halves of surrogate pairs, which encoding/json reads as U+FFFD.
package strictjson
