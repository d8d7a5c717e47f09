package migrate

import (
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// format writes the file as Parse reads it.
func (f *File) format() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%smigration %s\n", directive, f.ID())
	if f.KeysOff {
		fmt.Fprintf(&b, "%sforeign_keys off\n", directive)
	}
	if f.TxOff {
		fmt.Fprintf(&b, "%stransaction off\n", directive)
	}
	for _, s := range f.squashes {
		fmt.Fprintf(&b, "%s%s %s %s\n", directive, squashesWord, s.id, s.sum)
	}
	for _, note := range f.Notes {
		b.WriteString(strings.TrimRight("-- "+note, " ") + "\n")
	}
	for _, op := range f.Ops {
		b.WriteString(directive + "op " + strings.ReplaceAll(formatOp(op), "\n", "\n-- ") + "\n")
	}
	fmt.Fprintf(&b, "%sup\n", directive)
	if f.Up != "" {
		b.WriteString(f.Up + "\n")
	}
	if f.Down != "" {
		fmt.Fprintf(&b, "%sdown\n%s\n", directive, f.Down)
	}
	return b.String()
}

// formatScript joins statements, with air around those of several lines.
func formatScript(statements []string) string {
	var b strings.Builder
	for i, s := range statements {
		if i > 0 {
			b.WriteString("\n")
			if strings.Contains(s, "\n") || strings.Contains(statements[i-1], "\n") {
				b.WriteString("\n")
			}
		}
		b.WriteString(s + ";")
	}
	return b.String()
}

// formatOp writes an op in the grammar that parseOp reads.
func formatOp(op schema.Op) string {
	switch o := op.(type) {
	case schema.CreateTable:
		return "create_table " + formatTable(&o.Table)
	case schema.DropTable:
		return "drop_table " + o.Table
	case schema.RenameTable:
		return "rename_table " + o.Table + " " + o.To
	case schema.AddColumn:
		return "add_column " + o.Table + "." + formatColumn(o.Column)
	case schema.AlterColumn:
		return "alter_column " + o.Table + "." + formatColumn(o.Column)
	case schema.DropColumn:
		return "drop_column " + o.Table + "." + o.Column
	case schema.RenameColumn:
		return "rename_column " + o.Table + "." + o.Column + " " + o.To
	case schema.SetPrimaryKey:
		return "primary_key " + o.Table + " " + formatNames(o.Columns)
	case schema.AddIndex:
		verb := "add_index "
		if o.Index.Unique {
			verb = "add_unique "
		}
		return verb + o.Index.Name + " on " + o.Table + " " + formatNames(o.Index.Columns)
	case schema.DropIndex:
		return "drop_index " + o.Index + " on " + o.Table
	case schema.AddForeignKey:
		return "add_foreign_key " + o.ForeignKey.Name + " on " + o.Table + " " + formatReference(o.ForeignKey)
	case schema.DropForeignKey:
		return "drop_foreign_key " + o.ForeignKey + " on " + o.Table
	case schema.AddCheck:
		return "add_check " + o.Check.Name + " on " + o.Table + " (" + o.Check.Expr + ")"
	case schema.DropCheck:
		return "drop_check " + o.Check + " on " + o.Table
	case schema.SetSearch:
		return "search " + o.Table + " " + o.Search.String()
	}
	return fmt.Sprintf("%T", op) // no other exists
}

func formatTable(t *schema.Table) string {
	lines := []string{t.Name + " ("}
	for _, c := range t.Columns {
		lines = append(lines, formatColumn(c))
	}
	if len(t.PrimaryKey) > 0 {
		lines = append(lines, "primary key "+formatNames(t.PrimaryKey))
	}
	for _, ix := range t.Indexes {
		kind := "index "
		if ix.Unique {
			kind = "unique "
		}
		lines = append(lines, kind+ix.Name+" "+formatNames(ix.Columns))
	}
	for _, fk := range t.ForeignKeys {
		lines = append(lines, "foreign key "+fk.Name+" "+formatReference(fk))
	}
	for _, ck := range t.Checks {
		lines = append(lines, "check "+ck.Name+" ("+ck.Expr+")")
	}
	if t.Search != nil {
		lines = append(lines, "search "+t.Search.String())
	}
	return strings.Join(lines, "\n  ") + "\n)"
}

func formatColumn(c schema.Column) string {
	s := c.Name + " " + string(c.Type)
	if c.Size != 0 {
		s += fmt.Sprintf(" size=%d", c.Size)
	}
	if c.Null {
		s += " null"
	}
	if c.Auto {
		s += " auto"
	}
	if c.Default != "" {
		s += " default=" + c.Default
	}
	return s
}

func formatReference(fk schema.ForeignKey) string {
	s := formatNames(fk.Columns) + " references " + fk.RefTable + " " + formatNames(fk.RefColumns)
	if fk.OnDelete != "" {
		s += " on delete " + fk.OnDelete
	}
	return s
}

func formatNames(names []string) string { return "(" + strings.Join(names, ", ") + ")" }
