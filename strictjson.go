package ashlar

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/errs"
)

// jsonDepth bounds how deep a JSON body may nest.
const jsonDepth = 64

// checkJSON refuses what encoding/json lets pass although two readers could
// understand it differently: a key that an object holds twice, also in other
// letter case, bytes that are not UTF-8, and nesting beyond jsonDepth. What is
// no JSON at all (RFC 8259) is refused as well, with the place.
func checkJSON(b []byte) error {
	if !utf8.Valid(b) {
		return errs.Malformed.New("The JSON body is not UTF-8.")
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	var open []map[string]bool // a nil entry is an array
	var wantKey []bool
	for {
		tok, err := d.Token()
		if err != nil {
			break // the end, or a mistake that Valid names below
		}
		if delim, ok := tok.(json.Delim); ok {
			switch delim {
			case '{', '[':
				if len(open) == jsonDepth {
					return errs.Malformed.Errorf("The JSON body nests deeper than %d levels.", jsonDepth)
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
			key := foldKey(tok.(string))
			if open[n][key] {
				return errs.Malformed.Errorf("The JSON body holds the key %q twice.", printable(tok.(string)))
			}
			open[n][key] = true
			wantKey[n] = false
			continue
		}
		if n := len(open) - 1; n >= 0 && open[n] != nil {
			wantKey[n] = true
		}
	}
	var whole json.RawMessage
	if err := json.Unmarshal(b, &whole); err != nil {
		return errs.Malformed.Wrap(err, fmt.Sprintf("The body is no valid JSON: %s.", syntaxPlace(err)))
	}
	return nil
}

// foldKey makes keys equal that encoding/json takes for the same field:
// strings.ToLower would miss that U+017F (a long s) is an s to it.
func foldKey(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, key)
}

func syntaxPlace(err error) string {
	if s, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // Unmarshal returns it bare
		return fmt.Sprintf("%s at byte %d", s.Error(), s.Offset)
	}
	return "it cannot be read"
}
