// Package appendjson appends JSON to a buffer that the caller owns, with the
// bytes and the errors that json.Marshal has.
//
//	var enc appendjson.Encoder // one for a server; it remembers its plans
//
//	buf, err := enc.Append(buf[:0], &answer)
//	if err != nil {
//		return err // *json.UnsupportedTypeError, *json.MarshalerError, …
//	}
//	_, err = w.Write(buf)
//
// For each type it makes a plan once: a tree of functions in which everything
// that depends on the type alone (names, tags, promoted fields, which methods
// count) is settled. Encoding walks that tree with package reflect, except that
// strings, numbers, booleans and times in a struct that can be addressed are
// read at their offsets: memory.go has the unsafe code for it, and all of it. A
// value made of structs, slices, pointers, strings, numbers, booleans and times
// is encoded without allocation once dst is large enough.
//
// The reference is encoding/json as it is built without
// GOEXPERIMENT=jsonv2; the tests compare with it, byte for byte and error for
// error, over generated types and values. It also does what is rare here: see
// [Encoder.Append].
//
// It is not a decoder, has no options (HTML characters are always escaped,
// nothing is indented) and does not stream: an answer that has an error in it
// is not begun.
package appendjson
