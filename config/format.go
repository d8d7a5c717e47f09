package config

import "fmt"

// A Format reads one kind of config file. JSON is always there; others, such
// as package config/toml, are given in [Source.Formats].
type Format interface {
	// Ext is the end of the file's name, without the dot: "json".
	Ext() string

	// Parse returns the file's table, or a *SyntaxError. It keeps members in
	// the file's order and keys that stand twice: Load reports them. It may be
	// given any bytes, at most 1 MiB, and refuses nesting beyond [MaxDepth].
	Parse(data []byte) (Node, error)
}

// MaxDepth is how deep tables and arrays of a config file may be nested.
const MaxDepth = 32

// A Node is one value of a config file and the place where it stands.
type Node struct {
	Key   string // the name of a table's member; empty for the file itself and for items of arrays
	Line  int    // of the key, or of the value where there is no key; starts at 1
	Kind  Kind
	Text  string // of a Bool ("true", "false"), a Number (as Go writes it) and a String
	Items []Node // of an Array or a Table, in the file's order
}

// A Kind is what sort of value a [Node] holds.
type Kind uint8

// The kinds of nodes. A format's dates and times are strings.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Table
)

// A SyntaxError says where a file breaks its format's grammar. Its text holds
// keys and single characters of the file at most: a value may be a secret.
type SyntaxError struct {
	Line, Column int // start at 1; columns count characters
	Msg          string
}

// Error returns the message after line and column: `3:14: unexpected "}"`.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg)
}

// describe says what kind of value a node is, in words for a message.
func (k Kind) describe() string {
	switch k {
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case Array:
		return "an array"
	case Table:
		return "a table"
	}
	return "null"
}
