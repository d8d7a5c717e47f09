package queries_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/queries"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestRepeats(t *testing.T) {
	t.Parallel()
	var l queries.Log
	add := func(sql, at, table string, part bool) {
		l.Add(queries.Query{SQL: sql, At: at, Table: table, Part: part, Took: time.Millisecond,
			Loop: func() string { return "loop of " + at },
			Mend: func(read []string) string { return fmt.Sprint("after ", read) }})
	}
	add("films", "a.go:1", "films", false)
	for range 6 {
		add("genre", "a.go:2", "genres", false)
		add("genre", "a.go:3", "genres", true) // part of a call: no repetition
	}
	for range 5 {
		add("film", "a.go:4", "films", false)
		add("film", "a.go:5", "films", false)
	}
	want.Equal(t, l.Len(), 23)
	got := l.Repeats(5)
	want.Equal(t, len(got), 1)
	want.Equal(t, got[0].Times, 6)
	want.Equal(t, got[0].Took, 6*time.Millisecond)
	want.Equal(t, got[0].Where(), "a.go:2, in the loop at loop of a.go:2")
	want.Equal(t, got[0].Advice(), "after [films]")
	want.Equal(t, len(l.Repeats(4)), 3)
	want.Equal(t, (&queries.Repeat{Query: queries.Query{At: "b.go:1"}}).Where(), "b.go:1")
	want.Equal(t, (&queries.Repeat{}).Advice(), "")
}

// TestBounds: a request that never ends does not fill the memory.
func TestBounds(t *testing.T) {
	t.Parallel()
	var l queries.Log
	for i := range 3000 {
		l.Add(queries.Query{SQL: fmt.Sprint(i), Table: fmt.Sprint(i), Args: []string{"1", `"x"`}, Rows: 1})
	}
	want.Equal(t, l.Len(), 3000)
	want.Equal(t, len(l.Repeats(0)), 1000)
	want.Contains(t, l.String(), "   1    1 row, 0s\n      0\n      with 1, \"x\"\n", "… and 2000 more\n")
}

func TestShort(t *testing.T) {
	t.Parallel()
	for sql, short := range map[string]string{
		`SELECT "a" FROM "b" WHERE "c" IN (?, ?, ?)`:                     `SELECT "a" FROM "b" WHERE "c" IN (?, ?, ?)`,
		`WHERE "c" IN (?, ?, ?, ?, ?) AND "d" = ?`:                       `WHERE "c" IN (?, ?, ?, …) AND "d" = ?`,
		`VALUES (?, ?, ?, ?), (?, ?, ?, ?), (?, ?, ?, ?) RETURNING "id"`: `VALUES (?, ?, ?, …), … RETURNING "id"`,
		`VALUES (?, ?), (?, ?)`:                                          `VALUES (?, ?), …`,
		strings.Repeat("ä", 400):                                         strings.Repeat("ä", 300) + "…",
	} {
		if got := queries.Short(sql); got != short {
			t.Errorf("got %s, want %s", got, short)
		}
	}
}
