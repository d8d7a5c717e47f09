package modelgen

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// A model is one marked struct.
type model struct {
	name     string // of the struct
	variable string // of its table in Go: the plural of name
	table    string
	was      string
	pos      token.Pos
	fields   []*field // all of the struct's, in order
	indexes  []schema.Index
	checks   []schema.Check
	keys     []schema.ForeignKey
	imports  map[string]string // name → path, of all types of fields
	language string            // that its texts are searched in
	hooks    string            // the function that returns them
	rules    bool              // there are some in its tags
	path     string            // of its package, where that is another
	pkg      string            // what that is called
}

// A field is one field of a model's struct.
type field struct {
	options
	name    string
	source  string // its type, as it is written
	pos     token.Pos
	typ     goType
	inTable bool
	auto    bool
	literal string // default
	rel     *relation
}

func (m *model) tableType() string  { return m.name + "Table" }
func (m *model) shapeType() string  { return lowerFirst(m.name) + "AtLastGenerate" }
func (m *model) schemaFunc() string { return lowerFirst(m.name) + "Schema" }
func (m *model) newFunc() string    { return "new" + upperFirst(m.name) + "Table" }
func (m *model) decodeFunc() string { return "decode" + upperFirst(m.name) }
func (m *model) encodeFunc() string { return "encode" + upperFirst(m.name) }

func (m *model) linkFunc() string    { return "link" + upperFirst(m.name) }
func (m *model) columnsType() string { return m.name + "Columns" }
func (m *model) columnsFunc() string { return "New" + upperFirst(m.name) + "Columns" }

// names returns all that the generated file declares for m.
func (m *model) names() []string {
	return []string{m.variable, m.tableType(), m.shapeType(), m.schemaFunc(), m.newFunc(), m.decodeFunc(), m.encodeFunc(),
		m.linkFunc(), m.columnsType(), m.columnsFunc()}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// reserved are the names that generated tables have themselves.
var reserved = map[string]bool{
	"Table": true, "Get": true, "Via": true, "Query": true, "Schema": true, "Insert": true, "Save": true,
	"Delete": true, "Upsert": true, "FindOrCreate": true,
}

// columns returns the fields that the table has.
func (m *model) columns() []*field {
	var list []*field
	for _, f := range m.fields {
		if f.inTable {
			list = append(list, f)
		}
	}
	return list
}

// key returns the fields of the primary key.
func (m *model) key() []*field {
	return slices.DeleteFunc(m.columns(), func(f *field) bool { return !f.pk })
}

// model reads one marked struct and notes its mistakes.
func (p *pkg) model(d declaration) *model {
	name := d.spec.Name.Name
	m := &model{name: name, variable: plural(name), table: snake(plural(name)), pos: d.spec.Pos(), imports: map[string]string{}}
	p.readDirective(m, d.marker)
	body, ok := d.spec.Type.(*ast.StructType)
	if !ok || d.spec.TypeParams != nil || d.spec.Assign.IsValid() {
		p.problem("A1520", m.pos, "mark a struct type without type parameters", "%s is marked %s and is no plain struct", name, directive)
		return m
	}
	known := len(p.bad)
	for _, f := range body.Fields.List {
		p.readFields(m, d.file, f)
	}
	if len(p.bad) == known { // a field that was not read would be missed below
		p.finish(m)
	}
	return m
}

// readDirective reads what follows the directive: table=name was=old.
func (p *pkg) readDirective(m *model, marker *ast.Comment) {
	for _, item := range strings.Fields(strings.TrimPrefix(marker.Text, directive)) {
		key, value, _ := strings.Cut(item, "=")
		if key != "hooks" && !isName(value) {
			key = ""
		}
		switch key {
		case "hooks":
			m.hooks = value
			if _, ok := p.declared[value]; !ok {
				p.problem("A1520", marker.Pos(), "declare func "+value+"() db.Hooks[*"+m.name+"]", "%s %s: no such function", directive, item)
			}
		case "search":
			m.language = value
		case "table":
			m.table = value
		case "was":
			m.was = value
		default:
			p.problem("A1520", marker.Pos(), "write table=name, was=old_name, search=language or hooks=function", "%s %s: not understood", directive, item)
		}
	}
}

func (p *pkg) readFields(m *model, file *ast.File, f *ast.Field) {
	var source bytes.Buffer
	// The printer fails on writers that do; a buffer does not.
	_ = printer.Fprint(&source, p.fset, f.Type)
	tag := ""
	if f.Tag != nil {
		tag = strings.Trim(f.Tag.Value, "`")
	}
	m.rules = m.rules || strings.Contains(tag, `validate:"`) && !strings.Contains(tag, `validate:"-"`)
	base := field{source: source.String(), pos: f.Pos()}
	var err error
	if base.options, err = parseTag(tag); err != nil {
		p.problem("A1521", f.Pos(), "", "%s.%s: %v", m.name, fieldName(f), err)
		return
	}
	p.readImports(m, file, f.Type)
	if len(f.Names) == 0 {
		one := base
		one.name = "" // the shape writes the type alone
		m.fields = append(m.fields, &one)
		if !base.skip {
			p.problem("A1521", f.Pos(), "write its fields out, or tag it `db:\"-\"`", "%s.%s: an embedded struct has no column", m.name, fieldName(f))
		}
		return
	}
	for _, name := range f.Names {
		one := base
		one.name = name.Name
		m.fields = append(m.fields, &one)
		p.readField(m, file, f, &one)
	}
}

func fieldName(f *ast.Field) string {
	if len(f.Names) > 0 {
		return f.Names[0].Name
	}
	var b bytes.Buffer
	_ = printer.Fprint(&b, token.NewFileSet(), f.Type)
	return b.String()
}

// readImports notes the packages that the type of a field names, which the
// generated file needs for its copy of the struct.
func (p *pkg) readImports(m *model, file *ast.File, expr ast.Expr) {
	ast.Inspect(expr, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		path, ok := importPath(file, name.Name)
		if !ok {
			p.problem("A1521", sel.Pos(), "import the package, under this name if its own is another",
				"%s: no import of this file is called %s", m.name, name.Name)
			return false
		}
		m.imports[name.Name] = path
		return false
	})
}

