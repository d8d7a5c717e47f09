package schema

// A Dialect writes ops in the SQL of one engine. It holds no state and may be
// used by several goroutines at once.
type Dialect interface {
	// Name is the engine's name in URLs, such as "sqlite".
	Name() string

	// Plan returns the SQL that makes ops on a database whose schema is from.
	// The error is an op that does not fit from.
	Plan(from Schema, ops []Op) (Plan, error)
}

// A Plan is SQL to run in order, in one transaction.
type Plan struct {
	// Statements end without a semicolon. Comment lines before one say what
	// whoever reviews it should know, such as that it loses data.
	Statements []string

	// KeysOff asks for foreign keys not to be enforced while the statements
	// run, and to be checked, all of them, before the transaction commits.
	KeysOff bool
}
