package validate_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

type wrongHook struct{ A int }

func (wrongHook) Validate() error { return nil }

type hooked struct{ A int }

func (*hooked) Validate(context.Context) error { return nil }

type hookedToo struct{ A int }

func (hookedToo) Validate(context.Context) error { return nil }

type tree map[string]tree

type loop *loop

// mistakes has one of each kind; the golden file shows what is said of them.
type mistakes struct {
	Unknown   string         `validate:"requird"`
	Far       string         `validate:"zebra"`
	NoSize    string         `validate:"max=many"`
	Negative  []int          `validate:"min=-1"`
	Range     int8           `validate:"max=300"`
	Float     float64        `validate:"gt=NaN"`
	Swapped   int            `validate:"between=5 1"`
	One       int            `validate:"between=5"`
	Three     int            `validate:"between=1 2 3"`
	Without   int            `validate:"min"`
	With      string         `validate:"email=x"`
	Both      string         `validate:"required,optional"`
	Required  string         `validate:"required=true"`
	Mail      int            `validate:"email"`
	Length    int            `validate:"len=3"`
	Above     string         `validate:"gt=3"`
	Each      string         `validate:"each(max=3)"`
	Unique    []*int         `validate:"unique"`
	Map       map[string]int `validate:"unique"`
	Pattern   string         `validate:"pattern='a)(b'"`
	Other     string         `validate:"eqfield=Gone"`
	OtherType string         `validate:"eqfield=Length"`
	Func      func()         `validate:"nefield=Gone"`
	Twice     string         `validate:"max=3,max=4"`
	Syntax    string         `validate:"max=3;min=1"`
	Quote     string         `validate:"prefix='a"`
	Closed    string         `validate:"prefix=a)"`
	Empty     string         `validate:"required,,max=3"`
	hidden    string         `validate:"required"`
	Nested    []struct {
		Deep string `validate:"slugg"`
	}
	Hook wrongHook
	Tree tree
	Loop loop
}

func TestPlanMistakes(t *testing.T) {
	t.Parallel()
	_, err := validate.For(reflect.TypeFor[mistakes]())
	golden.Equal(t, "mistakes.txt", err.Error()+"\n")
	list, ok := err.(errs.List)
	if !ok {
		t.Fatalf("got %T, want errs.List", err)
	}
	for _, e := range list {
		s, ok := e.(*errs.Setup)
		if !ok || !strings.HasPrefix(s.Code, "A14") || s.Where == "" || s.Mend == "" {
			t.Errorf("got %#v, want a *errs.Setup with code, place and mend", e)
		}
	}
	_ = mistakes{}.hidden
}

func TestPlanOf(t *testing.T) {
	t.Parallel()
	var v validate.Validator
	one, err := v.Plan(reflect.TypeFor[point]())
	want.NoErr(t, err)
	two, err := v.Plan(reflect.TypeFor[**point]())
	want.NoErr(t, err)
	want.Equal(t, one == two, true)

	for _, typ := range []reflect.Type{nil, reflect.TypeFor[int](), reflect.TypeFor[[]point](), reflect.TypeFor[loop]()} {
		_, err := v.Plan(typ)
		s, ok := errors.AsType[*errs.Setup](err)
		if !ok || s.Code != "A1409" {
			t.Errorf("got error %v for %v, want a *errs.Setup with code A1409", err, typ)
		}
	}
}

func TestPlanRefusesEmbedding(t *testing.T) {
	t.Parallel()
	type small interface{ Validate(context.Context) error }
	type wrapped struct{ *hooked }
	tests := map[string]reflect.Type{
		"nil": reflect.TypeFor[struct{ *hooked }](),
		"reached": reflect.TypeFor[struct {
			hooked
			hookedToo
		}](),
		"interface": reflect.TypeFor[struct{ small }](),
		"deep":      reflect.TypeFor[struct{ wrapped }](),
		"skipped": reflect.TypeFor[struct {
			*hooked `validate:"-"`
		}](),
	}
	for name, typ := range tests {
		_, err := validate.For(typ)
		s, ok := errors.AsType[*errs.Setup](err)
		if !ok || s.Code != "A1406" {
			t.Errorf("%s: got error %v, want a *errs.Setup with code A1406", name, err)
		}
	}
}

func TestFieldsAndNames(t *testing.T) {
	t.Parallel()
	type Page struct {
		Number int `query:"page" validate:"min=1"`
	}
	type in struct {
		ID       int    `path:"id"`
		Title    string `json:"titel,omitempty" form:"title" validate:"required,max=200"`
		UserID   int    `json:"-"`
		HTMLBody string
		Line2    []string `json:",omitempty" validate:"each(oneof=a 'b c')"`
		Page
		Named  Page   `json:"named"`
		Secret string `validate:"-"`
		hidden int
	}
	plan, err := validate.For(reflect.TypeFor[in]())
	want.NoErr(t, err)
	want.Equal(t, plan.Fields(), []validate.Field{
		{Name: "id", Index: []int{0}},
		{Name: "title", Index: []int{1}, Rules: []validate.Spec{{Name: "required"}, {Name: "max", Params: []string{"200"}}}},
		{Name: "user_id", Index: []int{2}},
		{Name: "html_body", Index: []int{3}},
		{Name: "line2", Index: []int{4}, Rules: []validate.Spec{{Name: "each", Each: []validate.Spec{{Name: "oneof", Params: []string{"a", "b c"}}}}}},
		{Name: "page", Index: []int{5, 0}, Rules: []validate.Spec{{Name: "min", Params: []string{"1"}}}},
		{Name: "named", Index: []int{6}},
	})
	_ = in{}.hidden

	names := map[string]string{"A": "a", "ID": "id", "UserID": "user_id", "HTMLBody": "html_body", "X1Y": "x1_y", "Snake_Case": "snake_case", "ÄÖ": "äö"}
	for field, name := range names {
		want.Equal(t, validate.FieldName(reflect.StructField{Name: field}), name)
	}
}

func TestCheckRefusesOtherTypes(t *testing.T) {
	t.Parallel()
	plan, err := validate.For(reflect.TypeFor[point]())
	want.NoErr(t, err)
	want.NoErr(t, plan.Check(t.Context(), point{}))
	for _, value := range []any{nil, (*point)(nil), 3, hooked{}, []point{}} {
		err := plan.Check(t.Context(), value)
		if err == nil || errors.Is(err, errs.Invalid) {
			t.Errorf("got error %v for %T, want one that is not the visitor's", err, value)
		}
	}
}
