package mariadb

import (
	"context"
	"database/sql/driver"
	"io"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
)

// constraint reads the server's message. Its words are in the language that
// the server was built with, English; only the names in quotes are relied on.
func (s *session) constraint(ctx context.Context, sql string, err error) error {
	e := &engine.ConstraintError{Err: err}
	message := err.Error()
	switch number(err) {
	case codeDuplicate: // Duplicate entry 'a' for key 'films_slug_key'
		e.Kind = engine.Unique
		s.index(ctx, e, sql, lastQuoted(message))
	case codeMissing: // … fails ("shop"."reviews", CONSTRAINT "reviews_film_id_fkey" FOREIGN KEY ("film_id") REFERENCES "films" ("id"))
		e.Kind = engine.ForeignKey
		e.Table, e.Name, _ = foreignKey(message)
	case codeReferenced: // the same of the table that refers, but this one was written to
		e.Kind = engine.ForeignKey
		_, e.Name, e.Table = foreignKey(message)
	case codeCheckMaria: // CONSTRAINT "films_stock_check" failed for "shop"."films"
		e.Kind = engine.Check
		names := namesIn(message)
		if len(names) >= 3 {
			e.Name, e.Table = names[0], names[2]
		}
		if column, ok := strings.CutPrefix(e.Name, e.Table+"."); ok { // the check of a column
			e.Name, e.Columns = "", []string{column}
		}
	case codeCheckMySQL: // Check constraint 'films_stock_check' is violated.
		e.Kind, e.Name = engine.Check, lastQuoted(message)
	case codeNull, codeNoDefault: // Column 'title' cannot be null
		e.Kind, e.Table, e.Columns = engine.NotNull, writtenTo(sql), []string{firstQuoted(message)}
	case codeTooLong, codeOutOfRange: // Data too long for column 'title' at row 1
		e.Kind, e.Table, e.Columns = engine.Check, writtenTo(sql), []string{firstQuoted(message)}
	}
	return e
}

// index fills in the columns of an index, by asking the server. MySQL names the
// table with it. The name of a primary key says nothing.
func (s *session) index(ctx context.Context, e *engine.ConstraintError, sql, name string) {
	table, index, named := strings.Cut(name, ".")
	if named {
		e.Table, name = table, index
	} else {
		e.Table = writtenTo(sql)
	}
	if name != "PRIMARY" {
		e.Name = name
	}
	const ask = `SELECT column_name FROM information_schema.statistics
		WHERE table_schema = database() AND table_name = ? AND index_name = ? ORDER BY seq_in_index`
	stop := s.watch(ctx)
	columns, err := s.strings(ask, e.Table, name)
	if s.unwatch(ctx, stop, ask, err) != nil {
		return
	}
	if e.Columns = columns; len(columns) == 0 && !named {
		e.Table = "" // another one, that a trigger writes to
	}
}

// strings returns the one column of a query.
func (s *session) strings(sql string, args ...driver.Value) (list []string, err error) {
	p, err := s.prepare(sql)
	if err != nil {
		return nil, err
	}
	rows, err := p.stmt.Query(args)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	row := make([]driver.Value, 1)
	for {
		switch err := rows.Next(row); err {
		case nil:
			list = append(list, text(row[0]))
		case io.EOF:
			return list, nil
		default:
			return nil, err
		}
	}
}

// writtenTo returns the table of an INSERT, UPDATE, DELETE or REPLACE, without
// its database, or "".
func writtenTo(sql string) string {
	tokens, _ := sqlscan.Tokens(sql) // as far as they go
	for i := range tokens {
		switch t := tokens[i]; {
		case t.Is("INSERT"), t.Is("INTO"), t.Is("UPDATE"), t.Is("DELETE"), t.Is("FROM"), t.Is("REPLACE"), t.Is("IGNORE"):
			continue
		case i+2 < len(tokens) && tokens[i+1].Is("."):
			return tokens[i+2].Value()
		default:
			return t.Value()
		}
	}
	return ""
}

// foreignKey reads what a message about a foreign key names.
func foreignKey(message string) (table, name, references string) {
	_, rest, ok := strings.Cut(message, "constraint fails (")
	if !ok {
		return "", "", ""
	}
	tokens, _ := sqlscan.Tokens(rest) // the end may be cut off
	for i, t := range tokens {
		switch {
		case t.Is("CONSTRAINT") && i >= 2:
			table = tokens[i-2].Value()
			name = at(tokens, i+1)
		case t.Is("REFERENCES"):
			references = at(tokens, i+1)
			if at(tokens, i+2) == "." {
				references = at(tokens, i+3)
			}
		}
	}
	return table, name, references
}

func at(tokens []sqlscan.Token, i int) string {
	if i < len(tokens) {
		return tokens[i].Value()
	}
	return ""
}

// namesIn returns the names in a message, which stand in ` or ".
func namesIn(message string) (names []string) {
	tokens, _ := sqlscan.Tokens(message)
	for _, t := range tokens {
		if t.Kind == sqlscan.Quoted {
			names = append(names, t.Value())
		}
	}
	return names
}

// firstQuoted returns what stands between the first two single quotes.
func firstQuoted(message string) string {
	_, rest, _ := strings.Cut(message, "'")
	name, _, _ := strings.Cut(rest, "'")
	return name
}

// lastQuoted returns what stands between the last two single quotes: before
// them may be a value, with any characters.
func lastQuoted(message string) string {
	end := strings.LastIndexByte(message, '\'')
	if end < 0 {
		return ""
	}
	return message[strings.LastIndexByte(message[:end], '\'')+1 : end]
}
