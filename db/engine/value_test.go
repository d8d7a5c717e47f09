package engine_test

import (
	"fmt"
	"math"
	"testing"
	"time"
	"unsafe"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

type (
	cents int32
	genre string
	blob  []byte
)

func TestOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 15, 4, 5, 123456789, time.FixedZone("east", 3600))
	var none *string
	for _, test := range []struct {
		in   any
		want string
	}{
		{nil, "NULL"}, {none, "NULL"}, {engine.Value{}, "NULL"}, {engine.Int(7), "7"},
		{1, "1"}, {int64(math.MinInt64), "-9223372036854775808"}, {int8(-3), "-3"}, {uint8(255), "255"},
		{uint64(math.MaxInt64), "9223372036854775807"}, {cents(5), "5"}, {new(cents(5)), "5"}, {time.Second, "1000000000"},
		{1.5, "1.5"}, {float32(0.5), "0.5"}, {true, "true"}, {new(false), "false"},
		{"it's", `"it's"`}, {genre("Noir"), `"Noir"`}, {new("x"), `"x"`},
		{[]byte{1, 255}, "x'01ff'"}, {blob{2}, "x'02'"}, {[]byte(nil), "x''"},
		{at, "2026-11-22T14:04:05.123456Z"}, {&at, "2026-11-22T14:04:05.123456Z"},
	} {
		v, err := engine.Of(test.in)
		want.NoErr(t, err)
		want.Equal(t, v.String(), test.want)
		want.NoErr(t, v.Check())
	}
	for _, bad := range []any{uint64(math.MaxUint64), struct{}{}, []string{"a"}, map[string]int{}, complex(1, 2), new([]int)} {
		if v, err := engine.Of(bad); err == nil {
			t.Errorf("%T: got %v, want an error", bad, v)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, v := range []engine.Value{
		engine.Text("\xff"), engine.Text("a\x00"), engine.Float(math.NaN()), engine.Float(math.Inf(1)),
		engine.Time(time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC)),
		engine.Time(time.Date(9999, 12, 31, 23, 30, 0, 0, time.FixedZone("west", -3600))),
	} {
		want.Err(t, v.Check(), errs.Invalid)
	}
	for _, v := range []engine.Value{
		{}, engine.Text(""), engine.Text("\ufffd"), engine.Bytes([]byte("a\x00\xff")), engine.Time(time.Time{}),
		engine.Float(-math.MaxFloat64), engine.Time(time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)),
	} {
		want.NoErr(t, v.Check())
	}
}

func TestConstraintError(t *testing.T) {
	t.Parallel()
	err := &engine.ConstraintError{Kind: engine.Unique, Table: "films", Columns: []string{"a", "b"}, Name: "films_a_b_key"}
	want.Equal(t, err.Error(), "db: unique constraint violated: films (a, b): films_a_b_key")
	want.Err(t, err, errs.Conflict)
	want.Equal(t, errs.KindOf(err), errs.Conflict)
}

// TestReaders: what a Value does not hold is read as nothing, whatever shares
// its memory.
func TestReaders(t *testing.T) {
	t.Parallel()
	at := time.UnixMicro(1_700_000_000_000_001)
	list := []engine.Value{
		{}, engine.Int(-7), engine.Float(1.5), engine.Bool(true), engine.Time(at),
		engine.Text("text"), engine.Text(""), engine.Bytes([]byte("bytes")), engine.Bytes(nil),
	}
	got := []string{}
	for _, v := range list {
		got = append(got, fmt.Sprintf("%d %g %q %q", v.Int(), v.Float(), v.Text(), v.Bytes()))
	}
	want.Equal(t, got, []string{
		`0 0 "" ""`, `-7 0 "" ""`, `0 1.5 "" ""`, `1 0 "" ""`, `1700000000000001 0 "" ""`,
		`0 0 "text" ""`, `0 0 "" ""`, `0 0 "" "bytes"`, `0 0 "" ""`,
	})
	want.Equal(t, list[7].Bytes() == nil || list[8].Bytes() == nil, false) // no NULL
	want.Equal(t, list[5].Bytes() == nil && list[0].Bytes() == nil, true)

	// Bytes are those that were given, and what is appended goes elsewhere.
	own := []byte("abcd")
	b := engine.Bytes(own[:2]).Bytes()
	own[0] = 'z'
	want.Equal(t, string(append(b, '!')), "zb!")
	want.Equal(t, string(own), "zbcd")
	want.Equal(t, unsafe.Sizeof(engine.Value{}) <= 4*unsafe.Sizeof(0), true)
}
