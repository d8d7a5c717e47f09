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

	// Link puts a row into the field of the relation with this index, or one
	// more into its slice. nil makes it none. A model without relations has no
	// Link.
	Link func(p P, link int, row any)

	// Fields are the names of the columns' fields, in the order of the schema.
	Fields []string

	// Secrets are the columns that are sealed, by their names, with the names
	// table.column that they had.
	Secrets map[string][]string

	// Roles are the columns that this package fills in.
	Roles Roles

	// Validate says that the struct has rules in its tags or a Validate method.
	Validate bool
}

// Roles are the names of columns with a meaning, "" where there is none.
type Roles struct {
	SoftDelete           string // when the row was deleted, NULL while it is not
	Version              string // counts the changes of the row
	Created, Updated     string // when
	CreatedBy, UpdatedBy string // by whom; see [WithActor]
	UUID                 string // a key that is made like [NewUUID] where it is empty
}

// A Table is where models of one type are stored. It is a [Query] for all of
// its rows, and it inserts and saves. Tables are made once, by generated code,
// do not change afterwards, and are safe for concurrent use.
type Table[P any] struct{ Query[P] }

// NewTable returns the table of m.
func NewTable[P any](m Model[P]) Table[P] {
	t := newTable(m.Schema)
	t.rows = rowType{
		New: func() any { return m.New() },
		decode: func(p any, row *Row) {
			for row.at = range row.values {
				m.Decode(p.(P), row.at, row)
				if row.err != nil {
					return
				}
			}
		},
		encode: func(p any, column int) engine.Value { return m.Encode(p.(P), column) },
		link:   func(p any, link int, row any) { m.Link(p.(P), link, row) },
		set: func(p any, column int, v engine.Value) error {
			row := Row{values: []engine.Value{v}}
			m.Decode(p.(P), column, &row)
			if row.err != nil {
				return fmt.Errorf("%s: %w", t.column(column), row.err)
			}
			return nil
		},
	}
	var none P
	t.rows.none = none
	t.fields, t.validate = m.Fields, m.Validate
	t.roles(m.Roles)
	t.one = t.selectOne()
	return Table[P]{Query[P]{q: &query{t: t}, m: &m}}
}

// Start, for generated code, returns the way that the table's own columns
// stand at the end of.
func Start[P any](t *Table[P]) Via { return Via{t.q.t.root} }

//go:noinline
func (t *Table[P]) core() *table { return t.q.t }

// Schema returns what the database must know about the table. The caller does
// not change its slices.
//
//go:noinline
func (t *Table[P]) Schema() schema.Table { return t.q.t.def }

// Get returns the row with this primary key, [ErrNotFound] if there is none.
// Generated tables have a Get of their own with the key's type.
//
//go:noinline
func (t *Table[P]) Get(ctx context.Context, key ...engine.Value) (P, error) {
	st, err := t.q.t.get(key)
	if err != nil {
		var none P
		return none, err
	}
	return one(ctx, &t.Query, st)
}

// Insert adds rows, all of them or none. A key that the database makes is set
// in each row whose key is zero, and so are the columns of [Roles]; all other
// fields are stored as they are, zero values too. Many rows are sent in few
// statements. Rules and hooks of the model are asked first.
//
//go:noinline
func (t *Table[P]) Insert(ctx context.Context, rows ...P) error {
	return t.q.t.create(ctx, erased(rows))
}

// Save writes the fields of p that columns name, or all without any, to the
// row with its primary key, zero values too. It returns [ErrNotFound] if there
// is no such row and, for a model with a version, [ErrStale] if the row was
// changed since p was read.
//
//go:noinline
func (t *Table[P]) Save(ctx context.Context, p P, columns ...Columnar) error {
	return t.q.t.save(ctx, p, columns)
}

// Delete deletes rows by their primary keys, or marks them as deleted where the
// model has a column for that. It returns [ErrNotFound] or [ErrStale] as Save
// does; then all are still there.
//
//go:noinline
func (t *Table[P]) Delete(ctx context.Context, rows ...P) error {
	return t.q.t.remove(ctx, erased(rows))
}

