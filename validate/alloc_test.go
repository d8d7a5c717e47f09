package validate_test

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

// everyRule has each built-in rule, on a value that keeps it.
type everyRule struct {
	Min      string        `validate:"required,min=2"`
	Max      string        `validate:"max=4"`
	Len      []int         `validate:"len=2"`
	Between  float64       `validate:"between=1 2"`
	GT       uint8         `validate:"gt=1"`
	GTE      time.Duration `validate:"gte=1s"`
	LT       *int          `validate:"lt=9"`
	LTE      float32       `validate:"lte=9"`
	OneOf    string        `validate:"oneof=a b"`
	OneOfN   int           `validate:"oneof=1 2"`
	EqField  string        `validate:"eqfield=OneOf"`
	NeField  string        `validate:"nefield=OneOf"`
	At       time.Time     `validate:"required,eqfield=AtToo"`
	AtToo    time.Time
	Unique   []string `validate:"unique,each(alpha)"`
	Email    string   `validate:"email"`
	URL      string   `validate:"url"`
	Slug     string   `validate:"slug"`
	Alphanum string   `validate:"alphanum"`
	Digits   string   `validate:"digits"`
	UUID     string   `validate:"uuid"`
	Date     string   `validate:"date"`
	IP       string   `validate:"ip"`
	Host     string   `validate:"hostname"`
	Text     string   `validate:"text"`
	Line     string   `validate:"line"`
	Pattern  string   `validate:"pattern='[a-z]+[0-9]{2}'"`
	Prefix   string   `validate:"prefix=a,suffix=c,contains=b"`
	None     string   `validate:"optional,email"`
}

// Not parallel: AllocsPerRun counts what other tests allocate as well.
func TestNoRuleAllocates(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	in := &everyRule{
		Min: "ab", Max: "äöüß", Len: []int{1, 2}, Between: 1.5, GT: 2, GTE: time.Minute, LT: ptr(3), LTE: 1, OneOf: "b", OneOfN: 2,
		EqField: "b", NeField: "c", At: at, AtToo: at, Unique: []string{"a", "b", "c"}, Email: "lulu@mail.example.org",
		URL: "https://example.org:8080/films/%20?s=1#top", Slug: "die-buechse", Alphanum: "é9", Digits: "007",
		UUID: "018f4d3c-7c5e-7c3e-8a2b-3c4d5e6f7a8b", Date: "2026-02-28", IP: "2001:db8::1", Host: "0xa.example.org",
		Text: "a line\r\nand another", Line: "one line", Pattern: "abc42", Prefix: "abc",
	}
	plan, err := new(validate.Validator).Plan(reflect.TypeFor[everyRule]())
	want.NoErr(t, err)
	ctx := t.Context()
	want.NoErr(t, plan.Check(ctx, in))
	want.Equal(t, testing.AllocsPerRun(200, func() { _ = plan.Check(ctx, in) }), 0.0)
}

// However many bytes a character has, a bound is one of characters.
func TestBoundsAreOfCharacters(t *testing.T) {
	t.Parallel()
	type bounded struct {
		Min string `json:"min" validate:"min=4"`
		Max string `json:"max" validate:"max=4"`
		Len string `json:"len" validate:"len=4"`
	}
	plan, err := validate.For(reflect.TypeFor[bounded]())
	want.NoErr(t, err)
	for _, character := range []string{"a", "ä", "€", "😀"} {
		for n := range 24 {
			s := strings.Repeat(character, n/3) + strings.Repeat("x", n%3)
			var broken []string
			runes := utf8.RuneCountInString(s)
			for _, c := range []struct {
				rule  string
				holds bool
			}{{"min", runes >= 4}, {"max", runes <= 4}, {"len", runes == 4}} {
				if !c.holds {
					broken = append(broken, c.rule)
				}
			}
			var got []string
			if err := plan.Check(t.Context(), &bounded{s, s, s}); err != nil {
				for _, e := range err.(validate.Errors) { //nolint:errorlint // Check returns it bare
					got = append(got, e.Rule)
				}
			}
			want.Equal(t, strings.Join(got, " "), strings.Join(broken, " "))
		}
	}
}
