package strictjson_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/internal/strictjson"
)

// reference does with encoding/json what Check does by itself, in as many
// passes as that takes.
func reference(b []byte, depth int) error {
	if !utf8.Valid(b) {
		return &strictjson.Error{Fault: strictjson.NotUTF8}
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	var open []map[string]bool // a nil entry is an array
	var wantKey []bool
	for {
		tok, err := d.Token()
		if err != nil {
			break // the end, or a mistake that Unmarshal names below
		}
		if delim, ok := tok.(json.Delim); ok {
			switch delim {
			case '{', '[':
				if len(open) == depth {
					return &strictjson.Error{Fault: strictjson.TooDeep}
				}
				if delim == '{' {
					open, wantKey = append(open, map[string]bool{}), append(wantKey, true)
				} else {
					open, wantKey = append(open, nil), append(wantKey, false)
				}
				continue
			default:
				open, wantKey = open[:len(open)-1], wantKey[:len(wantKey)-1]
			}
		} else if n := len(open) - 1; n >= 0 && wantKey[n] {
			key := folded(tok.(string))
			if open[n][key] {
				return &strictjson.Error{Fault: strictjson.KeyTwice, Key: tok.(string)}
			}
			open[n][key] = true
			wantKey[n] = false
			continue
		}
		n := len(open) - 1
		if n < 0 {
			break // what comes behind the value is wrong in any case
		}
		if open[n] != nil {
			wantKey[n] = true
		}
	}
	var whole json.RawMessage
	return json.Unmarshal(b, &whole)
}

func folded(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, key)
}

// told says of an error what both sides must agree in.
func told(err error) string {
	switch e := err.(type) { //nolint:errorlint // both return them bare
	case nil:
		return "ok"
	case *json.SyntaxError:
		return fmt.Sprintf("%s at byte %d", e.Error(), e.Offset)
	case *strictjson.Error:
		if e.Fault != strictjson.Syntax {
			return fmt.Sprintf("fault %d %q", e.Fault, e.Key)
		}
	}
	return err.Error()
}
