package sqlite

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/ashlar-go/ashlar/db/engine"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// This is the only file that touches SQLite itself, whose C was translated to
// Go and keeps its ways: a uintptr is an address in memory that Go's collector
// does not know of. Who owns it:
//
//   - A handle owns its database connection, its TLS (what SQLite takes for a
//     thread) and h.out; close frees them.
//   - A stmt owns its statement and s.args, the copies of the texts and bytes
//     bound to it; finalize frees them. SQLite reads the copies in place, so
//     they are written only while the statement is reset, and each use binds
//     all arguments anew. Bindings are not cleared in between: that alone can
//     make SQLite prepare a statement again.
//   - What SQLite returns (messages, columns) is its own and copied at once.
//   - SQLite holds the address of h.stop, which the handle keeps alive, and no
//     other of Go's memory: Go moves stacks.
//
// A handle and its statements are used by one goroutine at a time, and SQLite
// is opened without locks of its own.

// interruptEvery is after how many of its virtual machine's instructions, some
// microseconds, SQLite looks whether the context has ended.
const interruptEvery = 1000

// initialize prepares SQLite once for the process: its own check on first use
// reads a flag that another goroutine may be writing.
var initialize = sync.OnceValue(func() int32 {
	sqlite3.PatchIssue199() // the size of memory pages on linux/arm64
	tls := libc.NewTLS()
	defer tls.Close()
	return sqlite3.Xsqlite3_initialize(tls)
})

// A handle is one connection of SQLite's.
type handle struct {
	tls  *libc.TLS
	db   uintptr                               // *sqlite3
	out  uintptr                               // room for the two pointers that functions return
	ctx  context.Context                       // of the step that runs, nil outside of steps
	stop func(*libc.TLS, uintptr) (stop int32) // called by SQLite in long steps

	limit time.Duration // of a step, 0 for none
	alarm *time.Timer   // goes off after limit
	late  atomic.Bool   // it did
}

// openHandle opens the file, or ":memory:", for reading only or for both.
func openHandle(path string, write bool) (*handle, error) {
	rc, h := initialize(), &handle{tls: libc.NewTLS()}
	flags := int32(sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_EXRESCODE | sqlite3.SQLITE_OPEN_READONLY)
	if write {
		flags ^= sqlite3.SQLITE_OPEN_READONLY | sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE
	}
	name, out := h.text(path), h.malloc(2*int(unsafe.Sizeof(h.out)))
	switch h.out = out; {
	case name == 0, out == 0:
		rc = sqlite3.SQLITE_NOMEM
	case rc == sqlite3.SQLITE_OK:
		rc = sqlite3.Xsqlite3_open_v2(h.tls, name, out, flags, 0)
		h.db = *(*uintptr)(pointer(out))
	}
	h.free(name)
	if rc != sqlite3.SQLITE_OK {
		err := h.failure(rc)
		_ = h.close() // a connection that was not opened must be closed all the same
		return nil, err
	}
	h.stop = func(*libc.TLS, uintptr) int32 {
		if h.late.Load() || h.ctx != nil && h.ctx.Err() != nil {
			return 1
		}
		return 0
	}
	// The address of a func value's word is what translated C calls.
	sqlite3.Xsqlite3_progress_handler(h.tls, h.db, interruptEvery, *(*uintptr)(unsafe.Pointer(&h.stop)), 0)
	return h, nil
}

// limitTo lets no step take longer than d; 0 is no limit.
func (h *handle) limitTo(d time.Duration) {
	h.limit = d
	if d > 0 && h.alarm == nil {
		h.alarm = time.AfterFunc(d, func() { h.late.Store(true) })
		h.alarm.Stop()
	}
	h.late.Store(false)
}

// close frees the handle. Its statements must have been finalized.
func (h *handle) close() (err error) {
	if rc := sqlite3.Xsqlite3_close(h.tls, h.db); rc != sqlite3.SQLITE_OK {
		err = h.failure(rc)
		sqlite3.Xsqlite3_close_v2(h.tls, h.db)
	}
	h.free(h.out)
	h.tls.Close()
	h.db, h.out, h.tls = 0, 0, nil
	return err
}

// configure switches one of SQLite's SQLITE_DBCONFIG options.
func (h *handle) configure(option int32, on bool) error {
	list := h.malloc(16) // an int and a pointer, 8 bytes each on every platform
	if list == 0 {
		return h.failure(sqlite3.SQLITE_NOMEM)
	}
	defer h.free(list)
	if rc := sqlite3.Xsqlite3_db_config(h.tls, h.db, option, libc.VaList(list, libc.Bool32(on), uintptr(0))); rc != sqlite3.SQLITE_OK {
		return h.failure(rc)
	}
	return nil
}

// failure is the error for the result code rc of the last call.
func (h *handle) failure(rc int32) *Error {
	e := &Error{Code: Code(rc), Message: libc.GoString(sqlite3.Xsqlite3_errstr(h.tls, rc))}
	if h.db != 0 && sqlite3.Xsqlite3_extended_errcode(h.tls, h.db) == rc {
		if detail := libc.GoString(sqlite3.Xsqlite3_errmsg(h.tls, h.db)); detail != e.Message {
			e.Message += ": " + detail
		}
	}
	return e
}

// readOnly reports whether the system let the file be opened for reading only.
func (h *handle) readOnly() bool { return sqlite3.Xsqlite3_db_readonly(h.tls, h.db, 0) == 1 }

// changes counts the rows changed by the last INSERT, UPDATE or DELETE.
func (h *handle) changes() int64 { return sqlite3.Xsqlite3_changes64(h.tls, h.db) }

// totalChanges counts all rows changed by the connection, by triggers too.
func (h *handle) totalChanges() int64 { return sqlite3.Xsqlite3_total_changes64(h.tls, h.db) }

