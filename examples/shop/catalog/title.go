package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// title returns the title as the shop shows it, or the reason to drop the film:
// nobody can look for, or buy, a film without a title.
func (c *cleaner) title(raw json.RawMessage) (string, Reason) {
	name := func(title string) string { return fmt.Sprintf("record %d %q", c.report.Read, title) }
	var text string
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0 || string(raw) == "null":
		return "", noTitle
	case raw[0] == '"':
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", wrongType
		}
	case isDigits(raw): // 1776, 300, 9: films whose title happens to look like a number
		text = string(raw)
		c.report.mend(titleNumber, name(text))
	default:
		return "", wrongType
	}
	if tidy := tidySpaces(text); tidy != text {
		c.report.mend(titleSpaces, name(tidy))
		text = tidy
	}
	if decoded := decodeAgain(text); decoded != text {
		c.report.mend(titleEncoding, fmt.Sprintf("%s is %q", name(text), decoded))
		text = decoded
	}
	if moved := articleFirst(text); moved != text {
		c.report.mend(titleArticle, name(moved))
		text = moved
	}
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", noTitle
	case n > MaxTitle:
		return "", titleTooLong
	}
	return text, ""
}

// withoutYear turns "King Kong (1933)" of the year 1933 into "King Kong": the
// shop prints the year beside the title. Another number stays, it means
// something else.
func (c *cleaner) withoutYear(title string, year int) string {
	short, found := strings.CutSuffix(title, " ("+strconv.Itoa(year)+")")
	if !found || short == "" {
		return title
	}
	c.report.mend(titleYear, fmt.Sprintf("record %d %q", c.report.Read, title))
	return short
}

// tidySpaces replaces each run of white space and control characters by one
// space and takes it off both ends.
func tidySpaces(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}), " ")
}

// macRoman maps the characters of the file that come from a text in
// Windows-1252 which somebody read as Mac OS Roman: byte E9 is é in the one and
// È in the other. Only the twelve that occur are here, each checked against the
// film it stands in ("LÈon", "DÈj‡ Vu", "The Naked Gun 2Ω"); what is not among
// them ("Alien³", "Ri¢hie Ri¢h") is as it should be.
var macRoman = strings.NewReplacer(
	"È", "é", "Ë", "è", "Í", "ê", "Î", "ë", "‡", "à", "·", "á",
	"‰", "ä", "Û", "ó", "Ù", "ô", "˘", "ù", "Ö", "…", "Ω", "½",
)

func decodeAgain(title string) string { return macRoman.Replace(title) }

// articleFirst turns "Secret, The" into "The Secret", the form of the other
// 3,000 titles.
func articleFirst(title string) string {
	for _, article := range []string{"The", "A", "An"} {
		if rest, ok := strings.CutSuffix(title, ", "+article); ok && rest != "" {
			return article + " " + rest
		}
	}
	return title
}

// slug returns the film's name in URLs: words of a to z and 0 to 9 with single
// hyphens, then the year, which tells remakes apart: "deja-vu-2006".
func slug(title string, year int) string {
	words := slugWords(title)
	if words == "" { // a title in another script, or "?": any stable name will do
		h := fnv.New32a()
		h.Write([]byte(title))
		words = "film-" + strconv.FormatUint(uint64(h.Sum32()), 16)
	}
	if year == 0 {
		return words + "-undated"
	}
	return words + "-" + strconv.Itoa(year)
}

// plain gives letters with accents, and signs that are read out, their form in
// a slug. An apostrophe vanishes, so that "Hell's" is one word.
var plain = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "æ", "ae", "ç", "c", "è", "e", "é", "e",
	"ê", "e", "ë", "e", "ì", "i", "í", "i", "î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o",
	"õ", "o", "ö", "o", "ø", "o", "ù", "u", "ú", "u", "û", "u", "ü", "u", "ý", "y", "ÿ", "y", "ß", "ss",
	"œ", "oe", "³", "3", "½", " 1 2", "¢", "c", "&", " and ", "+", " and ", "'", "", "’", "",
)

func slugWords(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range plain.Replace(strings.ToLower(title)) {
		if r < '0' || r > '9' && r < 'a' || r > 'z' {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isDigits(raw []byte) bool {
	for _, b := range raw {
		if b < '0' || b > '9' {
			return false
		}
	}
	return len(raw) > 0
}
