package schema

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
)

// MariaDB is the [Dialect] of MariaDB 10.11 and later:
//
//	int    BIGINT
//	float  DOUBLE
//	bool   TINYINT(1), checked to be 0 or 1
//	text   VARCHAR(size) up to 768 characters, else LONGTEXT, its length checked if there is a size
//	bytes  LONGBLOB
//	time   DATETIME(6), in UTC
//	json   LONGTEXT, checked to be JSON
//
// Texts are compared by their code points (utf8mb4_nopad_bin), so that "a" is
// neither "A" nor "a ". An index holds 3,072 bytes of a row at most: of texts
// without a size it holds the first 768 characters, less if there are several
// in it, and a unique one tells only those apart. A foreign key needs its texts
// to have a size of 768 or less.
//
// The statements do not depend on sql_mode ANSI_QUOTES, but checks of the
// models may: they run in sessions as package mariadb opens them. Each of them
// is committed at once.
type MariaDB struct{}

// MySQL is the [Dialect] of MySQL 8.0.19 and later. It is that of [MariaDB],
// but for the collation, which is utf8mb4_0900_bin.
type MySQL struct{}

var (
	_ Dialect = MariaDB{}
	_ Dialect = MySQL{}
)

// Name returns "mariadb".
func (MariaDB) Name() string { return "mariadb" }

// Name returns "mysql".
func (MySQL) Name() string { return "mysql" }

// Quote returns name as it stands in SQL: in backquotes, whatever sql_mode says.
func (MariaDB) Quote(name string) string { return mariaWriter{}.quote(name) }

// Plan writes ops as few ALTER TABLE statements: all ops on one table that
// follow each other share one, so that its rows are copied once at most.
func (MariaDB) Plan(from Schema, ops []Op) (Plan, error) {
	return planMariaDB(from, ops, mariaWriter{})
}

// Plan is that of [MariaDB].
func (MySQL) Plan(from Schema, ops []Op) (Plan, error) {
	return planMariaDB(from, ops, mariaWriter{mysql: true})
}

// mariaText is the longest text in a VARCHAR, in characters of four bytes, and
// mariaIndex the most bytes in an index.
const (
	mariaText  = 768
	mariaIndex = 3072
)

// A mariaWriter writes DDL.
type mariaWriter struct{ mysql bool }

func (mariaWriter) quote(name string) string { return "`" + name + "`" }

// list returns "(`a`, `b`)".
func (w mariaWriter) list(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = w.quote(name)
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

// storage returns the type that c is declared with, and the condition, perhaps
// "", that its CHECK keeps.
func (w mariaWriter) storage(c Column) (decl, check string) {
	name := w.quote(c.Name)
	switch c.Type {
	case Float:
		return "DOUBLE", ""
	case Bool:
		return "TINYINT(1)", name + " IN (0, 1)"
	case Text:
		switch {
		case c.Size == 0:
			return "LONGTEXT", ""
		case c.Size <= mariaText:
			return fmt.Sprintf("VARCHAR(%d)", c.Size), ""
		}
		return "LONGTEXT", fmt.Sprintf("char_length(%s) <= %d", name, c.Size)
	case Bytes:
		return "LONGBLOB", ""
	case Time:
		return "DATETIME(6)", ""
	case JSON:
		return "LONGTEXT", "json_valid(" + name + ")"
	}
	return "BIGINT", ""
}

// literal returns the SQL of c's default, or of its type's zero if it has none.
func (w mariaWriter) literal(c Column) string {
	var v literal
	if c.Default != "" {
		v, _ = parseLiteral(c.Type, c.Default) // validated
	} else if c.Type == JSON {
		v.s = "null"
	}
	switch c.Type {
	case Float:
		return formatFloat(v.f)
	case Text, JSON:
		return quoteText(v.s)
	case Bytes:
		return "X'" + hex.EncodeToString([]byte(v.s)) + "'"
	case Time:
		return "'" + time.UnixMicro(v.i).UTC().Format("2006-01-02 15:04:05.000000") + "'"
	}
	return strconv.FormatInt(v.i, 10)
}

// column returns the definition of c. MySQL takes the default of a text only
// as an expression.
func (w mariaWriter) column(c Column) string {
	decl, check := w.storage(c)
	var b strings.Builder
	b.WriteString(w.quote(c.Name) + " " + decl)
	if c.Null {
		b.WriteString(" NULL")
	} else {
		b.WriteString(" NOT NULL")
	}
	if c.Auto {
		b.WriteString(" AUTO_INCREMENT")
	}
	if c.Default != "" {
		value := w.literal(c)
		if w.mysql && strings.HasPrefix(decl, "LONG") {
			value = "(" + value + ")"
		}
		b.WriteString(" DEFAULT " + value)
	}
	if check != "" && !w.mysql {
		b.WriteString(" CHECK (" + check + ")")
	}
	return b.String()
}

// check returns the definition of a check. Columns are quoted, since this
// engine has other keywords, and length counts bytes here.
func (w mariaWriter) check(t *Table, ck Check) string {
	expr := mapTokens(ck.Expr, func(tok, next sqlscan.Token) string {
		if name, ok := columnName(tok, next); ok && t.Column(name) != nil {
			return w.quote(name)
		}
		if tok.Is("length") && next.Is("(") {
			return "char_length"
		}
		return tok.Text
	})
	return "CONSTRAINT " + w.quote(ck.Name) + " CHECK (" + expr + ")"
}

func (w mariaWriter) foreignKey(fk ForeignKey) string {
	s := "CONSTRAINT " + w.quote(fk.Name) + " FOREIGN KEY " + w.list(fk.Columns) +
		" REFERENCES " + w.quote(fk.RefTable) + " " + w.list(fk.RefColumns)
	switch fk.OnDelete {
	case "cascade":
		s += " ON DELETE CASCADE"
	case "setnull":
		s += " ON DELETE SET NULL"
	}
	return s
}

// tail is what stands behind the columns of a table.
func (w mariaWriter) tail() string {
	if w.mysql {
		return " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"
	}
	return " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
}

// checks are all that t's rows keep: MySQL gives the check of a column a name
// of its own making, so there they are written with those of the table.
func (w mariaWriter) checks(t *Table) []Check {
	list := t.Checks[:len(t.Checks):len(t.Checks)]
	if !w.mysql {
		return list
	}
	for _, c := range t.Columns {
		if _, check := w.storage(c); check != "" {
			list = append(list, Check{Name: joinName(t.Name, []string{c.Name}, string(c.Type)), Expr: check})
		}
	}
	return list
}
