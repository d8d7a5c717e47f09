package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestJSONKeepsLines(t *testing.T) {
	t.Parallel()
	const text = "\ufeff// head\n{\n/* two\nlines */ \"a\": // why\n 1, \"b\" /* x */ : [true,\n null], \"c\": {\"//\": \"/* no comment */\"}\n} // tail"
	got, err := config.JSON{}.Parse([]byte(text))
	want.NoErr(t, err)
	want.Equal(t, got, config.Node{Line: 2, Kind: config.Table, Items: []config.Node{
		{Key: "a", Line: 4, Kind: config.Number, Text: "1"},
		{Key: "b", Line: 5, Kind: config.Array, Items: []config.Node{
			{Line: 5, Kind: config.Bool, Text: "true"},
			{Line: 6, Kind: config.Null, Text: "null"},
		}},
		{Key: "c", Line: 6, Kind: config.Table, Items: []config.Node{
			{Key: "//", Line: 6, Kind: config.String, Text: "/* no comment */"},
		}},
	}})
}

func TestJSONSyntax(t *testing.T) {
	t.Parallel()
	for text, message := range map[string]string{
		"":                     `1:1: want an object at the top of the file, found end of file`,
		"[]":                   `1:1: want an object at the top of the file, found "["`,
		"{} {}":                `1:4: unexpected "{" after the end of the object`,
		"{\n\"a\": 1,\n}":      `3:1: unexpected "}" after a comma`,
		"{\"é\": \"é\" \"x\"}": `1:11: want a comma or "}", found "\""`,
		"{a: 1}":               `1:2: want a key in double quotes, found "a"`,
		`{"a" 1}`:              `1:6: want a colon after the key, found "1"`,
		`{"a": }`:              `1:7: want a value, found "}"`,
		`{"a": yes}`:           `1:7: want a value, found "y"`,
		`{"a": truely}`:        `1:11: want a comma or "}", found "l"`,
		`{"a": 'x'}`:           `1:7: want a value, found "'"`,
		`{"a": 01}`:            `1:7: number is not written as JSON wants it`,
		`{"a": [1, 2}`:         `1:12: want a comma or "]", found "}"`,
		"{\"a\": \"x\n\"}":     `1:7: string is not closed on its line`,
		`{"a": "x`:             `1:7: string is not closed`,
		`{"a": "x\`:            `1:7: string is not closed`,
		`{"a": "C:\Users"}`:    `1:7: string holds a control character or an unknown escape; write \\ for a backslash`,
		"{\"a\": \"\xff\"}":    `1:7: string is not valid UTF-8`,
		"{ /* x\n":             `1:3: comment is not closed with */`,
		"{\"a\": 1\x00}":       `1:8: want a comma or "}", found "\x00"`,
		"{ / }":                `1:3: want a key in double quotes, found "/"`,
	} {
		_, err := config.JSON{}.Parse([]byte(text))
		if err == nil || err.Error() != message {
			t.Errorf("%q:\n got %v\nwant %s", text, err, message)
		}
	}
}

func TestJSONDepth(t *testing.T) {
	t.Parallel()
	_, err := config.JSON{}.Parse([]byte(wide(config.MaxDepth)))
	want.NoErr(t, err)
	_, err = config.JSON{}.Parse([]byte(wide(config.MaxDepth + 1)))
	want.Contains(t, err.Error(), "nested deeper than 32")
	_, err = config.JSON{}.Parse([]byte(`{"a":` + strings.Repeat("[", 1<<20)))
	want.Contains(t, err.Error(), "nested deeper than 32")
}

// FuzzJSON compares the parser with encoding/json wherever the two should
// agree, and checks that errors point into the file.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a": 1, "b": [true, null, "x\u00e9\ud83d\ude00"], "c": {"d": -1.5e-3}}`, "{ // c\n/* d */ \"a\": 1 }",
		`{"a": "//", "b": "/*"}`, `{"a" 1}`, `{"a": "\`, `{"a": 1,}`, "{\"a\":\r\n1}", "\ufeff{}", "{/*", "{\"\xff\": 1}", `{"a":tru`, "{}\x00", `{"a":1}//`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		node, err := config.JSON{}.Parse(data)
		if err != nil {
			pointsInto(t, data, err)
		}
		var reference map[string]any
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		valid := json.Valid(data) && decoder.Decode(&reference) == nil && reference != nil
		plain := !bytes.Contains(data, []byte("/")) && !bytes.HasPrefix(data, []byte("\ufeff"))
		switch {
		case err == nil && plain && !valid:
			t.Errorf("%q: got no error, want one as encoding/json has", data)
		case err != nil && valid && utf8.Valid(data) && !strings.Contains(err.Error(), "nested deeper"):
			t.Errorf("%q: got %v, want no error, as encoding/json has none", data, err)
		case err == nil && valid:
			if got := plainValue(node); !reflect.DeepEqual(got, any(reference)) {
				t.Errorf("%q: got %v, want %v", data, got, reference)
			}
		}
	})
}

func pointsInto(t *testing.T, data []byte, err error) {
	t.Helper()
	var syntax *config.SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("%q: got %T, want a *config.SyntaxError", data, err)
	}
	lines := strings.Split(string(data), "\n")
	if syntax.Line < 1 || syntax.Line > len(lines) {
		t.Fatalf("%q: got line %d of %d", data, syntax.Line, len(lines))
	}
	if columns := utf8.RuneCountInString(lines[syntax.Line-1]) + 1; syntax.Column < 1 || syntax.Column > columns {
		t.Fatalf("%q: got column %d of %d", data, syntax.Column, columns)
	}
}

// plainValue turns a node into what encoding/json makes of it; of keys that
// stand twice it keeps the last, as Decode into a map does.
func plainValue(n config.Node) any {
	switch n.Kind {
	case config.Bool:
		return n.Text == "true"
	case config.Number:
		return json.Number(n.Text)
	case config.String:
		return n.Text
	case config.Array:
		items := []any{}
		for _, item := range n.Items {
			items = append(items, plainValue(item))
		}
		return items
	case config.Table:
		members := map[string]any{}
		for _, item := range n.Items {
			members[item.Key] = plainValue(item)
		}
		return members
	}
	return nil
}
