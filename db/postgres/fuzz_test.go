package postgres

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"

	"github.com/jackc/pgx/v5/pgtype"
)

// FuzzDecode compares what is decoded here with what pgx makes of the same
// bytes.
func FuzzDecode(f *testing.F) {
	types := []uint32{oidBool, oidBytea, oidInt8, oidInt2, oidInt4, oidText, oidFloat4, oidFloat8, oidVarchar, oidDate,
		oidTimestamp, oidTimestamptz, oidNumeric, oidUUID, oidJSONB, oidOID}
	for i := range types {
		f.Add(uint8(i), false, []byte{0, 0, 0, 0, 0, 0, 0, 1})
		f.Add(uint8(i), false, []byte{1})
		f.Add(uint8(i), false, []byte{0, 0, 0, 1, 0x7f, 0xff, 0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8})
		for _, text := range []string{"1", "-1.5", "t", `\x00ff`, "2026-11-22", "2026-11-22 10:00:00.5+00", "2026-11-22 10:00:00", "infinity"} {
			f.Add(uint8(i), true, []byte(text))
		}
	}
	f.Add(uint8(12), false, []byte{0, 2, 0, 0, 0x40, 0, 0, 2, 0, 5, 0x13, 0x88}) // -5.50
	f.Add(uint8(12), false, []byte{0, 1, 0xff, 0xff, 0, 0, 0, 4, 0, 1})          // 0.0001
	f.Add(uint8(12), false, []byte{0, 0, 0, 0, 0xc0, 0, 0, 0})                   // NaN
	types2 := pgtype.NewMap()
	f.Fuzz(func(t *testing.T, which uint8, text bool, raw []byte) {
		oid, format := types[int(which)%len(types)], formatBinary
		if text {
			format = formatText
		}
		field := field{oid: oid, format: format, column: true}
		got, err := field.decode(raw)
		theirs, their := scan(types2, oid, format, raw)
		if oid == oidNumeric {
			sameNumber(t, raw, text, got, err, theirs, their)
			return
		}
		if oid == oidBool && text {
			return // t or f, and pgx takes more
		}
		switch {
		case oid == oidDate || oid == oidTimestamp || oid == oidTimestamptz:
			if err == nil && their == nil && got.Check() == nil && got.String() != theirs {
				t.Errorf("type %d, text %v, % x: got %s, want %s as pgx", oid, text, raw, got, theirs)
			}
		case err != nil && their == nil && theirs != "infinity" && !text:
			t.Errorf("type %d, % x: got %v, want %s as pgx", oid, raw, err, theirs)
		case err == nil && their == nil && got.String() != theirs:
			t.Errorf("type %d, text %v, % x: got %s, want %s as pgx", oid, text, raw, got, theirs)
		case err == nil && their != nil && !text && oid != oidBool:
			t.Errorf("type %d, % x: got %s, want an error as pgx: %v", oid, raw, got, their)
		}
	})
}

// sameNumber compares numbers, of which pgx does not keep how they were
// written. It also takes some that are longer or shorter than they say.
func sameNumber(t *testing.T, raw []byte, text bool, got engine.Value, err error, theirs string, their error) {
	t.Helper()
	if err != nil || their != nil || text {
		return
	}
	ours, theirs := strings.Trim(got.String(), `"`), strings.Trim(theirs, `"`)
	a, ok := new(big.Rat).SetString(ours)
	b, ok2 := new(big.Rat).SetString(theirs)
	if ok != ok2 || !ok && !strings.EqualFold(ours, theirs) || ok && scaled(raw) && a.Cmp(b) != 0 {
		t.Errorf("% x: got %s, want %s as pgx", raw, ours, theirs)
	}
}

// scaled reports whether a numeric is one that a server sends: its digits are
// below 10,000, and it has no more decimals than it says.
func scaled(raw []byte) bool {
	digits, weight, scale := int(raw[0])<<8|int(raw[1]), int(int16(uint16(raw[2])<<8|uint16(raw[3]))), int(raw[6])<<8|int(raw[7])
	for i := range digits {
		if int(raw[8+2*i])<<8|int(raw[9+2*i]) > 9999 {
			return false
		}
	}
	return weight < 1000 && scale >= 4*(digits-weight-1)
}

// scan is decode by pgx, as Value.String would show it.
func scan(m *pgtype.Map, oid uint32, format int16, raw []byte) (string, error) {
	if raw == nil {
		return engine.Value{}.String(), nil
	}
	switch oid {
	case oidBool:
		return scanned(m, oid, format, raw, engine.Bool)
	case oidBytea:
		return scanned(m, oid, format, raw, engine.Bytes)
	case oidInt2, oidInt4, oidInt8:
		return scanned(m, oid, format, raw, engine.Int)
	case oidOID:
		return scanned(m, oid, format, raw, func(n uint32) engine.Value { return engine.Int(int64(n)) })
	case oidFloat4:
		return scanned(m, oid, format, raw, func(f float32) engine.Value { return engine.Float(float64(f)) })
	case oidFloat8:
		return scanned(m, oid, format, raw, engine.Float)
	case oidTimestamp, oidTimestamptz, oidDate:
		if s, err := scanned(m, oid, format, raw, func(d pgtype.Date) engine.Value {
			if d.InfinityModifier != 0 {
				return engine.Text("infinity")
			}
			return engine.Time(d.Time)
		}); oid == oidDate {
			return strings.Trim(s, `"`), err
		}
		s, err := scanned(m, oid, format, raw, func(t pgtype.Timestamptz) engine.Value {
			if t.InfinityModifier != 0 {
				return engine.Text("infinity")
			}
			return engine.Time(t.Time)
		})
		if oid == oidTimestamp {
			s, err = scanned(m, oid, format, raw, func(t pgtype.Timestamp) engine.Value {
				if t.InfinityModifier != 0 {
					return engine.Text("infinity")
				}
				return engine.Time(t.Time)
			})
		}
		return strings.Trim(s, `"`), err
	case oidNumeric:
		return scanned(m, oid, format, raw, numericValue)
	}
	return scanned(m, oid, format, raw, engine.Text)
}