func (h *handle) inTransaction() bool { return sqlite3.Xsqlite3_get_autocommit(h.tls, h.db) == 0 }

// A stmt is one prepared statement of SQLite's.
type stmt struct {
	h    *handle
	p    uintptr // *sqlite3_stmt
	args uintptr // the texts and bytes that are bound
	room int     // bytes at args
}

// prepare compiles the first statement of sql and returns what follows it. The
// statement's p is 0 if there is none but white space and comments.
func (h *handle) prepare(sql string, keep bool) (s stmt, rest string, err error) {
	if len(sql) >= math.MaxInt32 {
		return s, "", h.failure(sqlite3.SQLITE_TOOBIG)
	}
	text := h.text(sql)
	if text == 0 {
		return s, "", h.failure(sqlite3.SQLITE_NOMEM)
	}
	defer h.free(text)
	flags := uint32(0)
	if keep {
		flags = sqlite3.SQLITE_PREPARE_PERSISTENT
	}
	tail := h.out + unsafe.Sizeof(h.out)
	if rc := sqlite3.Xsqlite3_prepare_v3(h.tls, h.db, text, int32(len(sql)), flags, h.out, tail); rc != sqlite3.SQLITE_OK {
		return s, "", h.failure(rc)
	}
	s = stmt{h: h, p: *(*uintptr)(pointer(h.out))}
	return s, sql[*(*uintptr)(pointer(tail))-text:], nil
}

func (s *stmt) finalize() {
	sqlite3.Xsqlite3_finalize(s.h.tls, s.p) // its last error was returned when it happened
	s.h.free(s.args)
	s.p, s.args, s.room = 0, 0, 0
}

func (s *stmt) params() int  { return int(sqlite3.Xsqlite3_bind_parameter_count(s.h.tls, s.p)) }
func (s *stmt) columns() int { return int(sqlite3.Xsqlite3_column_count(s.h.tls, s.p)) }

func (s *stmt) readOnly() bool { return sqlite3.Xsqlite3_stmt_readonly(s.h.tls, s.p) != 0 }

func (s *stmt) bindNull(n int32) int32 { return sqlite3.Xsqlite3_bind_null(s.h.tls, s.p, n) }

func (s *stmt) bindInt(n int32, v int64) int32 {
	return sqlite3.Xsqlite3_bind_int64(s.h.tls, s.p, n, v)
}

func (s *stmt) bindFloat(n int32, v float64) int32 {
	return sqlite3.Xsqlite3_bind_double(s.h.tls, s.p, n, v)
}

// bindText and bindBytes have SQLite read where the bytes are, in s.args.
func (s *stmt) bindText(n int32, at uintptr, size int) int32 {
	return sqlite3.Xsqlite3_bind_text(s.h.tls, s.p, n, at, int32(size), 0)
}

func (s *stmt) bindBytes(n int32, at uintptr, size int) int32 {
	return sqlite3.Xsqlite3_bind_blob(s.h.tls, s.p, n, at, int32(size), 0)
}

func (s *stmt) unbind() { sqlite3.Xsqlite3_clear_bindings(s.h.tls, s.p) }

// step runs the statement to its next row (codeRow) or to its end (codeDone).
// When ctx ends, or the step takes too long, it stops with Interrupt.
func (s *stmt) step(ctx context.Context) Code {
	s.h.ctx = ctx
	if s.h.limit > 0 {
		s.h.late.Store(false)
		s.h.alarm.Reset(s.h.limit)
		defer s.h.alarm.Stop()
	}
	rc := sqlite3.Xsqlite3_step(s.h.tls, s.p)
	s.h.ctx = nil
	return Code(rc)
}

// reset ends a run of the statement.
func (s *stmt) reset() { sqlite3.Xsqlite3_reset(s.h.tls, s.p) } // repeats the last step's error

// row copies the row that the statement stands on.
func (s *stmt) row(row []engine.Value) error {
	tls := s.h.tls
	for i := range row {
		v := sqlite3.Xsqlite3_column_value(tls, s.p, int32(i))
		switch sqlite3.Xsqlite3_value_type(tls, v) {
		case sqlite3.SQLITE_INTEGER:
			row[i] = engine.Int(sqlite3.Xsqlite3_value_int64(tls, v))
		case sqlite3.SQLITE_FLOAT:
			row[i] = engine.Float(sqlite3.Xsqlite3_value_double(tls, v))
		case sqlite3.SQLITE_TEXT:
			p := sqlite3.Xsqlite3_value_text(tls, v)
			if p == 0 {
				return s.h.failure(sqlite3.SQLITE_NOMEM)
			}
			row[i] = engine.Text(string(memory(p, int(sqlite3.Xsqlite3_value_bytes(tls, v)))))
		case sqlite3.SQLITE_BLOB:
			p := sqlite3.Xsqlite3_value_blob(tls, v) // 0 for no bytes
			b := make([]byte, sqlite3.Xsqlite3_value_bytes(tls, v))
			copy(b, memory(p, len(b)))
			row[i] = engine.Bytes(b)
		default:
			row[i] = engine.Value{}
		}
	}
	return nil
}

// malloc returns 0 when there is no memory.
func (h *handle) malloc(n int) uintptr { return sqlite3.Xsqlite3_malloc(h.tls, int32(n)) }

// text returns a copy of s with a NUL byte behind it, 0 when there is no memory.
func (h *handle) text(s string) uintptr {
	p := h.malloc(len(s) + 1)
	if p != 0 {
		b := memory(p, len(s)+1)
		b[copy(b, s)] = 0
	}
	return p
}

func (h *handle) free(p uintptr) { sqlite3.Xsqlite3_free(h.tls, p) }
