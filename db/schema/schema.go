package schema

// A Type is the kind of values that a column holds, the same on every engine.
type Type string

// The types. What a dialect stores for each is the dialect's affair; see
// [SQLite] for an example.
const (
	Int   Type = "int"   // 64-bit signed
	Float Type = "float" // 64-bit IEEE 754, neither NaN nor infinite
	Bool  Type = "bool"
	Text  Type = "text"  // UTF-8
	Bytes Type = "bytes" // uninterpreted
	Time  Type = "time"  // an instant in UTC, to the microsecond
	JSON  Type = "json"  // the text of one JSON value
)

// A Schema is a set of tables. The order of Tables, and of a table's columns,
// indexes, keys and checks, is for readers: it carries no meaning.
type Schema struct {
	Tables []Table
}

// A Table describes one table.
type Table struct {
	Name        string
	Columns     []Column
	PrimaryKey  []string // columns, most significant first; may be empty
	Indexes     []Index
	ForeignKeys []ForeignKey
	Checks      []Check
	Search      *Search // nil: it has no full-text search
	Was         string  // earlier name: a diff renames instead of dropping
}

// A Column describes one column. The zero Null is NOT NULL.
type Column struct {
	Name    string
	Type    Type
	Size    int    // greatest number of characters of a Text, kept by a CHECK; 0 is no limit
	Null    bool   // may hold NULL
	Default string // portable literal, such as 0, true or 'draft'; "" is none
	Auto    bool   // the database makes the key: one Int column that is the whole primary key
	Was     string // earlier name: a diff renames instead of dropping
}

// An Index finds rows by columns, and keeps them unique if asked to. An empty
// Name stands for the one that [Table.IndexName] gives.
type Index struct {
	Name    string
	Columns []string
	Unique  bool
}

// A ForeignKey ties columns to the primary key, or to a unique index, of
// RefTable. An empty Name stands for the one that [Table.ForeignKeyName] gives.
type ForeignKey struct {
	Name       string
	Columns    []string
	RefTable   string
	RefColumns []string
	OnDelete   string // "" and "restrict" refuse, "cascade" deletes, "setnull" empties
}

// A Check is a condition that each row keeps: a boolean SQL expression over
// the table's own columns, which are named without the table. An empty Name
// stands for the one that [Table.CheckName] gives.
type Check struct {
	Name string
	Expr string
}
