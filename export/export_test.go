package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/export"
	"github.com/ashlar-go/ashlar/internal/want"
)

type text string

type amount int64

func (a amount) MarshalText() ([]byte, error) { return []byte("-12.90"), nil }

type place struct{ City, hidden string }

type row struct {
	*place
	ID     int    `json:"id,omitempty"`
	Name   text   `json:"name"`
	Secret string `json:"-"`
	Dash   string `json:"with-dash"`
	At     time.Time
	Price  amount
	Tags   []string
	Real   float64
	None   *int
	On     bool
}

func TestCells(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	rows := []*row{{&place{"Wien", "x"}, 0, "=1+1", "s", `a "b"`, at, 1, []string{"x", "y"}, -1e-9, nil, true}, nil}
	var b bytes.Buffer
	want.NoErr(t, export.CSV(&b, export.Rows(rows)))
	want.Equal(t, b.String(), "City,id,name,with-dash,At,Price,Tags,Real,None,On\r\n"+
		`Wien,0,"'=1+1","a ""b""",2026-03-29T01:00:00Z,-12.90,"[""x"",""y""]",-1e-9,,true`+"\r\n,,,,,,,,,\r\n")
	b.Reset()
	want.NoErr(t, export.CSV(&b, export.Rows([]string{"a;b", "-1", "", " x", "+", "@x", "\tx"})))
	want.Equal(t, b.String(), "value\r\n\"a;b\"\r\n\"'-1\"\r\n\r\n\" x\"\r\n\"'+\"\r\n\"'@x\"\r\n\"'\tx\"\r\n")
	b.Reset()
	want.NoErr(t, export.CSV(&b, export.Rows([]string{"=1"}), export.Raw()))
	want.Equal(t, b.String(), "value\r\n=1\r\n")
	b.Reset()
	want.NoErr(t, export.JSON(&b, export.Rows([]int{1, 2})))
	want.Equal(t, b.String(), "[1,2]\n")
	b.Reset()
	want.NoErr(t, export.JSON(&b, export.Rows[int](nil)))
	want.Equal(t, b.String(), "[]\n")
}

// TestErrors: a row that is none, and a writer that takes no more, end it.
func TestErrors(t *testing.T) {
	t.Parallel()
	lost := errors.New("lost")
	var rows iter.Seq2[int, error] = func(yield func(int, error) bool) {
		if yield(1, nil) && yield(0, lost) {
			t.Error("got a reader that goes on behind an error")
		}
	}
	for _, write := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return export.CSV(b, rows) },
		func(b *bytes.Buffer) error { return export.JSON(b, rows) },
		func(b *bytes.Buffer) error { return export.NDJSON(b, rows) },
	} {
		var b bytes.Buffer
		err := write(&b)
		want.Err(t, err, lost)
		want.Contains(t, err.Error(), "row 2: lost")
	}
	n := 0
	var endless iter.Seq2[string, error] = func(yield func(string, error) bool) {
		for yield(strings.Repeat("x", 1000), nil) {
			n++
		}
	}
	want.Err(t, export.CSV(full{}, endless), errFull)
	want.Equal(t, n < 100, true)
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// FuzzCSV: what is written is read back the same, in lines of as many cells,
// and no cell that begins like a formula is left.
func FuzzCSV(f *testing.F) {
	f.Add("a", "=b", int64(-1))
	f.Add("\"", "\r\n", int64(0))
	f.Fuzz(func(t *testing.T, a, z string, n int64) {
		type pair struct {
			A, Z string
			N    int64
		}
		var b bytes.Buffer
		want.NoErr(t, export.CSV(&b, export.Rows([]pair{{a, z, n}})))
		lines, err := csv.NewReader(&b).ReadAll()
		want.NoErr(t, err)
		want.Equal(t, len(lines), 2)
		for i, cell := range lines[1][:2] {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\n") {
				t.Errorf("got the cell %q", cell)
			}
			source := strings.ReplaceAll([]string{a, z}[i], "\r\n", "\n") // as package csv reads it
			want.Equal(t, strings.TrimPrefix(cell, "'") == strings.TrimPrefix(source, "'"), true)
		}
		var back int64
		want.NoErr(t, json.Unmarshal([]byte(lines[1][2]), &back))
		want.Equal(t, back, n)
	})
}
