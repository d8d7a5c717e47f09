// Package queries keeps the statements of one request or one test, and finds
// those that one place ran again and again. Package db fills it in development
// and package ashlartest in tests.
package queries

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Query is one statement that ran.
type Query struct {
	SQL   string
	Args  []string
	At    string // the place in the code that asked for it
	Table string // that it is about, "" if that is not known
	Rows  int64
	Took  time.Duration
	Part  bool // of a call that needed several: it is no repetition

	// Loop returns the place of the loop that asked for it, "" if there is
	// none to be seen. Mend says what makes one statement of many, when rows
	// of these tables were read before. Both are asked of a repetition alone.
	Loop func() string
	Mend func(read []string) string
}

// What a Log keeps of a request that never ends.
const (
	maxKept   = 1000
	maxPlaces = 1000
)

// A Log is what ran, in order. Its zero value is empty. It is safe for
// concurrent use.
type Log struct {
	mu     sync.Mutex
	list   []Query
	n      int
	places map[place]*Repeat
	order  []*Repeat
	tables []string // that were read, each once
}

type place struct{ sql, at string }

// A Repeat is a statement and how often one place ran it.
type Repeat struct {
	Query
	Times int
	Took  time.Duration // all of them

	before []string // tables that were read before it
}

// Add notes a statement.
func (l *Log) Add(q Query) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if len(l.list) < maxKept {
		l.list = append(l.list, q)
	}
	if !q.Part {
		l.count(q)
	}
	if q.Table != "" && !slices.Contains(l.tables, q.Table) && len(l.tables) < maxPlaces {
		l.tables = append(l.tables, q.Table)
	}
}

func (l *Log) count(q Query) {
	key := place{q.SQL, q.At}
	if r, ok := l.places[key]; ok {
		r.Times++
		r.Took += q.Took
		return
	}
	if len(l.places) == maxPlaces {
		return
	}
	if l.places == nil {
		l.places = map[place]*Repeat{}
	}
	r := &Repeat{Query: q, Times: 1, Took: q.Took, before: l.tables[:len(l.tables):len(l.tables)]}
	l.places[key], l.order = r, append(l.order, r)
}

// Len returns how many statements ran.
func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

// Repeats returns the statements that one place ran more often than that, in
// the order of their first run.
func (l *Log) Repeats(most int) []Repeat {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []Repeat
	for _, r := range l.order {
		if r.Times > most {
			list = append(list, *r)
		}
	}
	return list
}

// Where returns the place that ran r, and the loop that it did so in.
func (r *Repeat) Where() string {
	if r.Loop != nil {
		if loop := r.Loop(); loop != "" {
			return r.At + ", in the loop at " + loop
		}
	}
	return r.At
}

// Advice says what makes one statement of r, "" if that is not known.
func (r *Repeat) Advice() string {
	if r.Mend == nil {
		return ""
	}
	return r.Mend(r.before)
}

// String lists what ran: number, rows, time and place, and below it the
// statement with its arguments.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for i, q := range l.list {
		fmt.Fprintf(&b, "%4d  %s  %s, %v\n      %s\n", i+1, q.At, rows(q.Rows), q.Took.Round(time.Microsecond), q.SQL)
		if len(q.Args) > 0 {
			fmt.Fprintf(&b, "      with %s\n", strings.Join(q.Args, ", "))
		}
	}
	if more := l.n - len(l.list); more > 0 {
		fmt.Fprintf(&b, "      … and %d more\n", more)
	}
	return b.String()
}

// shortLength bounds what Short returns, in bytes.
const shortLength = 600

// Short returns a statement for people: lists of arguments and of rows are
// shown by their beginning.
func Short(sql string) string {
	sql = manyArgs.ReplaceAllString(sql, "?, ?, ?, …")
	sql = manyRows.ReplaceAllString(sql, "$1, …")
	if len(sql) > shortLength {
		sql = strings.ToValidUTF8(sql[:shortLength], "") + "…"
	}
	return sql
}

var (
	manyArgs = regexp.MustCompile(`\?(, \?){3,}`)
	manyRows = regexp.MustCompile(`(\([^()]*\?[^()]*\))(, \([^()]*\?[^()]*\))+`)
)

func rows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}
