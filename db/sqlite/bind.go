package sqlite

import (
	"math"
	"unsafe"

	"github.com/ashlar-go/ashlar/db/engine"
)

// maxRoom is how many bytes for its arguments an idle statement keeps.
const maxRoom = 1 << 16

// bind gives values to all parameters of a statement that is reset.
func (s *stmt) bind(args []engine.Value) error {
	size := 0
	for i := range args {
		size += len(args[i].Text()) + len(args[i].Bytes())
	}
	if err := s.reserve(size + 1); err != nil { // never 0: bytes at address 0 would be NULL
		return err
	}
	at := s.args
	for i := range args {
		var rc int32
		switch a, n := &args[i], int32(i+1); a.Kind() {
		case engine.KindInt, engine.KindBool, engine.KindTime:
			rc = s.bindInt(n, a.Int())
		case engine.KindFloat:
			rc = s.bindFloat(n, a.Float())
		case engine.KindText:
			size := copy(memory(at, len(a.Text())), a.Text())
			rc = s.bindText(n, at, size)
			at += uintptr(size)
		case engine.KindBytes:
			size := copy(memory(at, len(a.Bytes())), a.Bytes())
			rc = s.bindBytes(n, at, size)
			at += uintptr(size)
		default:
			rc = s.bindNull(n)
		}
		if rc != 0 {
			return s.h.failure(rc)
		}
	}
	return nil
}

// reserve makes room for n bytes at s.args. What was bound before is lost.
func (s *stmt) reserve(n int) error {
	if n <= s.room {
		return nil
	}
	if n > math.MaxInt32 {
		return s.h.failure(int32(TooBig))
	}
	s.h.free(s.args)
	s.room = 0
	if s.args = s.h.malloc(n); s.args == 0 {
		return s.h.failure(int32(NoMemory))
	}
	s.room = n
	return nil
}

// trim gives back the memory of large arguments of a statement that is reset.
func (s *stmt) trim() {
	if s.room > maxRoom {
		s.unbind()
		s.h.free(s.args)
		s.args, s.room = 0, 0
	}
}

// memory is the n bytes at p, which is not Go's.
func memory(p uintptr, n int) []byte { return unsafe.Slice((*byte)(pointer(p)), n) }

// pointer is p as a pointer. The detour tells vet that p is meant: it is not
// the address of a Go value, which could have moved.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }
