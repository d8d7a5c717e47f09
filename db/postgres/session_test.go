package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// session opens a session for writing on a database of its own.
func session(t testing.TB, settings string) engine.Session {
	t.Helper()
	pool, err := postgres.Driver.Open(engine.Options{URL: realdb.Postgres(t) + settings, Durable: true, BusyTimeout: 5 * time.Second, MaxReaders: 2, MaxWriters: 2})
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, pool.Close()) })
	s, err := pool.Acquire(t.Context(), true)
	want.NoErr(t, err)
	t.Cleanup(s.Release)
	return s
}

func do(t testing.TB, s engine.Session, sql string, args ...any) int64 {
	t.Helper()
	n, err := s.Exec(t.Context(), sql, values(t, args))
	want.NoErr(t, err)
	return n
}

func values(t testing.TB, args []any) []engine.Value {
	t.Helper()
	list := make([]engine.Value, len(args))
	for i, a := range args {
		v, err := engine.Of(a)
		want.NoErr(t, err)
		list[i] = v
	}
	return list
}

// read returns all rows as texts.
func read(t testing.TB, c engine.Cursor) (list []string) {
	t.Helper()
	row := make([]engine.Value, c.Columns())
	for {
		err := c.Next(t.Context(), row)
		if err == io.EOF {
			return list
		}
		want.NoErr(t, err)
		list = append(list, fmt.Sprint(row))
	}
}

func ask(t testing.TB, s engine.Session, sql string, args ...any) []string {
	t.Helper()
	c, err := s.Query(t.Context(), sql, values(t, args))
	want.NoErr(t, err)
	defer c.Close()
	return read(t, c)
}

// Both ways of asking, prepared and not, give the same values.
func TestTypes(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{"", "?pgbouncer=true"} {
		s := session(t, settings)
		do(t, s, "CREATE TYPE mood AS ENUM ('glad', 'sad')")
		do(t, s, "CREATE TABLE prices (amount numeric(12, 2), exact numeric, whole numeric(20, 0))")
		do(t, s, "INSERT INTO prices VALUES (5, 0.1234567890123456789, 12)")
		for _, test := range []struct{ sql, want string }{
			{"SELECT 1::int2, -2::int4, 9223372036854775807::int8, 4294967295::oid", "[1 -2 9223372036854775807 4294967295]"},
			{"SELECT 1.5::float4, 0.1::float8, true, false, NULL::int4", "[1.5 0.1 true false NULL]"},
			{"SELECT 'é'::text, 'b'::varchar(3), 'c'::char(3), 'd'::name, ''", `["é" "b" "c  " "d" ""]`},
			{`SELECT '\x00ff'::bytea, ''::bytea`, "[x'00ff' x'']"},
			{"SELECT '2026-11-22 10:00:00.000001+02'::timestamptz, '0001-01-01'::timestamp, '9999-12-31'::date", "[2026-11-22T08:00:00.000001Z 0001-01-01T00:00:00Z 9999-12-31T00:00:00Z]"},
			{"SELECT '550E8400-e29b-41d4-a716-446655440000'::uuid, '{\"b\":1}'::jsonb, '{ }'::json", `["550e8400-e29b-41d4-a716-446655440000" "{\"b\": 1}" "{ }"]`},
			{"SELECT sum(9223372036854775806), sum(i), avg(i), 1e30::numeric, -1.50 FROM generate_series(1, 2) AS i", `["18446744073709551612" 3 1.5 "1000000000000000000000000000000" -1.5]`},
			{"SELECT 'NaN'::numeric, -0.00012::numeric, 100000000::numeric, 10000.0001", `["NaN" -0.00012 100000000 10000.0001]`},
			{"SELECT amount, exact, whole FROM prices", `["5.00" "0.1234567890123456789" 12]`},
			{"SELECT ARRAY[1, NULL], 'sad'::mood, '1 day'::interval, int4range(1, 3), '10.0.0.1'::inet, row(1, 'a')", `["{1,NULL}" "sad" "1 day" "[1,3)" "10.0.0.1" "(1,a)"]`},
			{`SELECT '{"a": 1}'::jsonb ?? 'a', '{"a": 1}'::jsonb ??| ARRAY['x'], '?', E'\'?', $$?$$ /* ? */ -- ?`, `[true false "?" "'?" "?"]`},
			{"SHOW server_encoding", `["UTF8"]`},
		} {
			got := ask(t, s, test.sql)
			if len(got) != 1 || got[0] != test.want {
				t.Errorf("%s %s:\n got %s\nwant %s", settings, test.sql, got, test.want)
			}
		}
		at := time.Date(2026, 11, 22, 15, 4, 5, 123456000, time.UTC)
		got := ask(t, s, "SELECT ?::int2, ?::float8, ?::numeric(5, 1), ?::text, ?::uuid, ?::bytea, ?::timestamptz, ?::date, ?::mood, ?::bool, ?::int4[], ?::text",
			7, 8, 1.25, "é?", "550e8400-e29b-41d4-a716-446655440000", []byte{1}, at, at, "glad", true, "{1,2}", nil)
		want.Equal(t, got, []string{`[7 8 1.3 "é?" "550e8400-e29b-41d4-a716-446655440000" x'01' 2026-11-22T15:04:05.123456Z 2026-11-22T00:00:00Z "glad" true "{1,2}" NULL]`})
		for _, zone := range []string{"Asia/Kolkata", "America/New_York"} { // as others may leave it
			do(t, s, "SET TIME ZONE '"+zone+"'")
			want.Equal(t, ask(t, s, "SELECT ?::timestamptz, '0001-01-01 00:00:00+00'::timestamptz + interval '1 year'", at)[0], "[2026-11-22T15:04:05.123456Z 0002-01-01T00:00:00Z]")
		}
		do(t, s, "SET TIME ZONE 'UTC'")
		_, err := s.Exec(t.Context(), "SELECT ?::int4", values(t, []any{int64(math.MaxInt64)}))
		want.Err(t, err, errs.Invalid)
		for _, sql := range []string{"SELECT 'infinity'::timestamptz", "SELECT '-infinity'::date"} {
			c, err := s.Query(t.Context(), sql, nil)
			want.NoErr(t, err)
			want.Contains(t, fmt.Sprint(c.Next(t.Context(), make([]engine.Value, 1))), "infinity")
			want.NoErr(t, c.Close())
		}
	}
	s := session(t, "")
	if _, err := s.Exec(t.Context(), "SELECT ?::int4", values(t, []any{[]byte("1")})); errs.KindOf(err) != errs.Invalid {
		t.Errorf("got %v, want bytes to be refused for an integer", err)
	}
	if _, err := s.Exec(t.Context(), "SELECT ?::int4, ?", values(t, []any{1})); err == nil {
		t.Error("got no error for an argument too few")
	}
}

func TestExecCounts(t *testing.T) {
	t.Parallel()
	s := session(t, "")
	want.Equal(t, do(t, s, "CREATE TABLE a (i int4); INSERT INTO a VALUES (1), (2); INSERT INTO a VALUES (3); SELECT * FROM a"), 1)
	want.Equal(t, do(t, s, "SELECT * FROM a"), 0)
	want.Equal(t, do(t, s, "UPDATE a SET i = i + ?", 1), 3)
	want.Equal(t, do(t, s, "WITH gone AS (DELETE FROM a WHERE i > ? RETURNING i) INSERT INTO a SELECT i FROM gone", 2), 2)
	do(t, s, "BEGIN")
	for _, sql := range []string{"WITH x AS (SELECT 'insert' AS i) SELECT i FROM x", "WITH x AS (INSERT INTO a VALUES (9) RETURNING i) SELECT i::text FROM x"} {
		want.Equal(t, len(ask(t, s, sql)), 1)
	}
	do(t, s, "ROLLBACK")
	want.Equal(t, do(t, s, "-- a comment?\nDELETE FROM a"), 3)
	want.Equal(t, do(t, s, " "), 0)
}