func scanned[T any](m *pgtype.Map, oid uint32, format int16, raw []byte, value func(T) engine.Value) (string, error) {
	var v T
	if err := m.Scan(oid, format, raw, &v); err != nil {
		return "", err
	}
	return value(v).String(), nil
}

// numericValue is the value of what pgx scanned. It keeps no zeros at the end.
func numericValue(n pgtype.Numeric) engine.Value {
	v, _ := n.Value()
	return engine.Text(fmt.Sprint(v))
}

// FuzzNumbered builds SQL of pieces whose translation is known.
func FuzzNumbered(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8}, "it?s")
	f.Add([]byte{0, 0, 7, 7, 3, 3}, `a\`)
	f.Add([]byte{2, 0, 4, 0, 5, 0}, "$x$ */ -- '' \"\" ?")
	f.Fuzz(func(t *testing.T, pieces []byte, text string) {
		var in, want strings.Builder
		n := 0
		for _, p := range pieces {
			same := ""
			switch p % 9 {
			case 0:
				n++
				in.WriteString("?")
				fmt.Fprintf(&want, "$%d", n)
			case 1:
				in.WriteString("??")
				want.WriteString("?")
			case 2:
				same = "'" + strings.ReplaceAll(text, "'", "''") + "'"
			case 3:
				same = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			case 4:
				same = "E'" + strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), "'", `\'`) + "'"
			case 5:
				same = "/* ? /* " + strings.NewReplacer("/", "", "*", "").Replace(text) + " */ ? */"
			case 6:
				same = "-- ? " + strings.NewReplacer("\n", "", "\r", "").Replace(text) + "\n"
			case 7:
				same = "$t_1$" + strings.ReplaceAll(text, "$", "") + "$ ? $t_1$"
			case 8:
				same = "sele$1ct -1.5e5"
			}
			in.WriteString(same + " ")
			want.WriteString(same + " ")
		}
		if got := numbered(in.String(), true); got != want.String() {
			t.Errorf("%q:\n got %q\nwant %q", in.String(), got, want.String())
		}
		numbered(text, true)
		if once := numbered(text, false); len(once) > len(text) {
			t.Errorf("%q: got %q", text, once)
		}
		verb(text)
		detailColumns(text)
	})
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a=?":                       "a=$1",
		"?,?1 x?":                   "$1,$2 1 x $3",
		"a ? b":                     "a $1 b",
		"a ?? b ??| c":              "a ? b ?| c",
		"$1 $ ?":                    "$1 $ $1",
		"'it''s ?' ?":               "'it''s ?' $1",
		`e'\'?' '\' ?`:              `e'\'?' '\' $1`,
		`note'?' ?`:                 `note'?' $1`,
		"$$ ? $$ ? $a$ $$ ? $a$":    "$$ ? $$ $1 $a$ $$ ? $a$",
		"x$$ ? $$":                  "x$$ $1 $$",
		"/* ? /* ? */ ? */ ? -- ?":  "/* ? /* ? */ ? */ $1 -- ?",
		"'open ?":                   "'open ?",
		"/* open ?":                 "/* open ?",
		"\"a?\"\"?\" ? -- ?\r\n? ?": "\"a?\"\"?\" $1 -- ?\r\n$2 $3",
	} {
		if got := numbered(in, true); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"a ? b": "a ? b", "a ?? '??'": "a ? '??'"} {
		if got := numbered(in, false); got != want {
			t.Errorf("%q without arguments: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"": "", " select 1": "SELECT", "-- x\n/* y */ (with a": "WITH", "é": "É"} {
		if got := verb(in); got != want {
			t.Errorf("verb of %q: got %q, want %q", in, got, want)
		}
	}
}

// Values come back as they went, in both forms.
func FuzzThereAndBack(f *testing.F) {
	f.Add(int64(-1), 0.1, "é", []byte{0, 255})
	f.Add(int64(math.MinInt64), math.MaxFloat64, "", []byte{})
	f.Fuzz(func(t *testing.T, n int64, x float64, s string, b []byte) {
		at := time.UnixMicro(n % (1 << 55)).UTC()
		for oid, v := range map[uint32]engine.Value{
			oidInt8: engine.Int(n), oidInt4: engine.Int(int64(int32(n))), oidInt2: engine.Int(int64(int16(n))), oidFloat8: engine.Float(x),
			oidText: engine.Text(s), oidJSONB: engine.Text(s), oidBytea: engine.Bytes(b), oidTimestamptz: engine.Time(at), oidBool: engine.Bool(n > 0),
		} {
			if v.Check() != nil {
				continue
			}
			raw, ok := appendBinary([]byte{}, oid, &v)
			field := field{oid: oid, format: formatBinary}
			got, err := field.decode(raw)
			if !ok || err != nil || got.String() != v.String() {
				t.Errorf("type %d: got %s, %v, want %s", oid, got, err, v)
			}
			if oid == oidBool || oid == oidTimestamptz {
				continue // these the server shows in another way
			}
			field.format = formatText
			if got, err = field.decode(appendText([]byte{}, &v)); err != nil || got.String() != v.String() {
				t.Errorf("type %d as text: got %s, %v, want %s", oid, got, err, v)
			}
		}
	})
}
