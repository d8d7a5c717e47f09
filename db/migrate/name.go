package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// fileName makes a name of what somebody typed, such as "Add stock!".
func fileName(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	name := strings.Join(words, "_")
	return strings.TrimRight(name[:min(len(name), maxName)], "_")
}

// opsName says what ops do: create_films, add_stock_to_films, alter_films.
func opsName(ops []schema.Op) string {
	var created, dropped, altered []string
	note := func(list *[]string, table string) {
		if !slices.Contains(*list, table) {
			*list = append(*list, table)
		}
	}
	for _, op := range ops {
		switch o := op.(type) {
		case schema.CreateTable:
			note(&created, o.Table.Name)
		case schema.DropTable:
			note(&dropped, o.Table)
		default:
			note(&altered, op.On())
		}
	}
	if len(created)+len(dropped) == 0 && len(altered) == 1 {
		if name := alterName(ops, altered[0]); name != "" {
			return fileName(name)
		}
	}
	var parts []string
	for _, p := range []struct {
		verb   string
		tables []string
	}{{"create", created}, {"alter", altered}, {"drop", dropped}} {
		if len(p.tables) > 0 {
			parts = append(parts, p.verb+"_"+enumerate(p.tables))
		}
	}
	if len(parts) == 0 {
		return "empty"
	}
	return fileName(strings.Join(parts, "_"))
}

// alterName names ops on one table that are all of one kind, or returns "".
func alterName(ops []schema.Op, table string) string {
	var added, removed, indexes, altered []string
	for _, op := range ops {
		switch o := op.(type) {
		case schema.AddColumn:
			added = append(added, o.Column.Name)
		case schema.DropColumn:
			removed = append(removed, o.Column)
		case schema.AlterColumn:
			altered = append(altered, o.Column.Name)
		case schema.RenameColumn:
			if len(ops) > 1 {
				return ""
			}
			return "rename_" + o.Column + "_to_" + o.To + "_in_" + table
		case schema.RenameTable:
			if len(ops) > 1 {
				return ""
			}
			return "rename_" + table + "_to_" + o.To
		case schema.AddIndex:
			indexes = append(indexes, o.Index.Columns...)
		}
	}
	switch {
	case len(added) > 0 && len(removed)+len(altered) == 0:
		return "add_" + enumerate(added) + "_to_" + table
	case len(removed) > 0 && len(added)+len(altered) == 0:
		return "drop_" + enumerate(removed) + "_from_" + table
	case len(indexes) > 0 && len(added)+len(removed)+len(altered) == 0:
		return "index_" + enumerate(indexes) + "_in_" + table
	case len(altered) > 0 && len(added)+len(removed) == 0:
		return "alter_" + enumerate(altered) + "_in_" + table
	}
	return ""
}

func enumerate(names []string) string {
	switch len(names) {
	case 1:
		return names[0]
	case 2:
		return names[0] + "_and_" + names[1]
	}
	return fmt.Sprintf("%s_and_%d_more", names[0], len(names)-1)
}