// Several cursors are open at the same time, and one is closed early.
func TestCursors(t *testing.T) {
	t.Parallel()
	s := session(t, "")
	const many = "SELECT i, repeat('x', 100) FROM generate_series(1, 50000) AS i"
	a, err := s.Query(t.Context(), many, nil)
	want.NoErr(t, err)
	row := make([]engine.Value, 2)
	want.NoErr(t, a.Next(t.Context(), row))
	b, err := s.Query(t.Context(), "SELECT 7", nil)
	want.NoErr(t, err)
	want.NoErr(t, a.Next(t.Context(), row))
	want.Equal(t, row[0].Int(), 2)
	want.Equal(t, read(t, b), []string{"[7]"})
	want.Equal(t, len(read(t, a)), 49_998)
	want.NoErr(t, a.Close())
	want.NoErr(t, a.Close())
	want.Err(t, a.Next(t.Context(), row), io.EOF)

	do(t, s, "BEGIN") // its rows are read to the end: the connection is needed
	c, err := s.Query(t.Context(), many, nil)
	want.NoErr(t, err)
	want.NoErr(t, c.Close())
	do(t, s, "COMMIT")
	c, err = s.Query(t.Context(), "SELECT 1 / (3 - i) FROM generate_series(1, 5) AS i", nil)
	if err == nil {
		err = errors.Join(c.Next(t.Context(), row[:1]), c.Next(t.Context(), row[:1]), c.Next(t.Context(), row[:1]))
	}
	want.Contains(t, fmt.Sprint(err), "division by zero")
	want.Equal(t, ask(t, s, "SELECT 8"), []string{"[8]"})

	c, err = s.Query(t.Context(), "SELECT i FROM generate_series(1, 100000000) AS i", nil)
	want.NoErr(t, err)
	want.NoErr(t, c.Close()) // not by reading a hundred million rows
	_, err = s.Exec(t.Context(), "SELECT 1", nil)
	want.Err(t, err, engine.ErrGone)
}

