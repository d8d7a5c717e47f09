package validate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

func multipleOf(params []string) (func(int64) bool, error) {
	var n int64
	if len(params) != 1 {
		return nil, fmt.Errorf("takes a number, got %d parameters", len(params))
	}
	if _, err := fmt.Sscan(params[0], &n); err != nil || n < 1 {
		return nil, fmt.Errorf("takes a number of 1 or more, got %q", params[0])
	}
	return func(v int64) bool { return v%n == 0 }, nil
}

func TestCustomRules(t *testing.T) {
	t.Parallel()
	v, err := validate.New(validate.Config{Rules: []validate.Rule{
		validate.NewRule("upper", "Must be upper case.", func(s string) bool { return strings.ToUpper(s) == s }),
		validate.NewParamRule("multiple", "Must be a multiple of {0}.", multipleOf),
		validate.NewRule("even", "Must be even.", func(n uint64) bool { return n%2 == 0 }),
		validate.NewRule("whole", "Must be whole.", func(x float64) bool { return x == float64(int(x)) }),
		validate.NewRule("on_axis", "Must be on an axis.", func(p point) bool { return p.X == 0 || p.Y == 0 }),
		validate.NewRule("low", "Must be low.", func(l level) bool { return l < 3 }),
	}})
	want.NoErr(t, err)
	tests := []struct {
		tag       string
		good, bad any
	}{
		{"upper", slugName("AB"), "ab"},
		{"multiple=5", int8(10), 11},
		{"even", uint8(2), uint(3)},
		{"whole", float32(2), 2.5},
		{"on_axis", point{0, 1}, point{1, 1}},
		{"each(on_axis)", map[string]point{"a": {0, 1}}, []point{{1, 1}}},
		{"low", level(2), level(3)},
		{"optional,upper", ptr("A"), ptr("a")},
	}
	for _, tt := range tests {
		want.Equal(t, breaks(t, v, tt.tag, tt.good), "")
		name, _, _ := strings.Cut(strings.TrimSuffix(tt.tag[strings.LastIndexAny(tt.tag, ",(")+1:], ")"), "=")
		want.Contains(t, breaks(t, v, tt.tag, tt.bad), ": "+name)
	}
	got := v.Struct(t.Context(), structOf("multiple=5", 3).Interface())
	want.Equal(t, got, error(validate.Errors{{Field: "f", Rule: "multiple", Param: "5", Message: "Must be a multiple of 5."}}))

	var problems errs.List
	for tag, value := range map[string]any{"multiple=0": 1, "multiple": 1, "multiple=3": "a", "upper=a": "a", "uper": "a", "low": 1, "on_axis": line{}} {
		_, err := v.Plan(structOf(tag, value).Type())
		problems.Add(err)
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	golden.Equal(t, "custom_mistakes.txt", problems.Error()+"\n")
}

func TestNewRefusesRules(t *testing.T) {
	t.Parallel()
	yes := func(string) bool { return true }
	_, err := validate.New(validate.Config{Rules: []validate.Rule{
		validate.NewRule("max", "M.", yes),
		validate.NewRule("each", "M.", yes),
		validate.NewRule("mine", "M.", yes),
		validate.NewRule("mine", "M.", yes),
		validate.NewRule("My-Rule", "M.", yes),
		validate.NewRule("", "M.", yes),
		validate.NewRule("silent", "", yes),
		validate.NewRule[string]("idle", "M.", nil),
		validate.NewParamRule[string]("idle2", "M.", nil),
		{},
	}})
	golden.Equal(t, "rule_mistakes.txt", err.Error()+"\n")
	s, ok := errors.AsType[*errs.Setup](err)
	want.Equal(t, ok && s.Code == "A1408", true)
}

func TestEveryRuleHasAMessage(t *testing.T) {
	t.Parallel()
	keys := validate.Keys()
	want.Equal(t, slices.IsSorted(keys), true)
	asked := validate.MessageKeys()
	for _, key := range asked {
		if !slices.Contains(keys, key) {
			t.Errorf("got no message for %q", key)
		}
	}
	want.Equal(t, len(keys), len(asked)) // and no message without a rule
}

func TestMessages(t *testing.T) {
	t.Parallel()
	type lang struct{}
	v, err := validate.New(validate.Config{Messages: func(ctx context.Context, key string, params []string) string {
		if ctx.Value(lang{}) != "de" || key == "required" {
			return ""
		}
		return key + "|" + strings.Join(params, "|")
	}})
	want.NoErr(t, err)
	message := func(ctx context.Context, tag string, value any) string {
		err := v.Struct(ctx, structOf(tag, value).Interface())
		return err.(validate.Errors).For("f") //nolint:errorlint // the type is promised
	}
	tests := []struct {
		tag             string
		value           any
		english, german string
	}{
		{"required", "", "This field is required.", "This field is required."},
		{"max=200", strings.Repeat("ä", 201), "Must be at most 200 characters.", "max.string|200"},
		{"min=1", "", "Must be at least 1 character.", "min.string|1"},
		{"max=1", []int{1, 2}, "Must have at most 1 item.", "max.list|1"},
		{"max=9", 10, "Must be 9 or less.", "max.number|9"},
		{"between=1 5", "", "Must be 1 to 5 characters.", "between.string|1|5"},
		{"gt=0", 0, "Must be more than 0.", "gt|0"},
		{"oneof=draft 'in stock'", "", "Must be one of: draft, in stock.", "oneof|draft|in stock"},
		{"prefix='{1} '", "", "Must begin with {1} .", "prefix|{1} "},
	}
	for _, tt := range tests {
		want.Equal(t, message(t.Context(), tt.tag, tt.value), tt.english)
		want.Equal(t, message(context.WithValue(t.Context(), lang{}, "de"), tt.tag, tt.value), tt.german)
	}

	all := validate.Keys()
	var sentences strings.Builder
	for _, key := range all {
		fmt.Fprintln(&sentences, key)
	}
	golden.Equal(t, "keys.txt", sentences.String())
}

func TestErrors(t *testing.T) {
	t.Parallel()
	var e validate.Errors
	want.NoErr(t, e.Err())
	e.Add("title", "required", "This field is required.")
	e.Add("title", "odd", "Odd.")
	e.Add("", "stock", "Nothing left.")
	want.Err(t, fmt.Errorf("order: %w", e.Err()), errs.Invalid)
	want.Equal(t, errors.Is(e, errs.NotFound), false)
	want.Equal(t, errs.KindOf(fmt.Errorf("order: %w", e)), errs.Invalid)
	want.Equal(t, errs.Message(e), "")
	want.Equal(t, e.For("title"), "This field is required.")
	want.Equal(t, e.For("other"), "")
	want.Equal(t, e.Map(), map[string][]string{"title": {"This field is required.", "Odd."}, "": {"Nothing left."}})
	want.Equal(t, e.Error(), "validate: title: required; title: odd; stock")
	for range 9 {
		e.Add("f", "max", "")
	}
	want.Contains(t, e.Error(), "; f: max; and 2 more")
}
