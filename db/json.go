package db

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// JSON is a field whose value V, of any type that encoding/json knows, is kept
// as JSON in one column. A value that cannot be encoded, such as a number that
// is not finite, is an error when it is written.
type JSON[T any] struct{ V T }

// Encode, for generated code, returns the column's value.
func (j JSON[T]) Encode() engine.Value {
	text, err := json.Marshal(j.V)
	if err != nil {
		return engine.Float(math.NaN()) // which is refused, for the commonest reason
	}
	return engine.Text(string(text))
}

// Decode, for generated code, reads the column.
func (j *JSON[T]) Decode(row *Row) {
	v := row.values[row.at]
	text := v.Bytes()
	switch v.Kind() {
	case engine.KindText:
		text = []byte(v.Text())
	case engine.KindBytes:
	default:
		row.wrong("JSON")
		return
	}
	var fresh T
	if err := json.Unmarshal(text, &fresh); err != nil && row.err == nil {
		row.err = fmt.Errorf("decode the JSON: %w", err)
	}
	j.V = fresh
}

// MarshalJSON writes V alone.
func (j JSON[T]) MarshalJSON() ([]byte, error) { return json.Marshal(j.V) }

// UnmarshalJSON reads V alone.
func (j *JSON[T]) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &j.V) }

// A NullJSONColumn is a column of JSON that may be NULL, which is not the null
// of JSON.
type NullJSONColumn struct{ JSONColumn }

// IsNull is true for rows with NULL.
func (c NullJSONColumn) IsNull() Cond { return c.isNull() }

// NotNull is true for rows with a value.
func (c NullJSONColumn) NotNull() Cond { return c.notNull() }

// SetNull writes NULL.
func (c NullJSONColumn) SetNull() Assign { return c.set(engine.Value{}) }

// A JSONColumn is a column of JSON. What is in it is named by a path of keys,
// such as "size.width"; what is missing is NULL.
type JSONColumn struct{ Column }

// Text is the text at path.
func (c JSONColumn) Text(path string) NullText[string] {
	return NullText[string]{Text[string]{c.path(path, "")}}
}

// Int is the whole number at path.
func (c JSONColumn) Int(path string) NullNum[int64] {
	return NullNum[int64]{Num[int64]{c.path(path, "int")}}
}

// Float is the number at path.
func (c JSONColumn) Float(path string) NullNum[float64] {
	return NullNum[float64]{Num[float64]{c.path(path, "float")}}
}

// Bool is the truth value at path, NULL where something else stands there.
func (c JSONColumn) Bool(path string) NullBool {
	return NullBool{Bool{c.at(path, func(b *builder, keys []string) {
		b.write("CASE ")
		b.jsonRaw(c.Column, keys, "json_type(")
		quote := "'"
		if b.engine() == "postgres" {
			quote = "'::jsonb"
		}
		one, zero := "1", "0"
		if b.engine() == "postgres" {
			one, zero = "true", "false"
		}
		b.write(" WHEN 'true", quote, " THEN ", one, " WHEN 'false", quote, " THEN ", zero, " END")
	})}}
}

// Has is true for rows in which something stands at path, if only a null.
func (c JSONColumn) Has(path string) Cond {
	return Cond{kind: holds, x: c.at(path, func(b *builder, keys []string) {
		b.write("(")
		b.jsonRaw(c.Column, keys, "json_type(")
		b.write(") IS NOT NULL")
	}).x}
}

// jsonRaw writes the JSON that stands in c at keys, of which SQLite says call
// alone; NULL if there is none.
func (b *builder) jsonRaw(c Column, keys []string, call string) {
	switch b.engine() {
	case "postgres":
		b.write("(")
		b.column(c)
		b.write(" #> '{", strings.Join(keys, ","), "}')")
		return
	case "sqlite":
		b.write(call)
	default:
		b.write("JSON_EXTRACT(")
	}
	b.column(c)
	b.write(", '$.", strings.Join(keys, "."), "')")
}

// path is what stands at path, as the type. The keys are letters, digits and _
// of ASCII, so they may stand in the SQL.
func (c JSONColumn) path(path, kind string) Column {
	return c.at(path, func(b *builder, keys []string) { b.jsonAt(c.Column, keys, kind) })
}

// at is what write writes of the keys of a path.
func (c JSONColumn) at(path string, write func(*builder, []string)) Column {
	keys := strings.Split(path, ".")
	return Column{x: &expr{name: c.String() + "." + path, null: true, write: func(b *builder) {
		for _, k := range keys {
			if !plainKey(k) {
				b.fail(misuse("A1506", fmt.Sprintf("db: path %q in %s", path, c), "name keys of letters, digits and _, with dots between"))
				return
			}
		}
		write(b, keys)
	}}}
}

func plainKey(k string) bool {
	for _, c := range k {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return k != ""
}

// jsonAt writes what stands in c at keys, as the engine says it.
func (b *builder) jsonAt(c Column, keys []string, kind string) {
	types := map[string]map[string]string{
		"postgres": {"int": "bigint", "float": "double precision"},
		"mariadb":  {"int": "SIGNED", "float": "DOUBLE"},
	}
	as := types[b.engine()][kind]
	if as != "" {
		b.write("CAST(")
	}
	switch b.engine() {
	case "postgres":
		b.write("(")
		b.column(c)
		b.write(" #>> '{", strings.Join(keys, ","), "}')")
	case "mariadb":
		b.write("JSON_VALUE(")
		b.column(c)
		b.write(", '$.", strings.Join(keys, "."), "')")
	default:
		b.write("json_extract(")
		b.column(c)
		b.write(", '$.", strings.Join(keys, "."), "')")
	}
	if as != "" {
		b.write(" AS ", as, ")")
	}
}