// readField decides what column f is.
func (p *pkg) readField(m *model, file *ast.File, f *ast.Field, one *field) {
	bad := func(mend, format string, args ...any) {
		p.problem("A1521", f.Pos(), mend, "%s.%s: "+format, append([]any{m.name, one.name}, args...)...)
	}
	exported := ast.IsExported(one.name)
	if one.skip || !exported {
		if f.Tag != nil && !exported && !one.skip && strings.Contains(f.Tag.Value, `db:"`) {
			bad("export it, or take the tag away", "a field that is not exported has no column")
		}
		return
	}
	if reserved[one.name] {
		bad("name the field otherwise; `db:\"column=…\"` keeps the column's name", "generated tables have %s already", one.name)
	}
	if rel := p.relation(file, f.Type); rel != nil {
		one.rel = rel
		return
	}
	if one.related() {
		bad("make it a pointer to a model, or a slice of such", "%s is no relation", one.source)
		return
	}
	t, err := p.resolve(file, f.Type)
	if err != nil {
		bad("use a basic type, a type made of one in this package, []byte, time.Time or a pointer to one, or tag it `db:\"-\"`", "%v", err)
		return
	}
	one.typ, one.inTable = t, true
	if one.column == "" {
		one.column = snake(one.name)
	}
	if err := checkName(one.column); err != nil {
		bad("", "%v", err)
	}
	for _, other := range m.columns() {
		if other != one && strings.EqualFold(other.column, one.column) {
			bad("name one of them with `db:\"column=…\"`", "%s has the column %s already", other.name, one.column)
		}
	}
	p.checkOptions(one, bad)
}

