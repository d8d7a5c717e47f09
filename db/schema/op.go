package schema

// An Op is one step from a schema to another. The types below are the only
// ones; package migrate writes them to the head of each migration, where they
// are the record of what the schema was. Names in ops are never empty.
type Op interface {
	// apply makes the step in s, or says why it does not fit there.
	apply(s *Schema) error
	// inverse returns the step back, given the schema before the step.
	inverse(before *Schema) Op
	// On returns the name that the op's table has before the op.
	On() string
}

type (
	// CreateTable makes a table with all that it has.
	CreateTable struct{ Table Table }

	// DropTable removes a table and its rows.
	DropTable struct{ Table string }

	// RenameTable gives a table another name. Indexes, keys and checks keep
	// theirs; foreign keys of other tables follow.
	RenameTable struct{ Table, To string }

	// AddColumn adds a column. The rows that are there get its default, NULL,
	// or, where it has neither (only the way back of a migration comes to
	// this), the zero of its type.
	AddColumn struct {
		Table  string
		Column Column
	}

	// DropColumn removes a column and its values. Indexes, keys and checks
	// with the column are dropped before.
	DropColumn struct{ Table, Column string }

	// RenameColumn gives a column another name. Keys, indexes and checks
	// follow.
	RenameColumn struct{ Table, Column, To string }

	// AlterColumn gives the column of this name another description.
	AlterColumn struct {
		Table  string
		Column Column
	}

	// SetPrimaryKey replaces the primary key; no columns: there is none.
	SetPrimaryKey struct {
		Table   string
		Columns []string
	}

	// AddIndex adds an index, unique or not.
	AddIndex struct {
		Table string
		Index Index
	}

	// DropIndex removes an index, unique or not.
	DropIndex struct{ Table, Index string }

	// AddForeignKey adds a foreign key.
	AddForeignKey struct {
		Table      string
		ForeignKey ForeignKey
	}

	// DropForeignKey removes a foreign key.
	DropForeignKey struct{ Table, ForeignKey string }

	// AddCheck adds a check.
	AddCheck struct {
		Table string
		Check Check
	}

	// DropCheck removes a check.
	DropCheck struct{ Table, Check string }

	// SetSearch replaces the full-text search of a table; nil: there is none.
	SetSearch struct {
		Table  string
		Search *Search
	}
)

// On returns the table's name.
func (o CreateTable) On() string { return o.Table.Name }

// On returns the table's name.
func (o DropTable) On() string { return o.Table }

// On returns the table's name.
func (o RenameTable) On() string { return o.Table }

// On returns the table's name.
func (o AddColumn) On() string { return o.Table }

// On returns the table's name.
func (o DropColumn) On() string { return o.Table }

// On returns the table's name.
func (o RenameColumn) On() string { return o.Table }

// On returns the table's name.
func (o AlterColumn) On() string { return o.Table }

// On returns the table's name.
func (o SetPrimaryKey) On() string { return o.Table }

// On returns the table's name.
func (o AddIndex) On() string { return o.Table }

// On returns the table's name.
func (o DropIndex) On() string { return o.Table }

// On returns the table's name.
func (o AddForeignKey) On() string { return o.Table }

// On returns the table's name.
func (o DropForeignKey) On() string { return o.Table }

// On returns the table's name.
func (o AddCheck) On() string { return o.Table }

// On returns the table's name.
func (o DropCheck) On() string { return o.Table }

// On returns the table's name.
func (o SetSearch) On() string { return o.Table }