// Upsert inserts rows, and changes those that are there already as c says:
//
//	err := Films.Upsert(ctx, db.OnConflict(Films.Slug).Update(Films.Price, Films.Stock), films...)
//
// All rows are written, or none; their keys are read back. A row that meets
// another one by a unique key which was not named is a *[ConstraintError]. A
// soft-deleted row stays deleted. One that is left alone has the version 0
// here: it was not read, and a Save of it is [ErrStale]. Rules of the model are
// asked, and the hooks of a creation: which rows are new is not known.
//
//go:noinline
func (t *Table[P]) Upsert(ctx context.Context, c Conflict, rows ...P) error {
	return t.q.t.upsert(ctx, c, erased(rows))
}

// FindOrCreate fills p from the row that has p's values in columns, or inserts
// p if there is none, and reports whether it did. The columns are a key of the
// table, so that of two at the same time one finds what the other made. A row
// that is marked as deleted is found as well: p's field says so.
//
//go:noinline
func (t *Table[P]) FindOrCreate(ctx context.Context, p P, columns ...Columnar) (created bool, err error) {
	return t.q.t.findOrCreate(ctx, p, columns)
}

// table is the part of a Table that does not depend on the model's type: only
// thin wrappers are generic, so that many models compile fast.
type table struct {
	def      schema.Table
	rows     rowType
	links    []link
	incoming []link // of all tables, to this one
	root     *path
	quoted   []string // the columns' names
	all      []int    // the columns
	key      []int    // of columns, the primary key
	rest     []int    // the others
	auto     bool     // the database makes the key
	fields   []string // the columns' fields
	hooks    rowHooks

	// Columns with a meaning, -1 where there is none; see Roles.
	soft, version, created, updated, createdBy, updatedBy, uuid int

	validate bool
	list     string  // of all columns, quoted
	ident    string  // the table's name, quoted
	result   *result // of a source, which is no table of the database
	one      string  // selects the row with a key
}

// A rowType knows the model of a table without being generic.
type rowType struct {
	New    func() any
	decode func(p any, row *Row)
	encode func(p any, column int) engine.Value
	link   func(p any, link int, row any)
	set    func(p any, column int, v engine.Value) error
	none   any // a P that is nil
}

func newTable(def schema.Table) *table {
	t := &table{def: def, ident: quote(def.Name)}
	t.root = &path{table: t}
	for i, c := range def.Columns {
		t.quoted, t.all = append(t.quoted, quote(c.Name)), append(t.all, i)
		if slices.Contains(def.PrimaryKey, c.Name) {
			t.key = append(t.key, i)
			t.auto = t.auto || c.Auto
		} else {
			t.rest = append(t.rest, i)
		}
	}
	t.list = t.names(t.all, "")
	return t
}

// roles finds the columns of r, -1 for each that there is none of.
func (t *table) roles(r Roles) {
	t.soft, t.version = t.index(r.SoftDelete), t.index(r.Version)
	t.created, t.updated = t.index(r.Created), t.index(r.Updated)
	t.createdBy, t.updatedBy = t.index(r.CreatedBy), t.index(r.UpdatedBy)
	t.uuid = t.index(r.UUID)
}

// given checks that rows are some: one that is nil has no fields.
func (t *table) given(what string, rows []any) error {
	for i, p := range rows {
		if p == t.rows.none {
			return misuse("A1506", fmt.Sprintf("db: %s %s: row %d of %d is nil", what, t.def.Name, i+1, len(rows)), "leave nil rows out")
		}
	}
	return nil
}

// put puts v into p's field for a column.
func (t *table) put(p any, column int, v engine.Value) error {
	if err := t.rows.set(p, column, v); err != nil {
		return fmt.Errorf("db: fill in %w", err)
	}
	return nil
}

// column returns the column with this index.
func (t *table) column(i int) Column { return Column{at: t.root, i: i} }

// names returns the quoted names of the columns, with commas, each behind
// prefix.
func (t *table) names(columns []int, prefix string) string {
	var b []byte
	for i, c := range columns {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, quote(prefix+t.def.Columns[c].Name)...)
	}
	return string(b)
}
