package db

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Mend says what makes one statement of many like this one, which is run for
// each row of a list: such as the With that is missing, where the statement
// reads what a relation of a table that was read before leads to. It is ""
// where nothing is known of the statement. The tables are of earlier events.
func (e *QueryEvent) Mend(read []string) string {
	word, _, _ := strings.Cut(e.SQL, " ")
	switch {
	case e.table == nil:
		return ""
	case word == "INSERT":
		return "collect the rows, and give all of them to one Insert"
	case word != "SELECT":
		return "write the rows with one Update or Upsert"
	}
	return e.missing(read)
}

// missing is Mend for a SELECT.
func (e *QueryEvent) missing(read []string) string {
	t := e.table
	var equal []int // columns that the rows hold an argument in
	for _, c := range argColumns(e.SQL) {
		if i := t.index(c.name); i >= 0 && c.equal {
			equal = append(equal, i)
		}
	}
	var ways, known []string // known are those from a table that was read
	for _, l := range t.incoming {
		if l.through != nil || !subset(l.key, equal) {
			continue
		}
		way := "add With(" + l.call() + ") to the query of " + l.source.def.Name
		switch {
		case strings.HasPrefix(e.SQL, "SELECT count("):
			way = "read " + l.call() + ".Count() with the query of " + l.source.def.Name + ", by db.Into"
		case strings.HasPrefix(e.SQL, "SELECT EXISTS"):
			way = "ask for " + l.call() + ".Any() in the query of " + l.source.def.Name
		}
		ways = append(ways, way)
		if slices.Contains(read, l.source.def.Name) {
			known = append(known, way)
		}
	}
	if len(known) > 0 {
		ways = known
	}
	if len(ways) > 0 && len(ways) <= 3 {
		return strings.Join(ways, ", or ")
	}
	if len(equal) == 1 {
		c := t.column(equal[0]).def().Name
		return fmt.Sprintf("read all of them with one query of %s, whose %s is In a list", t.def.Name, c)
	}
	return ""
}

// call is the relation as it is written in Go, such as Films.Genre().
func (l *link) call() string { return l.source.variable() + "." + l.name + "()" }

// variable returns the name of the table's variable in generated code, which
// is the plural of the model's name: so is the table's, unless it was given
// another.
func (t *table) variable() string {
	model := reflect.TypeOf(t.rows.New())
	for model.Kind() == reflect.Pointer {
		model = model.Elem()
	}
	name, flat := model.Name(), strings.ReplaceAll(t.def.Name, "_", "")
	same := 0
	for same < min(len(name), len(flat)) && strings.EqualFold(name[same:same+1], flat[same:same+1]) {
		same++
	}
	return name[:same] + flat[same:]
}

// subset reports whether all of a are in b.
func subset(a, b []int) bool {
	return !slices.ContainsFunc(a, func(c int) bool { return !slices.Contains(b, c) })
}