// checkOptions checks what a field's tag says against its type.
func (p *pkg) checkOptions(one *field, bad func(mend, format string, args ...any)) {
	t := one.typ
	if t.secret != "" && one.compared() {
		bad("", "a secret has no size, default, index, check, key, enum, search or role: the database sees what is sealed")
		return
	}
	if one.size > 0 && t.column != schema.Text {
		bad("", "size is for texts")
	}
	if one.pk && (t.null || t.column != schema.Int && t.column != schema.Text) {
		bad("", "a primary key is a whole number or a text, and no pointer")
	}
	if one.enum {
		p.checkEnum(one, bad)
	}
	if one.search != "" && t.column != schema.Text {
		bad("", "search is for texts")
	}
	if one.uuid && (!one.pk || t.column != schema.Text) {
		bad("", "uuid is for a primary key that is a text")
	}
	if why := wrongRole(one.role, t); why != "" {
		bad("", "%s is for %s", one.role, why)
	}
	if one.onDelete == "setnull" && !t.null {
		bad("make the field a pointer", "ondelete=setnull on a column that cannot be NULL")
	}
	if one.hasValue {
		var err error
		if one.literal, err = literal(one.value, t.column); err != nil {
			bad("", "%v", err)
		}
	}
}

// checkEnum lets the field hold nothing but the constants of its type.
func (p *pkg) checkEnum(one *field, bad func(mend, format string, args ...any)) {
	if one.typ.column != schema.Text || len(one.typ.texts) == 0 {
		bad("declare constants such as const Draft "+one.typ.name+" = \"draft\"", "enum is for a type made of string that has constants")
		return
	}
	var list []string
	for _, text := range one.typ.texts {
		list = append(list, "'"+strings.ReplaceAll(text, "'", "''")+"'")
	}
	one.checks = append(one.checks, one.column+" IN ("+strings.Join(list, ", ")+")")
}

// wrongRole returns what a field with this role must be, if t is not that.
func wrongRole(role string, t goType) string {
	switch role {
	case "softdelete":
		if t.column != schema.Time || !t.null {
			return "a *time.Time"
		}
	case "created", "updated":
		if t.column != schema.Time || t.null {
			return "a time.Time"
		}
	case "version":
		if t.column != schema.Int || t.null {
			return "a whole number"
		}
	case "createdby", "updatedby":
		if t.column != schema.Int && t.column != schema.Text {
			return "a whole number or a text, or a pointer to one"
		}
	}
	return ""
}

// finish collects what concerns several fields.
func (p *pkg) finish(m *model) {
	key := m.key()
	switch {
	case len(key) == 0:
		p.problem("A1521", m.pos, "tag the field that tells rows apart with `db:\"pk\"`", "%s has no primary key", m.name)
	case len(key) == 1 && len(m.columns()) == 1: // pairs of keys join other models
		p.problem("A1521", m.pos, "add a field", "%s has nothing but its primary key", m.name)
	case len(key) == 1 && (key[0].typ.basic == "int64" || key[0].typ.basic == "int"):
		key[0].auto = true
	}
	if !isName(m.table) {
		p.problem("A1520", m.pos, "", "%s: %q is no name for a table", m.name, m.table)
	}
	p.checkSearch(m)
	roles := map[string]string{}
	for _, f := range m.columns() {
		if other := roles[f.role]; f.role != "" && other != "" {
			p.problem("A1521", f.pos, "keep one", "%s.%s: %s has the role %s already", m.name, f.name, other, f.role)
		}
		roles[f.role] = f.name
		for _, in := range f.options.indexes {
			p.addIndex(m, f, in)
		}
		for _, expr := range f.options.checks {
			m.checks = append(m.checks, schema.Check{Expr: expr})
		}
		if f.refTable != "" {
			m.keys = append(m.keys, schema.ForeignKey{
				Columns: []string{f.column}, RefTable: f.refTable, RefColumns: []string{f.refColumn}, OnDelete: f.onDelete,
			})
		}
	}
}

// addIndex adds f to the index that its tag names, or gives it one of its own.
func (p *pkg) addIndex(m *model, f *field, in named) {
	i := slices.IndexFunc(m.indexes, func(x schema.Index) bool { return in.name != "" && x.Name == in.name })
	switch {
	case i < 0:
		m.indexes = append(m.indexes, schema.Index{Name: in.name, Columns: []string{f.column}, Unique: in.unique})
	case m.indexes[i].Unique != in.unique:
		p.problem("A1521", f.pos, "write unique or index on all of its fields", "%s.%s: index %s is unique on another field", m.name, f.name, in.name)
	default:
		m.indexes[i].Columns = append(m.indexes[i].Columns, f.column)
	}
}
