package mariadb_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestTypes reads what tables of another hand hold, by both protocols of the
// server: with arguments a statement is prepared.
func TestTypes(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	for _, test := range []struct{ sql, want string }{
		{"CAST(-7 AS SIGNED)", "-7"}, {"18446744073709551615", `"18446744073709551615"`}, {"9223372036854775807", "9223372036854775807"},
		{"1.50", `"1.50"`}, {"CAST(12 AS DECIMAL(30))", "12"}, {"CAST('123456789012345678901234567890' AS DECIMAL(30))", `"123456789012345678901234567890"`},
		{"1.5e0", "1.5"}, {"CAST(0.1 AS FLOAT)", "0.1"}, {"1 = 1", "1"}, {"NULL", "NULL"},
		{"'it''s \\ ü 👾'", `"it's \\ ü 👾"`}, {"'a' || 'b'", `"ab"`}, {"x'00ff'", "x'00ff'"}, {"b'101'", "x'05'"}, {"CAST('x' AS BINARY)", "x'78'"},
		{"CAST('0001-01-01' AS DATETIME(6))", "0001-01-01T00:00:00Z"}, {"CAST('9999-12-31 23:59:59.999999' AS DATETIME(6))", "9999-12-31T23:59:59.999999Z"},
		{"CAST('2024-02-29 01:02:03.4' AS DATETIME(3))", "2024-02-29T01:02:03.4Z"}, {"CAST('1969-12-31 23:59:59.999999' AS DATETIME(6))", "1969-12-31T23:59:59.999999Z"},
		{"CAST('2000-03-01' AS DATE)", "2000-03-01T00:00:00Z"}, {"CAST('-12:30:00' AS TIME)", `"-12:30:00"`}, {"timestamp '2026-01-31 12:00:00'", "2026-01-31T12:00:00Z"},
		{"json_object('a', 1)", `"{\"a\": 1}"`}, {"sum(amount)", "1000"}, {"avg(amount)", `"100.0000"`}, {"avg(amount * 1e0)", "100"}, {"count(*)", "10"},
	} {
		for _, where := range []string{"", " WHERE ? = 1"} {
			want.NoErr(t, d.WithConn(ctx, func(c db.Conn) error {
				var args []any
				if where != "" {
					args = []any{1}
				}
				sql := "SELECT " + test.sql + " FROM accounts" + where + " LIMIT 1"
				rows, err := c.Query(ctx, sql, args...)
				if err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
				defer rows.Close()
				var v any
				want.Equal(t, rows.Next(), true)
				want.NoErr(t, rows.Scan(&v))
				got, err := engine.Of(v)
				want.NoErr(t, err)
				if got.String() != test.want {
					t.Errorf("%s: got %s, want %s", sql, got, test.want)
				}
				return rows.Err()
			}))
		}
	}
}

// TestZeroDate: a date that is none is an error and no date.
func TestZeroDate(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	_, err := db.Exec(ctx, "SET sql_mode = ''; CREATE TABLE dates (at DATETIME); INSERT INTO dates VALUES ('0000-00-00'), ('2026-00-00')")
	want.NoErr(t, err)
	for _, order := range []string{"", " DESC"} {
		_, err = db.SQL[*db.Row](ctx, "SELECT at FROM dates ORDER BY at"+order)
		if err == nil || !strings.Contains(err.Error(), "mariadb: read a time: ") {
			t.Errorf("got %v, want an error about the time", err)
		}
	}
	want.Equal(t, number(t, ctx, sum), 1000)
}

// FuzzTime compares with the standard library.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2026-01-31 12:00:00.123456", "0001-01-01 00:00:00", "1900-03-01", "0000-00-00 00:00:00", "2026-13-01 00:00:00", "2026-01-31T12:00:00", "2026-01-31 12:00:00.", "2026-01-31 12:00:00.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		us, ok := mariadb.ParseTime([]byte(s))
		at, err := time.Parse("2006-01-02 15:04:05", s)
		if len(s) == len("2006-01-02") {
			at, err = time.Parse("2006-01-02", s)
		}
		written := strings.HasPrefix(s, at.Format("2006-01-02 15:04:05")) || s == at.Format("2006-01-02")
		if err == nil && at.Year() > 0 && written && len(s) <= 26 && !strings.Contains(s, ",") {
			if !ok || us != at.UnixMicro() {
				t.Fatalf("%q: got %d, %v, want %d", s, us, ok, at.UnixMicro())
			}
			if back := mariadb.FormatTime(us); !bytes.HasPrefix(back, []byte(strings.TrimRight(s, "."))) {
				t.Errorf("%q: formatted %q", s, back)
			}
		}
	})
}
