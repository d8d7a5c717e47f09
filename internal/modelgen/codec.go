package modelgen

import (
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// codec writes the two functions that move a model's fields from and to a row.
func (w *writer) codec(m *model) {
	w.line("\nfunc %s(p *%s, column int, row *%s.Row) {\nswitch column {", m.decodeFunc(), m.name, w.use(dbPath))
	for i, f := range m.columns() {
		w.line("case %d:", i)
		if f.coded() {
			if f.typ.null {
				w.line("if !row.Null() {\np.%s = new(%s)", f.name, strings.TrimPrefix(f.source, "*"))
			}
			w.line("p.%s.Decode(row%s)", f.name, m.secretNames(f))
			if f.typ.null {
				w.line("}")
			}
			continue
		}
		if !f.typ.null {
			w.line("p.%s = %s", f.name, w.read(f))
			continue
		}
		if f.typ.boxed != "" {
			w.line("if !row.Null() {\np.%s = %s{V: %s, Valid: true}\n}", f.name, f.typ.boxed, w.read(f))
			continue
		}
		w.line("if !row.Null() {\np.%s = new(%s)\n}", f.name, w.read(f))
	}
	w.line("}\n}")
	w.line("\nfunc %s(p *%s, column int) (v %s.Value) {\nswitch column {", m.encodeFunc(), m.name, w.use(enginePath))
	for i, f := range m.columns() {
		w.line("case %d:", i)
		switch {
		case f.coded() && f.typ.null:
			w.line("if p.%s != nil {\nv = p.%s.Encode(%s)\n}", f.name, f.name, m.secretName(f))
			continue
		case f.coded():
			w.line("v = p.%s.Encode(%s)", f.name, m.secretName(f))
			continue
		case !f.typ.null:
			w.line("v = %s", w.value(f, "p."+f.name))
			continue
		}
		if f.typ.boxed != "" {
			w.line("if p.%s.Valid {\nv = %s\n}", f.name, w.value(f, "p."+f.name+".V"))
			continue
		}
		w.line("if p.%s != nil {\nv = %s\n}", f.name, w.value(f, "*p."+f.name))
	}
	w.line("}\nreturn v\n}")
}

// read returns the expression that reads a field's value from the row.
func (w *writer) read(f *field) string {
	t := f.typ
	read, gives := "", t.basic // the expression, and its type
	if t.elem != "" {
		return convert(t.name, gives, w.use(dbPath)+".DecodeArray["+t.elem+"](row)")
	}
	switch t.column {
	case schema.Int:
		gives = "int64"
		switch t.basic {
		case "int":
			read = fmt.Sprintf("row.Int(%s.IntSize)", w.use("strconv"))
		case "byte", "uint8", "uint16", "uint32":
			read = fmt.Sprintf("row.Uint(%d)", bits[t.basic])
		default:
			read = fmt.Sprintf("row.Int(%d)", bits[t.basic])
		}
	case schema.Float:
		gives = "float64"
		read = fmt.Sprintf("row.Float(%d)", bits[t.basic])
	case schema.Bool:
		read = "row.Bool()"
	case schema.Text:
		read = "row.Text()"
	case schema.Time:
		return "row.Time()"
	case schema.Bytes:
		read = "row.Bytes()"
	}
	return convert(t.name, gives, read)
}

// value returns the expression for the engine's value of what expr is, which
// has the type of f's field, without a pointer.
func (w *writer) value(f *field, expr string) string {
	t := f.typ
	if t.elem != "" {
		return w.use(dbPath) + ".EncodeArray(" + expr + ")"
	}
	engine := w.use(enginePath) + "."
	switch t.column {
	case schema.Int:
		return engine + "Int(" + convert("int64", t.name, expr) + ")"
	case schema.Float:
		return engine + "Float(" + convert("float64", t.name, expr) + ")"
	case schema.Bool:
		return engine + "Bool(" + convert("bool", t.name, expr) + ")"
	case schema.Text:
		return engine + "Text(" + convert("string", t.name, expr) + ")"
	case schema.Time:
		return engine + "Time(" + expr + ")"
	}
	return engine + "Bytes(" + expr + ")" // any []byte is assignable
}

// convert returns expr, of type from, as one of type to.
func convert(to, from, expr string) string {
	if to == from {
		return expr
	}
	return to + "(" + expr + ")"
}
