package validate

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Messages returns the sentence for a broken rule, in the language of ctx, or
// "" for the English one. The key is the rule's name, followed by ".string",
// ".number" or ".list" where the rule means another thing for each; [Keys]
// lists all. The params are those of the tag; that of eqfield and nefield is
// the other field's name in paths.
type Messages func(ctx context.Context, key string, params []string) string

// english has the sentences. {0} is the first parameter; {0 character} puts
// the word in the plural unless the parameter is 1; {*} is all of them.
var english = map[string]string{
	"required": "This field is required.",
	"utf8":     "Must be valid text.",
	"depth":    "Is nested too deeply.",
	"elements": "Has too many items.",

	"min.string": "Must be at least {0 character}.", "min.number": "Must be {0} or more.", "min.list": "Must have at least {0 item}.",
	"max.string": "Must be at most {0 character}.", "max.number": "Must be {0} or less.", "max.list": "Must have at most {0 item}.",
	"len.string": "Must be exactly {0 character}.", "len.list": "Must have exactly {0 item}.",
	"between.string": "Must be {0} to {1 character}.", "between.number": "Must be between {0} and {1}.", "between.list": "Must have {0} to {1 item}.",
	"gt": "Must be more than {0}.", "gte": "Must be {0} or more.",
	"lt": "Must be less than {0}.", "lte": "Must be {0} or less.",

	"oneof":    "Must be one of: {*}.",
	"eqfield":  "Must be the same as {0}.",
	"nefield":  "Must be different from {0}.",
	"unique":   "Must not have the same item twice.",
	"email":    "Must be an email address.",
	"url":      "Must be a web address that begins with http:// or https://.",
	"slug":     "Must be lower-case letters and digits, with single hyphens between them.",
	"alpha":    "Must be letters only.",
	"alphanum": "Must be letters and digits only.",
	"digits":   "Must be digits only.",
	"uuid":     "Must be a UUID.",
	"date":     "Must be a date such as 2006-01-02.",
	"ip":       "Must be an IP address.",
	"hostname": "Must be a host name.",
	"pattern":  "Does not have the right form.",
	"prefix":   "Must begin with {0}.",
	"suffix":   "Must end with {0}.",
	"contains": "Must contain {0}.",
	"text":     "Must not have control characters.",
	"line":     "Must be a single line.",
}

// Keys returns the keys of all built-in messages, sorted, so that a catalogue
// of translations can be checked for gaps.
func Keys() []string { return slices.Sorted(maps.Keys(english)) }

// render fills the places of a sentence.
func render(sentence string, params []string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		place, after, _ := strings.Cut(rest, "}")
		sentence = after
		if place == "*" {
			b.WriteString(strings.Join(params, ", "))
			continue
		}
		number, noun, _ := strings.Cut(place, " ")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(params) {
			b.WriteString("{" + place + "}") // not a place: text of a custom rule
			continue
		}
		b.WriteString(params[i])
		if noun != "" {
			b.WriteString(" " + noun)
			if params[i] != "1" {
				b.WriteByte('s')
			}
		}
	}
}
