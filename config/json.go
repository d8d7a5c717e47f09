package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// JSON reads config.json: RFC 8259 with // and /* */ comments, in UTF-8. The
// file's value must be an object. It has its own small parser because
// encoding/json keeps no lines, takes a key twice, and knows no comments.
type JSON struct{}

var _ Format = JSON{}

// Ext returns "json".
func (JSON) Ext() string { return "json" }

// Parse reads one object and nothing after it but space and comments.
func (JSON) Parse(data []byte) (node Node, err error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	p := &jsonParser{data: data, line: 1}
	defer func() {
		if e := recover(); e != nil {
			syntax, ok := e.(*SyntaxError)
			if !ok {
				panic(e)
			}
			node, err = Node{}, syntax
		}
	}()
	p.skip()
	if p.peek() != '{' {
		p.fail("want an object at the top of the file, %s", p.found())
	}
	node = p.value(0)
	p.skip()
	if p.pos < len(data) {
		p.fail("unexpected %s after the end of the object", p.char())
	}
	return node, nil
}

// jsonParser is a recursive descent over the bytes of one file. Its methods
// leave by a panic with a *SyntaxError, which Parse recovers: every step can
// fail, and none but Parse can do anything about it.
type jsonParser struct {
	data      []byte
	pos       int
	line      int
	lineStart int
}

func (p *jsonParser) fail(format string, args ...any) {
	p.failAt(p.pos, format, args...)
}

func (p *jsonParser) failAt(pos int, format string, args ...any) {
	column := utf8.RuneCount(p.data[p.lineStart:pos]) + 1
	panic(&SyntaxError{Line: p.line, Column: column, Msg: fmt.Sprintf(format, args...)})
}

// peek returns the next byte, or 0 at the end. A 0 in the file is an error
// wherever it stands, so the two need not be told apart before that.
func (p *jsonParser) peek() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

// char names the next character, or the end of the file.
func (p *jsonParser) char() string {
	if p.pos >= len(p.data) {
		return "end of file"
	}
	r, _ := utf8.DecodeRune(p.data[p.pos:])
	return fmt.Sprintf("%q", string(r))
}

func (p *jsonParser) found() string { return "found " + p.char() }

// skip moves over space and comments.
func (p *jsonParser) skip() {
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '\n':
			p.pos++
			p.line, p.lineStart = p.line+1, p.pos
		case c == ' ' || c == '\t' || c == '\r':
			p.pos++
		case bytes.HasPrefix(p.data[p.pos:], []byte("//")):
			for p.pos < len(p.data) && p.data[p.pos] != '\n' {
				p.pos++
			}
		case bytes.HasPrefix(p.data[p.pos:], []byte("/*")):
			p.block()
		default:
			return
		}
	}
}

// block moves over one /* */ comment, counting its lines.
func (p *jsonParser) block() {
	length := bytes.Index(p.data[p.pos+2:], []byte("*/"))
	if length < 0 {
		p.fail("comment is not closed with */")
	}
	end := p.pos + 2 + length + 2
	for ; p.pos < end; p.pos++ {
		if p.data[p.pos] == '\n' {
			p.line, p.lineStart = p.line+1, p.pos+1
		}
	}
}

func (p *jsonParser) value(depth int) Node {
	if depth > MaxDepth {
		p.fail("nested deeper than %d", MaxDepth)
	}
	line := p.line
	switch c := p.peek(); {
	case c == '{':
		return Node{Line: line, Kind: Table, Items: p.list('}', func() Node { return p.member(depth + 1) })}
	case c == '[':
		return Node{Line: line, Kind: Array, Items: p.list(']', func() Node { return p.value(depth + 1) })}
	case c == '"':
		return Node{Line: line, Kind: String, Text: p.text()}
	case c == '-' || c >= '0' && c <= '9':
		return Node{Line: line, Kind: Number, Text: p.number()}
	case c >= 'a' && c <= 'z':
		return p.word()
	}
	p.fail("want a value, %s", p.found())
	return Node{}
}

// list reads what stands between brackets, with commas in between.
func (p *jsonParser) list(end byte, item func() Node) []Node {
	p.pos++
	p.skip()
	var items []Node
	if p.peek() == end {
		p.pos++
		return items
	}
	for {
		items = append(items, item())
		p.skip()
		switch p.peek() {
		case end:
			p.pos++
			return items
		case ',':
			p.pos++
			p.skip()
			if p.peek() == end {
				p.fail("unexpected %s after a comma", p.char())
			}
		default:
			p.fail("want a comma or %q, %s", string(end), p.found())
		}
	}
}

func (p *jsonParser) member(depth int) Node {
	if p.peek() != '"' {
		p.fail("want a key in double quotes, %s", p.found())
	}
	line, key := p.line, p.text()
	p.skip()
	if p.peek() != ':' {
		p.fail("want a colon after the key, %s", p.found())
	}
	p.pos++
	p.skip()
	node := p.value(depth)
	node.Key, node.Line = key, line
	return node
}

// text reads a string. Escapes are left to encoding/json.
func (p *jsonParser) text() string {
	start := p.pos
	for p.pos++; ; p.pos++ {
		if p.pos >= len(p.data) {
			p.failAt(start, "string is not closed")
		}
		switch c := p.data[p.pos]; {
		case c == '\\':
			p.pos++ // whatever is escaped does not end the string
		case c == '\n':
			p.failAt(start, "string is not closed on its line")
		case c == '"':
			p.pos++
			return p.unquote(start)
		}
	}
}

func (p *jsonParser) unquote(start int) string {
	literal := p.data[start:p.pos]
	if !utf8.Valid(literal) {
		p.failAt(start, "string is not valid UTF-8")
	}
	var text string
	if json.Unmarshal(literal, &text) != nil {
		p.failAt(start, `string holds a control character or an unknown escape; write \\ for a backslash`)
	}
	return text
}

func (p *jsonParser) number() string {
	start := p.pos
	for p.pos < len(p.data) && bytes.IndexByte([]byte("+-.0123456789eE"), p.data[p.pos]) >= 0 {
		p.pos++
	}
	literal := p.data[start:p.pos]
	if !json.Valid(literal) {
		p.failAt(start, "number is not written as JSON wants it")
	}
	return string(literal)
}

func (p *jsonParser) word() Node {
	for _, w := range []struct {
		text string
		kind Kind
	}{{"true", Bool}, {"false", Bool}, {"null", Null}} {
		if bytes.HasPrefix(p.data[p.pos:], []byte(w.text)) {
			p.pos += len(w.text)
			return Node{Line: p.line, Kind: w.kind, Text: w.text}
		}
	}
	p.fail("want a value, %s", p.found())
	return Node{}
}
