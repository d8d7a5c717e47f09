package validate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

type line struct {
	Film     string `json:"film" validate:"required"`
	Quantity int    `json:"quantity" validate:"min=1,max=9"`
}

type order struct {
	Email  string `json:"email" validate:"required,email"`
	Lines  []line `json:"lines" validate:"min=1"`
	Parts  map[string]*line
	Rows   [][]line
	Gift   *line
	Next   *order
	Closed time.Time
	check  func(context.Context, *order) error
}

func (o *order) Validate(ctx context.Context) error {
	if o.check != nil {
		return o.check(ctx, o)
	}
	return nil
}

func good() order { return order{Email: "a@b.example", Lines: []line{{"m", 1}}} }

func TestPaths(t *testing.T) {
	t.Parallel()
	bad := line{"", 1}
	tests := []struct {
		name string
		edit func(*order)
		want string
	}{
		{"valid", func(o *order) {}, ""},
		{"several", func(o *order) { o.Email = ""; o.Lines = append(o.Lines, line{"", 10}) },
			"email: required; lines[1].film: required; lines[1].quantity: max 9"},
		{"pointer", func(o *order) { o.Gift = &bad }, "gift.film: required"},
		{"rows", func(o *order) { o.Rows = [][]line{{}, {bad}} }, "rows[1][0].film: required"},
		{"map, sorted", func(o *order) { o.Parts = map[string]*line{"b": &bad, "a": &bad, "c": nil} },
			"parts[a].film: required; parts[b].film: required"},
		{"map, hostile key", func(o *order) { o.Parts = map[string]*line{"<script>": &bad, strings.Repeat("k", 65): &bad, "": &bad} },
			"parts[*].film: required; parts[*].film: required; parts[*].film: required"},
		{"map, key without UTF-8", func(o *order) { o.Parts = map[string]*line{"\xff": nil} }, "parts[*]: utf8"},
		{"recursive", func(o *order) { n := good(); n.Email = "x"; o.Next = &n }, "next.email: email"},
	}
	var v validate.Validator
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := good()
			tt.edit(&o)
			for range 3 { // a map has another order each time
				got := ""
				if err := v.Struct(t.Context(), &o); err != nil {
					got = strings.TrimPrefix(err.Error(), "validate: ")
				}
				want.Equal(t, got, tt.want)
			}
		})
	}
}

type base struct {
	Name string `validate:"required"`
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	type Extra struct {
		Note string `validate:"max=3"`
	}
	type outer struct {
		base
		*Extra
		Named base `json:"named"`
	}
	var v validate.Validator
	want.NoErr(t, v.Struct(t.Context(), &outer{base: base{"a"}, Named: base{"b"}}))
	err := v.Struct(t.Context(), &outer{Extra: &Extra{"long"}})
	want.Equal(t, err.Error(), "validate: name: required; note: max 3; named.name: required")
}

type Counted struct {
	Calls *int
	Fail  string
}

func (c Counted) Validate(context.Context) error {
	*c.Calls++
	if c.Fail != "" {
		return validate.Fail("fail", "odd", c.Fail)
	}
	return nil
}

func TestPromotedMethodRunsOnce(t *testing.T) {
	t.Parallel()
	type outer struct {
		Counted
		Inner []Counted
	}
	var v validate.Validator
	var calls int
	want.NoErr(t, v.Struct(t.Context(), outer{Counted: Counted{Calls: &calls}, Inner: []Counted{{Calls: &calls}}}))
	want.Equal(t, calls, 2)
	err := v.Struct(t.Context(), &outer{Counted: Counted{Calls: &calls, Fail: "Odd."}})
	want.Equal(t, err.Error(), "validate: fail: odd")
	err = v.Struct(t.Context(), &outer{Counted: Counted{Calls: &calls}, Inner: []Counted{{Calls: &calls, Fail: "Odd."}}})
	want.Equal(t, err, error(validate.Errors{{Field: "inner[0].fail", Rule: "odd", Message: "Odd."}}))
}

type isbn string

func (i isbn) Validate(context.Context) error {
	if len(i) != 13 {
		return validate.Fail("", "isbn", "Must be an ISBN.")
	}
	return nil
}

// A type that is no struct checks itself as well, in maps too.
func TestMethodOfOtherTypes(t *testing.T) {
	t.Parallel()
	type book struct {
		ISBN *isbn
		Also map[string]isbn
	}
	var v validate.Validator
	short := isbn("1")
	err := v.Struct(t.Context(), &book{ISBN: &short, Also: map[string]isbn{"a": "2", "b": "9783161484100"}})
	want.Equal(t, err.Error(), "validate: isbn: isbn; also[a]: isbn")
	want.NoErr(t, v.Struct(t.Context(), &book{}))
}

