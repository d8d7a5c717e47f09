package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// OIDs of the types that are known here, from pg_type.dat.
const (
	oidBool        = 16
	oidBytea       = 17
	oidName        = 19
	oidInt8        = 20
	oidInt2        = 21
	oidInt4        = 23
	oidText        = 25
	oidOID         = 26
	oidJSON        = 114
	oidFloat4      = 700
	oidFloat8      = 701
	oidUnknown     = 705
	oidBPChar      = 1042
	oidVarchar     = 1043
	oidDate        = 1082
	oidTimestamp   = 1114
	oidTimestamptz = 1184
	oidNumeric     = 1700
	oidUUID        = 2950
	oidJSONB       = 3802
)

// Formats of values on the wire.
const (
	formatText   int16 = 0
	formatBinary int16 = 1
)

// epoch is 2000-01-01 UTC, where PostgreSQL's times begin, in microseconds and
// in days since 1970.
const (
	epoch     = 946_684_800_000_000
	epochDays = 10_957
	dayMicros = 86_400_000_000
)

// appendBinary appends v, which is not NULL, as a value of the type, and
// reports whether it has such a form here; if not, nothing was appended.
func appendBinary(buf []byte, oid uint32, v *engine.Value) ([]byte, bool) {
	be := binary.BigEndian
	switch v.Kind() {
	case engine.KindInt:
		switch n := v.Int(); {
		case oid == oidInt8:
			return be.AppendUint64(buf, uint64(n)), true
		case oid == oidInt4 && n == int64(int32(n)):
			return be.AppendUint32(buf, uint32(n)), true
		case oid == oidInt2 && n == int64(int16(n)):
			return be.AppendUint16(buf, uint16(n)), true
		}
	case engine.KindFloat:
		switch f := v.Float(); {
		case oid == oidFloat8:
			return be.AppendUint64(buf, math.Float64bits(f)), true
		case oid == oidFloat4 && float64(float32(f)) == f:
			return be.AppendUint32(buf, math.Float32bits(float32(f))), true
		}
	case engine.KindBool:
		if oid == oidBool {
			return append(buf, byte(v.Int())), true
		}
	case engine.KindText:
		switch oid {
		case oidText, oidVarchar, oidBPChar, oidName, oidJSON:
			return append(buf, v.Text()...), true
		case oidJSONB:
			return append(append(buf, 1), v.Text()...), true
		}
	case engine.KindBytes:
		if oid == oidBytea {
			return append(buf, v.Bytes()...), true
		}
	case engine.KindTime:
		if oid == oidTimestamptz || oid == oidTimestamp {
			return be.AppendUint64(buf, uint64(v.Int()-epoch)), true
		}
	}
	return buf, false
}

// appendText appends v, which is not NULL, in the form that the server reads
// for any type, or refuses with an error of its own.
func appendText(buf []byte, v *engine.Value) []byte {
	switch v.Kind() {
	case engine.KindInt:
		return strconv.AppendInt(buf, v.Int(), 10)
	case engine.KindFloat:
		return strconv.AppendFloat(buf, v.Float(), 'g', -1, 64)
	case engine.KindBool:
		return strconv.AppendBool(buf, v.Int() != 0)
	case engine.KindText:
		return append(buf, v.Text()...)
	case engine.KindBytes:
		return hex.AppendEncode(append(buf, `\x`...), v.Bytes())
	case engine.KindTime:
		return time.UnixMicro(v.Int()).UTC().AppendFormat(buf, "2006-01-02 15:04:05.999999+00")
	}
	return buf
}

// A binding holds the arguments of one statement as they go over the wire. It
// is used again and again, so that it allocates nothing.
type binding struct {
	buf     []byte
	ends    []int // of each value in buf; -1 is NULL
	values  [][]byte
	formats []int16
	oids    []uint32
}

// maxKept is the largest buffer that is kept for the next statement.
const maxKept = 1 << 20

// set fills b with args for parameters of the types oids; nil: all go as text.
func (b *binding) set(args []engine.Value, oids []uint32) error {
	if b.buf == nil || cap(b.buf) > maxKept {
		b.buf = make([]byte, 0, 256) // not nil, or an empty value would be NULL
	}
	b.buf, b.ends, b.values, b.formats, b.oids = b.buf[:0], b.ends[:0], b.values[:0], b.formats[:0], b.oids[:0]
	if oids != nil && len(oids) != len(args) {
		return fmt.Errorf("postgres: %d arguments for a statement with %d places for them: each ? outside of quotes is one, ?? is the operator", len(args), len(oids))
	}
	for i := range args {
		v := &args[i]
		var oid uint32
		if oids != nil {
			oid = oids[i]
		} else if v.Kind() == engine.KindBytes {
			oid = oidBytea
		}
		b.oids = append(b.oids, oid)
		format := formatText
		if v.Kind() != engine.KindNull {
			ok := false
			if oids != nil {
				b.buf, ok = appendBinary(b.buf, oid, v)
			}
			switch {
			case ok:
				format = formatBinary
			case oids != nil && v.Kind() == engine.KindBytes:
				return &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("postgres: argument %d is bytes where the statement takes another type", i+1)}
			default:
				b.buf = appendText(b.buf, v)
			}
			b.ends = append(b.ends, len(b.buf))
		} else {
			b.ends = append(b.ends, -1)
		}
		b.formats = append(b.formats, format)
	}
	start := 0
	for _, end := range b.ends { // buf has stopped moving
		if end < 0 {
			b.values = append(b.values, nil)
			continue
		}
		b.values = append(b.values, b.buf[start:end:end])
		start = end
	}
	return nil
}