func TestBatch(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{"", "?pgbouncer=true"} {
		s := session(t, settings)
		b := s.(engine.Batcher)
		do(t, s, "CREATE TABLE a (i int4 PRIMARY KEY)")
		batch := func(statements ...engine.Statement) (got []string, err error) {
			err = b.Batch(t.Context(), statements, func(i int, c engine.Cursor, n int64) error {
				if c != nil {
					got = append(got, fmt.Sprint(i, read(t, c)))
				} else {
					got = append(got, fmt.Sprint(i, " ", n))
				}
				return nil
			})
			return got, err
		}
		insert := func(i int) engine.Statement {
			return engine.Statement{SQL: "INSERT INTO a VALUES (?)", Args: []engine.Value{engine.Int(int64(i))}}
		}
		all := engine.Statement{SQL: "SELECT i FROM a ORDER BY i", Rows: true}
		for range 2 {
			got, err := batch(insert(1), insert(2), all, engine.Statement{SQL: "DELETE FROM a WHERE i < ?", Args: []engine.Value{engine.Int(9)}}, all)
			want.NoErr(t, err)
			want.Equal(t, got, []string{"0 1", "1 1", "2 [[1] [2]]", "3 2", "4 []"})
		}
		_, err := batch(insert(1), insert(1), all)
		want.Err(t, err, errs.Conflict)
		want.Equal(t, ask(t, s, "SELECT count(*) FROM a"), []string{"[0]"}) // nothing was kept

		do(t, s, "BEGIN")
		do(t, s, "INSERT INTO a VALUES (5)")
		_, err = batch(insert(6), insert(5))
		want.Err(t, err, errs.Conflict)
		got, err := batch(insert(7), all)
		want.NoErr(t, err)
		want.Equal(t, got, []string{"0 1", "1 [[5] [7]]"})
		do(t, s, "COMMIT")

		stop := errors.New("stop")
		err = b.Batch(t.Context(), []engine.Statement{all, insert(8), all}, func(int, engine.Cursor, int64) error { return stop })
		want.Err(t, err, stop)
		want.Equal(t, ask(t, s, "SELECT count(*) FROM a"), []string{"[3]"})
		want.NoErr(t, b.Batch(t.Context(), nil, nil))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		err = b.Batch(ctx, []engine.Statement{{SQL: "SELECT pg_sleep(10)", Rows: true}, all}, func(int, engine.Cursor, int64) error { return nil })
		cancel()
		want.Err(t, err, context.DeadlineExceeded)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	s := session(t, "")
	l := s.(engine.Loader)
	do(t, s, `CREATE TABLE a (i int4 PRIMARY KEY, "Order" text, f float8, b bool, x bytea, at timestamptz, n numeric)`)
	at := time.Date(2026, 11, 22, 1, 2, 3, 4000, time.UTC)
	texts := []string{"plain", "tab\tnew\nline\rback\\slash", "\\N", ""}
	load := func(columns []string, rows int) (int64, error) {
		i := 0
		return l.Load(t.Context(), "a", columns, func(row []engine.Value) (bool, error) {
			if i == rows {
				return false, nil
			}
			i++
			copy(row, []engine.Value{engine.Int(int64(i)), engine.Text(texts[i%4]), engine.Float(0.5), engine.Bool(i%2 == 0), engine.Bytes([]byte{1, '\\'}), engine.Time(at)})
			if i%4 == 3 {
				row[2] = engine.Value{}
			}
			if len(row) > 6 {
				row[6] = engine.Float(1.25)
			}
			return true, nil
		})
	}
	columns := []string{"i", "Order", "f", "b", "x", "at"}
	for _, columns := range [][]string{columns, append(columns, "n")} { // binary, and text since there is a numeric
		n, err := load(columns, 5000)
		want.NoErr(t, err)
		want.Equal(t, n, 5000)
		got := ask(t, s, `SELECT i, "Order", f, b, x, at FROM a WHERE i BETWEEN 1 AND 4 ORDER BY i`)
		want.Equal(t, got, []string{
			`[1 "tab\tnew\nline\rback\\slash" 0.5 false x'015c' 2026-11-22T01:02:03.000004Z]`, `[2 "\\N" 0.5 true x'015c' 2026-11-22T01:02:03.000004Z]`,
			`[3 "" NULL false x'015c' 2026-11-22T01:02:03.000004Z]`, `[4 "plain" 0.5 true x'015c' 2026-11-22T01:02:03.000004Z]`})
		do(t, s, "DELETE FROM a WHERE i > 2")
		do(t, s, "BEGIN")
		_, err = load(columns, 5)
		var broken *engine.ConstraintError
		if !errors.As(err, &broken) || broken.Name != "a_pkey" {
			t.Errorf("got %v, want a_pkey to be violated", err)
		}
		want.Equal(t, ask(t, s, "SELECT count(*) FROM a"), []string{"[2]"}) // the transaction goes on
		do(t, s, "DELETE FROM a")
		do(t, s, "COMMIT")
	}
	stop := errors.New("stop")
	_, err := l.Load(t.Context(), "a", []string{"i"}, func(row []engine.Value) (bool, error) { return false, stop })
	want.Err(t, err, stop)
	_, err = l.Load(t.Context(), "a", []string{"i"}, func(row []engine.Value) (bool, error) {
		row[0] = engine.Text("one")
		return true, nil
	})
	want.Contains(t, fmt.Sprint(err), `"one" does not fit column 1`)
	_, err = l.Load(t.Context(), "nowhere", []string{"i"}, nil)
	want.Contains(t, fmt.Sprint(err), "nowhere")
	func() {
		defer func() { want.Equal(t, recover(), any("boom")) }()
		_, _ = l.Load(t.Context(), "a", []string{"i"}, func([]engine.Value) (bool, error) { panic("boom") })
	}()
	want.Equal(t, ask(t, s, "SELECT count(*) FROM a"), []string{"[0]"})
}

// More statements than are kept: the oldest go.
func TestManyStatements(t *testing.T) {
	t.Parallel()
	s := session(t, "")
	for i := range 600 {
		want.Equal(t, ask(t, s, fmt.Sprintf("SELECT %d + ?::int4", i%300), 1), []string{fmt.Sprintf("[%d]", i%300+1)})
	}
	want.Equal(t, ask(t, s, "SELECT count(*) <= 256 FROM pg_prepared_statements"), []string{"[true]"})
}
