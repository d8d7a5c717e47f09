package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"

	"github.com/jackc/pgx/v5/pgconn"
)

// A field is what must be known of a result's column to decode it.
type field struct {
	oid    uint32
	format int16
	column bool // of a table, as opposed to one that was computed
}

// known reports whether values of the type are decoded from their binary form.
// All others are asked for as text, which the server makes of every type.
func known(oid uint32) bool {
	switch oid {
	case oidBool, oidBytea, oidName, oidInt8, oidInt2, oidInt4, oidText, oidOID, oidJSON, oidFloat4, oidFloat8,
		oidUnknown, oidBPChar, oidVarchar, oidDate, oidTimestamp, oidTimestamptz, oidNumeric, oidUUID, oidJSONB:
		return true
	}
	return false
}

// fieldsOf returns the fields of a result and the formats to ask for.
func fieldsOf(list []pgconn.FieldDescription, binary bool) ([]field, []int16) {
	fields, formats := make([]field, len(list)), make([]int16, len(list))
	for i, d := range list {
		if binary && known(d.DataTypeOID) {
			formats[i] = formatBinary
		}
		fields[i] = field{d.DataTypeOID, formats[i], d.TableOID != 0}
	}
	return fields, formats
}

// isText reports whether the bytes of a value are its text.
func (f *field) isText() bool {
	if f.format == formatText {
		return !known(f.oid)
	}
	switch f.oid {
	case oidText, oidVarchar, oidBPChar, oidName, oidJSON, oidUnknown:
		return true
	}
	return false
}

// decode returns the value of raw, nil for NULL. It keeps nothing of raw.
func (f *field) decode(raw []byte) (engine.Value, error) {
	if raw == nil {
		return engine.Value{}, nil
	}
	if f.format == formatText {
		return f.decodeText(raw)
	}
	size := 0
	switch f.oid {
	case oidText, oidVarchar, oidBPChar, oidName, oidJSON, oidUnknown:
		return engine.Text(string(raw)), nil
	case oidInt8:
		if size = 8; len(raw) == size {
			return engine.Int(int64(binary.BigEndian.Uint64(raw))), nil
		}
	case oidInt4:
		if size = 4; len(raw) == size {
			return engine.Int(int64(int32(binary.BigEndian.Uint32(raw)))), nil
		}
	case oidTimestamptz, oidTimestamp:
		if size = 8; len(raw) == size {
			return moment(int64(binary.BigEndian.Uint64(raw)))
		}
	case oidBool:
		if size = 1; len(raw) == size {
			return engine.Bool(raw[0] == 1), nil
		}
	case oidFloat8:
		if size = 8; len(raw) == size {
			return engine.Float(math.Float64frombits(binary.BigEndian.Uint64(raw))), nil
		}
	case oidBytea:
		return engine.Bytes(append([]byte{}, raw...)), nil
	default:
		return f.decodeRare(raw)
	}
	return engine.Value{}, badLength(f.oid, len(raw))
}

func (f *field) decodeRare(raw []byte) (engine.Value, error) {
	switch {
	case f.oid == oidInt2 && len(raw) == 2:
		return engine.Int(int64(int16(binary.BigEndian.Uint16(raw)))), nil
	case f.oid == oidOID && len(raw) == 4:
		return engine.Int(int64(binary.BigEndian.Uint32(raw))), nil
	case f.oid == oidFloat4 && len(raw) == 4:
		return engine.Float(float64(math.Float32frombits(binary.BigEndian.Uint32(raw)))), nil
	case f.oid == oidDate && len(raw) == 4:
		return day(int32(binary.BigEndian.Uint32(raw)))
	case f.oid == oidUUID && len(raw) == 16:
		return engine.Text(uuid(raw)), nil
	case f.oid == oidJSONB && len(raw) > 0 && raw[0] == 1:
		return engine.Text(string(raw[1:])), nil
	case f.oid == oidNumeric:
		text, ok := numericText(raw)
		if ok {
			return f.numeric(text), nil
		}
	}
	return engine.Value{}, badLength(f.oid, len(raw))
}

func badLength(oid uint32, n int) error {
	return fmt.Errorf("postgres: the server sent %d bytes that are no value of type %d", n, oid)
}

// moment returns the time of so many microseconds since 2000.
func moment(us int64) (engine.Value, error) {
	if us == math.MaxInt64 || us == math.MinInt64 || us > math.MaxInt64-epoch {
		return engine.Value{}, errInfinity
	}
	return engine.UnixMicro(us + epoch), nil
}

// farDay is beyond what 64 bits of microseconds can say, almost.
const farDay = 100_000_000

func day(days int32) (engine.Value, error) {
	if days == math.MaxInt32 || days == math.MinInt32 {
		return engine.Value{}, errInfinity
	}
	if days < -farDay || days > farDay {
		return engine.Value{}, fmt.Errorf("postgres: read a date: %d days from 2000 is out of range; select it as text", days)
	}
	return engine.UnixMicro((int64(days) + epochDays) * dayMicros), nil
}

var errInfinity = fmt.Errorf("postgres: read a time: infinity is none; select it as text, or leave it out by isfinite()")

func uuid(raw []byte) string {
	var b [36]byte
	hex.Encode(b[:8], raw[:4])
	hex.Encode(b[9:13], raw[4:6])
	hex.Encode(b[14:18], raw[6:8])
	hex.Encode(b[19:23], raw[8:10])
	hex.Encode(b[24:], raw[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// decodeText is decode for the form that the server shows to people.
func (f *field) decodeText(raw []byte) (engine.Value, error) {
	s := string(raw)
	var err error
	switch f.oid {
	case oidInt2, oidInt4, oidInt8, oidOID:
		var n int64
		if n, err = strconv.ParseInt(s, 10, 64); err == nil {
			return engine.Int(n), nil
		}
	case oidFloat4, oidFloat8:
		bits := 64
		if f.oid == oidFloat4 {
			bits = 32
		}
		var x float64
		if x, err = strconv.ParseFloat(s, bits); err == nil {
			return engine.Float(x), nil
		}
	case oidBool:
		return engine.Bool(s == "t"), nil
	case oidBytea:
		var b []byte
		if len(s) < 2 || s[:2] != `\x` {
			return engine.Value{}, fmt.Errorf("postgres: read bytes: set bytea_output to hex")
		}
		if b, err = hex.DecodeString(s[2:]); err == nil {
			return engine.Bytes(b), nil
		}
	case oidTimestamptz, oidTimestamp, oidDate:
		return momentText(s, f.oid)
	case oidNumeric:
		return f.numeric(s), nil
	default:
		return engine.Text(s), nil
	}
	return engine.Value{}, fmt.Errorf("postgres: read a value of type %d: %w", f.oid, err)
}

func momentText(s string, oid uint32) (engine.Value, error) {
	if s == "infinity" || s == "-infinity" {
		return engine.Value{}, errInfinity
	}
	layout := "2006-01-02"
	switch {
	case oid == oidTimestamp:
		layout = "2006-01-02 15:04:05.999999"
	case oid == oidTimestamptz: // in UTC, unless a PgBouncer shares settings
		zone := len(s) - 1 - strings.LastIndexAny(s, "+-")
		layout = "2006-01-02 15:04:05.999999-07:00:00"
		layout = layout[:len(layout)-8+min(max(zone, 2), 8)]
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return engine.Value{}, fmt.Errorf("postgres: read a time of the years 1 to 9999: %w", err)
	}
	return engine.UnixMicro(t.UnixMicro()), nil
}
