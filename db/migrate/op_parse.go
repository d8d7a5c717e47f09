package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// The grammar of ops, one a line, but for create_table:
//
//	create_table films (
//	  id int auto
//	  title text size=200
//	  studio_id int null
//	  in_stock bool default=true
//	  primary key (id)
//	  unique films_title_key (title)
//	  index films_studio_id_idx (studio_id)
//	  foreign key films_studio_id_fkey (studio_id) references studios (id) on delete cascade
//	  check films_title_check (title <> '')
//	  search (title a, words d) english
//	)
//	drop_table films
//	rename_table films movies
//	add_column films.stock int default=0
//	drop_column films.stock
//	rename_column films.title name
//	alter_column films.title text size=300 null
//	primary_key films (id)
//	add_index films_year_idx on films (year, title)
//	add_unique films_title_key on films (title)
//	drop_index films_year_idx on films
//	add_foreign_key films_studio_id_fkey on films (studio_id) references studios (id) on delete setnull
//	drop_foreign_key films_studio_id_fkey on films
//	add_check films_price_check on films (price >= 0)
//	drop_check films_price_check on films
//	search films (title a, words d) english
//	search films ()

// An opLine is a line of an op without what makes it a comment.
type opLine struct {
	text string
	line int
}

// An opError is an op that does not follow the grammar.
type opError struct {
	line       int
	what, mend string
}

// opVerbs reads what follows each verb.
var opVerbs = map[string]func(*opReader) schema.Op{
	"drop_table":   func(r *opReader) schema.Op { return schema.DropTable{Table: r.name()} },
	"rename_table": func(r *opReader) schema.Op { return schema.RenameTable{Table: r.name(), To: r.name()} },
	"add_column": func(r *opReader) schema.Op {
		table, column := r.dotted()
		return schema.AddColumn{Table: table, Column: r.column(column)}
	},
	"alter_column": func(r *opReader) schema.Op {
		table, column := r.dotted()
		return schema.AlterColumn{Table: table, Column: r.column(column)}
	},
	"drop_column": func(r *opReader) schema.Op {
		table, column := r.dotted()
		return schema.DropColumn{Table: table, Column: column}
	},
	"rename_column": func(r *opReader) schema.Op {
		table, column := r.dotted()
		return schema.RenameColumn{Table: table, Column: column, To: r.name()}
	},
	"primary_key": func(r *opReader) schema.Op {
		return schema.SetPrimaryKey{Table: r.name(), Columns: r.names(true)}
	},
	"add_index": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.AddIndex{Table: table, Index: schema.Index{Name: name, Columns: r.names(false)}}
	},
	"add_unique": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.AddIndex{Table: table, Index: schema.Index{Name: name, Columns: r.names(false), Unique: true}}
	},
	"drop_index": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.DropIndex{Table: table, Index: name}
	},
	"add_foreign_key": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.AddForeignKey{Table: table, ForeignKey: r.foreignKey(name)}
	},
	"drop_foreign_key": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.DropForeignKey{Table: table, ForeignKey: name}
	},
	"add_check": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.AddCheck{Table: table, Check: schema.Check{Name: name, Expr: r.expr()}}
	},
	"search": func(r *opReader) schema.Op {
		return schema.SetSearch{Table: r.name(), Search: r.search()}
	},
	"drop_check": func(r *opReader) schema.Op {
		name, table := r.onTable()
		return schema.DropCheck{Table: table, Check: name}
	},
}

func parseOp(lines []opLine) (schema.Op, *opError) {
	r, err := newReader(lines[0])
	if err != nil {
		return nil, err
	}
	verb := r.next().Text
	if verb == "create_table" {
		return readTable(r, lines)
	}
	read, ok := opVerbs[verb]
	if !ok {
		return nil, &opError{lines[0].line, fmt.Sprintf("unknown op %q", clip(verb)), "use create_table, " + verbList()}
	}
	op := read(r)
	r.end()
	if r.err == nil && len(lines) > 1 {
		r.fail("write it on one line", "op %s has more than one line", verb)
	}
	return op, r.err
}

func verbList() string {
	list := make([]string, 0, len(opVerbs))
	for verb := range opVerbs {
		list = append(list, verb)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func readTable(r *opReader, lines []opLine) (schema.Op, *opError) {
	t := schema.Table{Name: r.name()}
	r.expect("(")
	r.end()
	if r.err != nil {
		return nil, r.err
	}
	for _, line := range lines[1 : len(lines)-1] {
		item, err := newReader(line)
		if err != nil {
			return nil, err
		}
		tableItem(item, &t)
		item.end()
		if item.err != nil {
			return nil, item.err
		}
	}
	return schema.CreateTable{Table: t}, nil
}

// tableItem reads one line of create_table. A key, index or check has a
// parenthesis after its name; what has none is a column, even when it is
// called index.
func tableItem(r *opReader, t *schema.Table) {
	named := len(r.tokens) > 2 && r.tokens[2].Is("(")
	switch first := r.peek().Text; {
	case first == "primary" && named:
		r.next()
		r.expect("key")
		t.PrimaryKey = r.names(false)
	case first == "foreign" && len(r.tokens) > 3 && r.tokens[3].Is("("):
		r.next()
		r.expect("key")
		t.ForeignKeys = append(t.ForeignKeys, r.foreignKey(r.name()))
	case (first == "unique" || first == "index") && named:
		r.next()
		t.Indexes = append(t.Indexes, schema.Index{Unique: first == "unique", Name: r.name(), Columns: r.names(false)})
	case first == "search" && len(r.tokens) > 1 && r.tokens[1].Is("("):
		r.next()
		t.Search = r.search()
	case first == "check" && named:
		r.next()
		t.Checks = append(t.Checks, schema.Check{Name: r.name(), Expr: r.expr()})
	default:
		t.Columns = append(t.Columns, r.column(r.name()))
	}
}
