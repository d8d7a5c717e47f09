package modelgen

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/ashlar-go/ashlar/db/schema"
)

// indexes writes the tags for m's indexes.
func (s *sourcer) indexes(m *sourceTable) {
	named := *m.Table
	named.Name = m.table
	for _, ix := range m.Indexes {
		var columns []*sourceColumn
		var stored []string
		for _, name := range ix.Columns {
			if c := m.column(name, s.folds()); c != nil && !slices.Contains(columns, c) {
				columns, stored = append(columns, c), append(stored, c.stored)
			}
		}
		inOrder := slices.IsSortedFunc(columns, func(a, b *sourceColumn) int {
			return slices.Index(m.columns, a) - slices.Index(m.columns, b)
		})
		if len(columns) != len(ix.Columns) || !inOrder && !ix.Unique {
			m.notes = append(m.notes, fmt.Sprintf("The index %s is not told: its columns are not fields in this order.", quoted(ix.Name)))
			continue
		}
		tag := "index"
		if ix.Unique {
			tag = "unique"
		}
		plain := named.IndexName(schema.Index{Columns: stored, Unique: ix.Unique})
		name := ix.Name
		if !isName(name) || s.stored[strings.ToLower(name)] {
			name = plain
		}
		name = claim([]string{name}, func(n string) bool { return !s.stored[strings.ToLower(n)] }, func(n string) { s.stored[strings.ToLower(n)] = true })
		if name != plain || len(columns) > 1 {
			tag += "=" + name
		}
		for _, c := range columns {
			c.tags = append(c.tags, tag)
		}
	}
}

// tagText returns a struct tag with a space before it, "" if it says nothing.
func tagText(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return " `db:" + strconv.Quote(strings.Join(items, ",")) + "`"
}

// write returns the file.
func (s *sourcer) write() ([]byte, error) {
	var body bytes.Buffer
	imports := map[string]bool{}
	for _, m := range s.tables {
		s.writeModel(&body, m, imports)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\n", s.pkg)
	if len(imports) > 0 {
		b.WriteString("import (\n")
		for _, path := range []string{"encoding/json", "time", "", dbPath} {
			switch {
			case path == "" && len(imports) > 1:
				b.WriteString("\n")
			case imports[path]:
				fmt.Fprintf(&b, "%q\n", path)
			}
		}
		b.WriteString(")\n\n")
	}
	if len(s.notes) > 0 {
		b.WriteString("// Tables without a model:\n//\n")
		for _, note := range s.notes {
			fmt.Fprintf(&b, "//   - %s\n", note)
		}
		b.WriteString("\n")
	}
	b.Write(body.Bytes())
	text, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("format the models: %w", err)
	}
	return text, nil
}

func (s *sourcer) writeModel(b *bytes.Buffer, m *sourceTable, imports map[string]bool) {
	for _, c := range m.columns {
		if c.named != "" {
			writeEnum(b, c)
		}
	}
	fmt.Fprintf(b, "\n// %s is a row of the table %s.\n", m.name, quoted(m.Name))
	if text := oneLine(s.Comments[[2]string{m.Name, ""}]); text != "" {
		fmt.Fprintf(b, "//\n// %s\n", text)
	}
	b.WriteString("//\n" + directive)
	if m.table != snake(m.variable) {
		b.WriteString(" table=" + m.table)
	}
	fmt.Fprintf(b, "\ntype %s struct {\n", m.name)
	for _, c := range m.columns {
		c.writeField(b, imports)
	}
	if len(m.links) > 0 {
		b.WriteString("\n")
	}
	for _, l := range m.links {
		b.WriteString(l + "\n")
	}
	if len(m.notes) > 0 { // not in the doc comment, whose quotes gofmt would change
		b.WriteString("\n")
	}
	for _, note := range m.notes {
		fmt.Fprintf(b, "// %s\n", note)
	}
	b.WriteString("}\n")
}

// oneLine returns a comment of the database as one of Go's, cut where it is
// longer than anybody reads beside a field.
func oneLine(text string) string {
	const most = 300
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return text
}

func writeEnum(b *bytes.Buffer, c *sourceColumn) {
	fmt.Fprintf(b, "\n// %s is what the column %s may hold.\ntype %s string\n\n// The values of %s.\nconst (\n", c.named, quoted(c.Name), c.named, c.named)
	for _, label := range c.labels {
		fmt.Fprintf(b, "%s %s = %q\n", c.named+goName(label), c.named, label)
	}
	b.WriteString(")\n")
}

func (c *sourceColumn) writeField(b *bytes.Buffer, imports map[string]bool) {
	typ := c.goType()
	imports["time"] = imports["time"] || strings.Contains(typ, "time.")
	imports[dbPath] = imports[dbPath] || strings.Contains(typ, "db.")
	imports["encoding/json"] = imports["encoding/json"] || strings.Contains(typ, "json.")
	for path, used := range imports {
		if !used {
			delete(imports, path)
		}
	}
	var tags []string
	if c.pk {
		tags = append(tags, "pk")
	}
	if c.stored != snake(c.name) {
		tags = append(tags, "column="+c.stored)
	}
	if c.size > 0 && c.kind == schema.Text {
		tags = append(tags, fmt.Sprint("size=", c.size))
	}
	tags = append(tags, c.tags...)
	if c.Default != "" && !c.pk {
		if item := c.defaultItem(); item != "" {
			tags = append(tags, item)
		} else {
			c.notes = append(c.notes, "has a default, which Insert does not use")
		}
	}
	note := ""
	if len(c.notes) > 0 {
		note = " // " + strings.Join(c.notes, "; ")
	}
	fmt.Fprintf(b, "%s %s%s%s\n", c.name, typ, tagText(tags), note)
}

// defaultItem returns the part of the tag that says the default, "" if a tag
// cannot.
func (c *sourceColumn) defaultItem() string {
	value, kind := c.Default, c.kind
	if all := withoutCasts(lex(value)); kind == schema.Text && len(all) == 1 && all[0].kind == '\'' {
		value = "'" + strings.ReplaceAll(all[0].text, "'", "''") + "'"
	}
	switch {
	case kind == schema.Bool && (value == "0" || value == "1"):
		value = map[string]string{"0": "false", "1": "true"}[value]
	case kind == schema.Text && (len(value) < 2 || value[0] != '\'' || value[len(value)-1] != '\''):
		return ""
	case kind == schema.JSON:
		return ""
	}
	if _, ok := kind.Element(); ok && strings.HasPrefix(value, "'{}'") {
		value = "{}"
	}
	item := "default=" + value
	if _, err := literal(value, kind); err != nil || !tagged(item) {
		return ""
	}
	return item
}
