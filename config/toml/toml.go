package toml

import (
	"bytes"
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"github.com/ashlar-go/ashlar/config"
)

// Format is TOML 1.1. Its zero value is ready; it holds nothing.
type Format struct{}

var _ config.Format = Format{}

// Ext returns "toml".
func (Format) Ext() string { return "toml" }

// Parse reads one file. Members stand in the order of their lines. The items of
// an array have the line of its key, and a string over several lines has its
// last one. A key that is defined twice is a syntax error in TOML. Every error
// is a *config.SyntaxError.
func (Format) Parse(data []byte) (config.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // the library's offsets are behind it
	if err := tooDeep(data); err != nil {
		return config.Node{}, err
	}
	var root map[string]toml.Primitive
	meta, err := toml.Decode(string(data), &root)
	if err != nil {
		return config.Node{}, syntaxError(data, err)
	}
	r := &reader{meta: meta}
	table, err := r.table(root, 0)
	if err != nil {
		return config.Node{}, err
	}
	table.Line = 1
	return table, nil
}

// Limits on what the library takes quadratic time for. They count without
// knowing strings from keys, so they are far above config.MaxDepth, which is
// checked exactly on what was parsed.
const (
	maxBrackets = 1000 // open at one time
	maxDots     = 4000 // on one line
)

// tooDeep refuses files that go beyond those limits.
func tooDeep(data []byte) error {
	brackets, dots, line := 0, 0, 1
	for _, c := range data {
		switch c {
		case '\n':
			line++
			dots = 0
		case '[', '{':
			brackets++
		case ']', '}':
			brackets = max(0, brackets-1)
		case '.':
			dots++
		}
		if brackets > maxBrackets || dots > maxDots {
			return &config.SyntaxError{Line: line, Column: 1, Msg: "too many open brackets, or dots on a line"}
		}
	}
	return nil
}

// The library repeats parts of the file in its messages: bare words and
// numbers, which may be a secret that lost its quotation marks.
var (
	quoted   = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`)
	telling  = regexp.MustCompile(`[[:alnum:]].*[^'"]|[^'"\\].*[[:alnum:]]`) // more than one character
	outRange = regexp.MustCompile(`^\S+ is out of`)
)

// mask hides those parts and gives a message this module's manner.
func mask(msg string) string {
	msg = strings.TrimSuffix(msg, ".")
	if key, found := strings.CutPrefix(msg, "Key '"); found {
		return "key '" + key // keys may be shown
	}
	if rest, found := strings.CutPrefix(msg, "Invalid "); found {
		msg = "invalid " + rest
	}
	msg = quoted.ReplaceAllStringFunc(msg, func(part string) string {
		if telling.MatchString(part[1 : len(part)-1]) {
			return "this text"
		}
		return part
	})
	return outRange.ReplaceAllString(msg, "the number is out of")
}

func syntaxError(data []byte, err error) error {
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return &config.SyntaxError{Line: 1, Column: 1, Msg: "cannot be read as TOML"}
	}
	line, column := place(data, parse.Position.Start)
	if parse.Position.Line > line { // an end of file, behind the last byte
		line, column = place(data, len(data))
	}
	return &config.SyntaxError{Line: line, Column: column, Msg: mask(parse.Message)}
}

// place turns an offset into line and column. The library's column counts
// bytes, ours counts characters.
func place(data []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(data))
	for offset > 0 && offset < len(data) && !utf8.RuneStart(data[offset]) {
		offset-- // the library may point into a character
	}
	before := string(data[:offset])
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// A reader turns what the library decoded into nodes.
type reader struct{ meta toml.MetaData }

// line returns where a key stands, or 0 for a table that only its subtables
// name. The library tells lines nowhere but in its errors, so this asks for the
// impossible. It reads the text, as an error with a typed position costs a
// copy of the file.
func (r *reader) line(p toml.Primitive) int {
	var impossible chan struct{}
	err := r.meta.PrimitiveDecode(p, &impossible)
	if err == nil {
		return 0
	}
	text, _ := strings.CutPrefix(err.Error(), "toml: line ")
	number, _, _ := strings.Cut(text, " ")
	line, _ := strconv.Atoi(number)
	return line
}

func (r *reader) table(members map[string]toml.Primitive, depth int) (config.Node, error) {
	node := config.Node{Kind: config.Table}
	for key, primitive := range members {
		member, err := r.member(primitive, depth+1)
		if err != nil {
			return node, err
		}
		member.Key = key
		node.Items = append(node.Items, member)
	}
	slices.SortFunc(node.Items, func(a, b config.Node) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
	})
	return node, nil
}

func (r *reader) member(p toml.Primitive, depth int) (config.Node, error) {
	line := r.line(p)
	if depth > config.MaxDepth {
		return config.Node{}, deep(line)
	}
	var v any
	err := r.meta.PrimitiveDecode(p, &v)
	if _, isTable := v.(map[string]any); err == nil && !isTable {
		return value(v, line, depth)
	}
	var members map[string]toml.Primitive
	if err == nil {
		err = r.meta.PrimitiveDecode(p, &members)
	}
	if err != nil {
		return config.Node{}, &config.SyntaxError{Line: max(line, 1), Column: 1, Msg: "cannot be read as TOML"}
	}
	node, err := r.table(members, depth)
	node.Line = line
	if line == 0 && len(node.Items) > 0 {
		node.Line = node.Items[0].Line
	}
	return node, err
}

func deep(line int) error {
	return &config.SyntaxError{Line: max(line, 1), Column: 1, Msg: "nested deeper than " + strconv.Itoa(config.MaxDepth)}
}

// value turns anything but a table with lines of its own into a node.
func value(v any, line, depth int) (config.Node, error) {
	node := config.Node{Line: line}
	if depth > config.MaxDepth {
		return node, deep(line)
	}
	switch v := v.(type) {
	case bool:
		node.Kind, node.Text = config.Bool, strconv.FormatBool(v)
	case int64:
		node.Kind, node.Text = config.Number, strconv.FormatInt(v, 10)
	case float64:
		node.Kind, node.Text = config.Number, strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		node.Kind, node.Text = config.String, v
	case time.Time:
		node.Kind, node.Text = config.String, v.Format(layout(v))
	case []any:
		node.Kind = config.Array
		for _, item := range v {
			n, err := value(item, line, depth+1)
			if err != nil {
				return node, err
			}
			node.Items = append(node.Items, n)
		}
	case []map[string]any:
		node.Kind = config.Array
		for _, item := range v {
			n, err := value(item, line, depth+1)
			if err != nil {
				return node, err
			}
			node.Items = append(node.Items, n)
		}
	case map[string]any: // within an array: no setting reads it
		node.Kind = config.Table
	}
	return node, nil
}

// layout returns how TOML writes a time. The library marks times without a
// zone by the name of their location.
func layout(t time.Time) string {
	switch t.Location().String() {
	case "datetime-local":
		return "2006-01-02T15:04:05.999999999"
	case "date-local":
		return time.DateOnly
	case "time-local":
		return "15:04:05.999999999"
	}
	return time.RFC3339Nano
}