func TestValidateMethod(t *testing.T) {
	t.Parallel()
	full := errs.Conflict.New("Sold out.")
	type key struct{}
	tests := []struct {
		name  string
		check func(context.Context, *order) error
		want  string
		is    error
	}{
		{"nil", func(context.Context, *order) error { return nil }, "", nil},
		{"empty list", func(context.Context, *order) error { return validate.Errors{} }, "", nil},
		{"fail", func(context.Context, *order) error {
			return validate.Fail("lines[0].quantity", "stock", "Only 3 left.")
		},
			"validate: next.lines[0].quantity: stock", errs.Invalid},
		{"whole", func(context.Context, *order) error { return validate.Fail("", "odd", "Odd.") }, "validate: next: odd", errs.Invalid},
		{"joined", func(context.Context, *order) error {
			return errors.Join(validate.Fail("a", "x", "X."), validate.Fail("b", "y", "Y."))
		}, "validate: next.a: x; next.b: y", errs.Invalid},
		{"another error", func(context.Context, *order) error { return full }, "Sold out.", errs.Conflict},
		{"joined with another", func(context.Context, *order) error { return errors.Join(validate.Fail("a", "x", "X."), full) },
			"validate: a: x\nSold out.", full},
		{"context", func(ctx context.Context, _ *order) error { return ctx.Value(key{}).(error) }, "Sold out.", full},
	}
	var v validate.Validator
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inner, o := good(), good()
			inner.check, o.Next = tt.check, &inner
			err := v.Struct(context.WithValue(t.Context(), key{}, full), &o)
			if tt.want == "" {
				want.NoErr(t, err)
				return
			}
			want.Equal(t, err.Error(), tt.want)
			want.Err(t, err, tt.is)
		})
	}
}

// A Validate method may rely on the rules of everything below it.
func TestValidateMethodAfterRules(t *testing.T) {
	t.Parallel()
	var v validate.Validator
	o := good()
	o.check = func(context.Context, *order) error { t.Error("got a call, want none for broken rules"); return nil }
	o.Lines[0].Quantity = 0
	want.Err(t, v.Struct(t.Context(), &o), errs.Invalid)

	// The list that a method returns stays as it was.
	shared := validate.Fail("email", "taken", "Taken.")
	o, inner := good(), good()
	o.Next, inner.check = &inner, func(context.Context, *order) error { return shared }
	for range 2 {
		want.Equal(t, v.Struct(t.Context(), &o).Error(), "validate: next.email: taken")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	v, err := validate.New(validate.Config{MaxDepth: 3, MaxElements: 5, MaxErrors: 2})
	want.NoErr(t, err)
	chain := func(n int) *order {
		o := good()
		for range n {
			next := o
			o = good()
			o.Next = &next
		}
		return &o
	}
	self := good()
	self.Next = &self
	bad := good()
	bad.Lines = make([]line, 3)
	wide := good()
	wide.Lines = make([]line, 6)
	rows := good()
	rows.Rows = [][]line{{{"a", 1}}, {{"a", 1}, {"b", 1}}} // 1 line, 2 rows, 3 lines
	tests := []struct {
		name string
		in   *order
		want string
	}{
		{"plain", chain(0), ""},
		{"deepest", chain(1), ""},
		{"deep", chain(2), "validate: next.next.lines[0]: depth"},
		{"endless", &self, "validate: next.next.lines[0]: depth; next.next.next.lines: depth"},
		{"errors", &bad, "validate: lines[0].film: required; lines[0].quantity: min 1"},
		{"elements", &wide, "validate: lines: elements"},
		{"elements together", &rows, "validate: rows[1]: elements"},
	}
	for _, tt := range tests {
		got := ""
		if err := v.Struct(t.Context(), tt.in); err != nil {
			got = err.Error()
		}
		want.Equal(t, fmt.Sprintf("%s: %s", tt.name, got), tt.name+": "+tt.want)
	}

	// By default a value that holds itself ends as well.
	var std validate.Validator
	type knot struct {
		Name string
		*knot
	}
	k := &knot{Name: "a"}
	k.knot = k
	want.Err(t, std.Struct(t.Context(), k), errs.Invalid)
}

func TestConcurrent(t *testing.T) {
	t.Parallel()
	var v validate.Validator
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			o := good()
			if err := v.Struct(t.Context(), &o); err != nil {
				t.Errorf("got error %v, want none", err)
			}
			o.Email = ""
			want.Err(t, v.Struct(t.Context(), &o), errs.Invalid)
		})
	}
	wg.Wait()
}
