package validate_test

import (
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

// structOf returns a pointer to a struct with one field F that has the tag and
// the value.
func structOf(tag string, value any) reflect.Value {
	t := reflect.StructOf([]reflect.StructField{{
		Name: "F", Type: reflect.TypeOf(value), Tag: reflect.StructTag(`validate:` + strconv.Quote(tag)),
	}})
	v := reflect.New(t)
	v.Elem().Field(0).Set(reflect.ValueOf(value))
	return v
}

// breaks returns the rules that value breaks, by path, in a text such as
// "f: max 3".
func breaks(t testing.TB, v *validate.Validator, tag string, value any) string {
	t.Helper()
	err := v.Struct(t.Context(), structOf(tag, value).Interface())
	if err == nil {
		return ""
	}
	list, ok := err.(validate.Errors)
	if !ok {
		t.Fatalf("%s: got error %v, want validate.Errors or none", tag, err)
	}
	return strings.TrimPrefix(list.Error(), "validate: ")
}

type (
	slugName string
	level    int8
	point    struct{ X, Y int }
)

func ptr[T any](v T) *T { return &v }

func TestRules(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	many := make([]int, 40)
	for i := range many {
		many[i] = i
	}
	twice := append([]int{39}, many...)
	tests := []struct {
		tag  string
		good []any
		bad  []any
	}{
		{"required", []any{"a", 1, true, []int{0}, map[string]int{"a": 0}, ptr(0), ptr(""), time.Unix(0, 0), point{X: 1}, 0.5},
			[]any{"", 0, false, []int{}, []int(nil), map[string]int{}, (*int)(nil), time.Time{}, time.Time{}.In(time.FixedZone("", 60)), point{}, 0.0}},
		{"optional,min=3", []any{"", "abc", 0, 3, []int(nil), (*int)(nil), ptr(0)}, []any{"a", 2, []int{1}, ptr(1)}},
		{"min=3", []any{"abc", "äöü", 3, int8(3), uint(4), 3.0, []int{1, 2, 3}, [3]int{}, (*string)(nil)}, []any{"", "äö", 2, -1, 2.9, nan, []int{}, ptr("a")}},
		{"max=3", []any{"", "äöü", 3, -9, uint8(3), 3.0, []byte("abc"), map[int]int{}}, []any{"abcd", 4, 3.1, nan, math.Inf(1), []int{1, 2, 3, 4}}},
		{"len=2", []any{"äö", []int{1, 2}, [2]int{}, slugName("ab")}, []any{"a", "abc", []int{}}},
		{"between=2 4", []any{"ab", 2, 4, 3.5, []int{1, 2}}, []any{"a", "abcde", 1, 5, 4.5, nan, []int{}}},
		{"gt=2", []any{3, 2.5, level(3)}, []any{2, 1, nan}},
		{"gte=2", []any{2, 3, 2.0}, []any{1, nan}},
		{"lt=2", []any{1, -5, 1.5}, []any{2, 3, nan}},
		{"lte=2", []any{2, 1}, []any{3, 2.5, nan}},
		{"min=1m30s,max=2h", []any{90 * time.Second, 2 * time.Hour}, []any{89 * time.Second, 3 * time.Hour}},
		{"oneof=draft 'in stock' 'it''s, so (ok)'", []any{"draft", "in stock", "it's, so (ok)", slugName("draft")}, []any{"", "Draft", "in", "it''s, so (ok)"}},
		{"oneof=1 2", []any{1, 2.0, uint8(1), "2"}, []any{0, 3, nan, "3"}},
		{"unique", []any{[]int{}, []int{1, 2}, []string{"a", "b"}, many, [2]point{{1, 2}, {2, 1}}}, []any{[]int{1, 1}, []string{"a", "b", "a"}, twice, []point{{}, {}}, [2]int{}}},
		{"slug", []any{"a", "a-b-9", slugName("x")}, []any{"", "-a", "a-", "a--b", "A", "ä", "a b", "a\n"}},
		{"alpha", []any{"abc", "Żółć", "e\u0301", "日本"}, []any{"", "a1", "a b", "a-b"}},
		{"alphanum", []any{"abc1", "é9", "٣"}, []any{"", "a b", "a_b"}},
		{"digits", []any{"0", "0123456789"}, []any{"", "٣", "-1", "1.0", "1\n"}},
		{"uuid", []any{"123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"},
			[]any{"", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}", "123e4567-e89b-12d3-a456-42661417400g", "123e4567-e89b-12d3-a456_426614174000"}},
		{"date", []any{"2024-02-29", "1999-12-31"}, []any{"", "2023-02-29", "2024-2-9", "2024-01-01T00:00:00Z", "01.02.2024", "2024-13-01"}},
		{"ip", []any{"127.0.0.1", "::1", "2001:db8::1", "::ffff:1.2.3.4"}, []any{"", "1.2.3", "01.2.3.4", "fe80::1%eth0", "[::1]", "1.2.3.4/8"}},
		{"hostname", []any{"a", "localhost", "EXAMPLE.org", "xn--bcher-kva.example", "3com.com", strings.Repeat("a.", 126) + "a"},
			[]any{"", ".", "a.", ".a", "a..b", "-a.b", "a-.b", "a_b", "1.2.3.4", "a.0x1F", "a.0x", "bücher.example", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "a", "a b"}},
		{"email", []any{"a@b.example", "first.last+tag@sub.example.org", "o'neil@example.org", strings.Repeat("a", 64) + "@example.org"},
			[]any{"", "a", "@b.c", "a@", "a@b", "a@b..c", "a@b.c.", ".a@b.c", "a.@b.c", "a..b@c.d", "a b@c.d", "a@b,c@d.e", "<a@b.c>", "Ann <a@b.c>", `"a b"@c.d`, "a@[1.2.3.4]", "a@1.2.3.4", "ä@b.c", "a@bü.c",
				"a@b.c\n", "a@b.c\r\nBcc: d@e.f", "a@@b.c", strings.Repeat("a", 65) + "@b.c", "a@" + strings.Repeat("b.", 126) + "cd"}},
		{"url", []any{"http://a", "https://example.org", "HTTPS://Example.org:8080/a/b?c=d#e", "http://1.2.3.4/", "http://[::1]:80/", "https://a.b/ü?q=ü", "https://a.b/%20", "https://a.b?x"},
			[]any{"", "example.org", "//a.b", "ftp://a.b", "javascript://a.b/%0aalert(1)", "http://", "http:///a", "http:/a.b", "http://a@b.c", "http://a:b@c.d", "http://a.b:0", "http://a.b:65536", "http://a.b:", "http://a.b:+1",
				"http://a b", "http://a.b/ c", "http://a.b/\n", "http://a.b/\\c", "http://a.b\\c", "http://a.b/\"", "http://a.b/%", "http://a.b/%2", "http://a.b/%zz", "http://[::1", "http://::1", "http://[1.2.3.4]", "http://[fe80::1%25eth0]/", "http://bücher.example", "http://a.0x7f", " http://a.b"}},
		{"pattern='[a-z]{2,4}|\\d'", []any{"ab", "abcd", "7"}, []any{"", "a", "abcde", "77", "ab\n", "xab7"}},
		{"prefix=ab", []any{"ab", "abc"}, []any{"", "a", "xab"}},
		{"suffix=ab", []any{"ab", "xab"}, []any{"", "abx"}},
		{"contains=', '", []any{"a, b"}, []any{"", "a,b"}},
		{"text", []any{"", "a\r\nb\tc\n", "Żółć\u2028"}, []any{"a\rb", "\x1b[31m", "a\u0085", "\x7f", "a\r"}},
		{"line", []any{"", "a b", "Żółć"}, []any{"a\n", "a\tb", "\x1b[31m", "a\u2028b", "a\u2029"}},
		{"each(max=3,alpha)", []any{[]string{}, []string{"abc"}, [1]string{"a"}, map[int]string{1: "a"}, []*string{nil, ptr("a")}}, []any{[]string{"abcd"}, []string{"a", "1"}, map[string]string{"k": "1"}, []*string{ptr("1")}}},
		{"each(required)", []any{[]*int{ptr(0)}, []int{1}}, []any{[]*int{nil}, []int{1, 0}}},
		{"max=2,each(max=2,each(slug))", []any{[][]string{{"a", "b"}}}, []any{[][]string{{"a", "B"}}, [][]string{{"a", "b", "c"}}, [][]string{{}, {}, {}}}},
		{"", []any{"", "a\n\x01", []byte{0xff}, map[string]string{"ä": "ö"}}, []any{"\xff", "a\x00b", []string{"a", "\xc3\x28"}, map[string]int{"\xff": 1}, map[int]string{1: "\xff"}, ptr("\xed\xa0\x80"), [][]string{{"\xff"}}}},
		{" required , max = 3 ", []any{"abc"}, []any{"", "abcd"}},
	}
	var v validate.Validator
	for _, tt := range tests {
		t.Run(tt.tag, func(t *testing.T) {
			t.Parallel()
			for _, value := range tt.good {
				if got := breaks(t, &v, tt.tag, value); got != "" {
					t.Errorf("got %q for %T %#v, want it valid", got, value, value)
				}
			}
			for _, value := range tt.bad {
				if got := breaks(t, &v, tt.tag, value); !strings.HasPrefix(got, "f") {
					t.Errorf("got %q for %T %#v, want it invalid", got, value, value)
				}
			}
		})
	}
}

// Of several broken rules a field says the first.
func TestFirstRuleOnly(t *testing.T) {
	t.Parallel()
	var v validate.Validator
	want.Equal(t, breaks(t, &v, "required,min=3,email", ""), "f: required")
	want.Equal(t, breaks(t, &v, "required,min=3,email", "a"), "f: min 3")
	want.Equal(t, breaks(t, &v, "required,min=3,email", "abc"), "f: email")
	want.Equal(t, breaks(t, &v, "max=1,email", "a\xff"), "f: utf8")
	want.Equal(t, breaks(t, &v, "max=1,each(slug)", []string{"A", "B"}), "f: max 1")
	want.Equal(t, breaks(t, &v, "each(slug)", []string{"A", "b", "C"}), "f[0]: slug; f[2]: slug")
}

func TestFieldComparison(t *testing.T) {
	t.Parallel()
	type form struct {
		Password string
		Repeat   string     `form:"password_again" validate:"eqfield=Password"`
		From     *time.Time `validate:"nefield=To"`
		To       time.Time
		Origin   point  `validate:"nefield=Target"`
		Target   *point `form:"goal"`
	}
	var v validate.Validator
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	elsewhere := noon.In(time.FixedZone("", 3600))
	tests := []struct {
		in   form
		want string
	}{
		{form{Password: "a", Repeat: "a", Target: &point{1, 1}}, ""},
		{form{Password: "a", Repeat: "b"}, "validate: password_again: eqfield password"},
		{form{From: &elsewhere, To: noon}, "validate: from: nefield to"},
		{form{From: &noon}, ""},
		{form{Target: &point{}}, "validate: origin: nefield goal"},
	}
	for _, tt := range tests {
		got := ""
		if err := v.Struct(t.Context(), &tt.in); err != nil {
			got = err.Error()
		}
		want.Equal(t, got, tt.want)
	}
}

// What the rule url lets through, net/url reads in the same way.
func FuzzURL(f *testing.F) {
	for _, s := range []string{"http://a.b:80/c?d#e", "https://[::1]/%20", "http://1.2.3.4", "http://a@b", "http://a\\b/"} {
		f.Add(s)
	}
	var v validate.Validator
	f.Fuzz(func(t *testing.T, s string) {
		if breaks(t, &v, "url", s) != "" {
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" {
			t.Fatalf("got %+v, %v for %q, want an absolute URL", u, err, s)
		}
		if host := u.Hostname(); breaks(t, &v, "hostname", host) != "" && breaks(t, &v, "ip", host) != "" {
			t.Fatalf("got host %q for %q, want a name or an address", host, s)
		}
	})
}
