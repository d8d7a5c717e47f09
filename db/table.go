package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// A Model joins a struct to its table; `ashlar generate` writes one for each
// struct that is marked //ashlar:model. P is a pointer to the struct.
type Model[P any] struct {
	Schema schema.Table
	New    func() P

	// Decode reads the current column of the row, the one with this index in
	// Schema.Columns, into its field.
	Decode func(p P, column int, row *Row)

	// Encode returns the value of the field of the column with this index.
	Encode func(p P, column int) engine.Value
}

// A Table is where models of one type are stored. It is a [Query] for all of
// its rows, and it inserts and saves. Tables are made once, by generated code,
// do not change afterwards, and are safe for concurrent use.
type Table[P any] struct{ Query[P] }

// NewTable returns the table of m, whose columns are still to be bound.
func NewTable[P any](m Model[P]) Table[P] {
	return Table[P]{Query[P]{q: &query{t: newTable(m.Schema)}, m: &m}}
}

// Bind gives the columns to the fields that stand for them, in the order of
// the schema. It panics when there are not as many.
func (t Table[P]) Bind(columns ...interface{ bind(*column) }) {
	all := t.q.t.columns
	if len(columns) != len(all) {
		panic(fmt.Sprintf("db: bind %d columns of table %s, which has %d", len(columns), t.q.t.def.Name, len(all)))
	}
	for i, c := range columns {
		c.bind(&all[i])
	}
}

// Schema returns what the database must know about the table. The caller does
// not change its slices.
func (t Table[P]) Schema() schema.Table { return t.q.t.def }

// Get returns the row with this primary key, [ErrNotFound] if there is none.
// Generated tables have a Get of their own with the key's type.
func (t Table[P]) Get(ctx context.Context, key ...engine.Value) (P, error) {
	st, err := t.q.t.get(key)
	if err != nil {
		var none P
		return none, err
	}
	return t.one(ctx, st)
}

// Insert adds rows, all of them or none. A key that the database makes is set
// in each row whose key is zero; all other fields are stored as they are, zero
// values too. Many rows are sent in few statements.
func (t Table[P]) Insert(ctx context.Context, rows ...P) error {
	return t.q.t.insert(ctx, batch{
		n:      len(rows),
		encode: func(i, column int) engine.Value { return t.m.Encode(rows[i], column) },
		decode: func(i, column int, r *Row) { t.m.Decode(rows[i], column, r) },
	})
}

// Save writes all fields of p to the row with its primary key, zero values
// too. It returns [ErrNotFound] if there is no such row.
func (t Table[P]) Save(ctx context.Context, p P) error {
	return t.q.t.save(ctx, func(column int) engine.Value { return t.m.Encode(p, column) })
}

// table is the part of a Table that does not depend on the model's type: only
// thin wrappers are generic, so that many models compile fast.
type table struct {
	def     schema.Table
	columns []column
	key     []int  // of columns, the primary key
	rest    []int  // the others
	auto    bool   // the database makes the key
	list    string // of all columns, quoted
	ident   string // the table's name, quoted
}

func newTable(def schema.Table) *table {
	t := &table{def: def, columns: make([]column, len(def.Columns)), ident: quote(def.Name)}
	all := make([]int, len(def.Columns))
	for i := range def.Columns {
		t.columns[i] = column{table: t, def: &def.Columns[i]}
		all[i] = i
		if slices.Contains(def.PrimaryKey, def.Columns[i].Name) {
			t.key = append(t.key, i)
			t.auto = t.auto || def.Columns[i].Auto
		} else {
			t.rest = append(t.rest, i)
		}
	}
	t.list = t.names(all)
	return t
}

// names returns the quoted names of the columns, with commas.
func (t *table) names(columns []int) string {
	var b []byte
	for i, c := range columns {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, quote(t.def.Columns[c].Name)...)
	}
	return string(b)
}
