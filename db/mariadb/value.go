package mariadb

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A form is how the bytes of a column are to be read. Numbers come as numbers.
type form uint8

const (
	formText form = iota
	formBytes
	formTime
	formInteger // a DECIMAL without a fraction
)

// formOf chooses by the type that the driver names.
func formOf(rows driverRows, i int) form {
	switch rows.ColumnTypeDatabaseTypeName(i) {
	case "BLOB", "LONGBLOB", "MEDIUMBLOB", "TINYBLOB", "VARBINARY", "BINARY", "BIT", "GEOMETRY", "VECTOR":
		return formBytes
	case "DATETIME", "TIMESTAMP", "DATE":
		return formTime
	case "DECIMAL":
		if _, scale, ok := rows.ColumnTypePrecisionScale(i); ok && scale == 0 {
			return formInteger
		}
	}
	return formText
}

// value turns what the driver read into a Value. Bytes are those of the
// driver's buffer, so they are copied.
func (f form) value(v driver.Value) (engine.Value, error) {
	switch v := v.(type) {
	case nil:
		return engine.Value{}, nil
	case int64:
		return engine.Int(v), nil
	case float64:
		return engine.Float(v), nil
	case float32: // its shortest text, as other engines read the same column
		wide, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
		return engine.Float(wide), err
	case []byte:
		return f.bytes(v)
	case string:
		return f.bytes([]byte(v))
	case uint64: // beyond the signed ones
		return engine.Text(strconv.FormatUint(v, 10)), nil
	}
	return engine.Value{}, fmt.Errorf("mariadb: read a value: got a %T", v)
}

func (f form) bytes(b []byte) (engine.Value, error) {
	switch f {
	case formBytes:
		return engine.Bytes(append(make([]byte, 0, len(b)), b...)), nil
	case formTime:
		us, ok := parseTime(b)
		if !ok {
			return engine.Value{}, fmt.Errorf("mariadb: read a time: %q is none", b)
		}
		return engine.UnixMicro(us), nil
	case formInteger:
		if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
			return engine.Int(n), nil
		}
	}
	return engine.Text(string(b)), nil
}

// bind turns args into what the driver takes, in a slice that is used again.
func (s *session) bind(args []engine.Value) []driver.Value {
	s.args = s.args[:0]
	for i := range args {
		var v driver.Value
		switch a := &args[i]; a.Kind() {
		case engine.KindInt, engine.KindBool:
			v = a.Int()
		case engine.KindFloat:
			v = a.Float()
		case engine.KindText:
			v = a.Text()
		case engine.KindBytes:
			v = a.Bytes()
		case engine.KindTime:
			v = formatTime(a.Int())
		}
		s.args = append(s.args, v)
	}
	return s.args
}

// layout is how a DATETIME(6) is written.
const layout = "2006-01-02 15:04:05.000000"

func formatTime(us int64) []byte {
	return time.UnixMicro(us).UTC().AppendFormat(make([]byte, 0, len(layout)), layout)
}

// parseTime reads a DATETIME with up to six digits of a second, or a DATE, and
// returns the microseconds since 1970 in UTC. Years, months and days that are
// none, such as those of a zero date, are refused.
func parseTime(b []byte) (us int64, ok bool) {
	if len(b) == len("2006-01-02") {
		b = append(append(make([]byte, 0, 19), b...), " 00:00:00"...)
	}
	if len(b) < 19 || len(b) > 26 || b[4] != '-' || b[7] != '-' || b[10] != ' ' || b[13] != ':' || b[16] != ':' || len(b) > 19 && b[19] != '.' {
		return 0, false
	}
	d := digits{ok: true}
	year, month, day := d.read(b[0:4]), d.read(b[5:7]), d.read(b[8:10])
	hour, minute, second := d.read(b[11:13]), d.read(b[14:16]), d.read(b[17:19])
	if len(b) > 20 {
		us = d.read(b[20:])
		for range 26 - len(b) {
			us *= 10
		}
	}
	if !d.ok || year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return (days(year, month, day)*86400+hour*3600+minute*60+second)*1e6 + us, true
}

// digits reads numbers and remembers whether all of them were some.
type digits struct{ ok bool }

func (d *digits) read(b []byte) (n int64) {
	for _, c := range b {
		if c < '0' || c > '9' {
			d.ok = false
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// days returns the days from 1970-01-01 to a day of the Gregorian calendar. It
// counts years from March, so that a leap day is the last of its year.
func days(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
}
