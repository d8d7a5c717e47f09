package dbtest

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

func testValues(t *testing.T, ctx context.Context) {
	zone := time.FixedZone("east", 5*3600+1800)
	released := time.Date(1953, 11, 3, 20, 15, 0, 123456789, zone)
	f := film("tokyo-story")
	f.Genre, f.Rating, f.Released = new("Drama"), new(8.1), &released
	f.Poster = []byte{0, 1, 255, '\'', 0}
	want.NoErr(t, reel.Films.Insert(ctx, f))
	if f.ID == 0 {
		t.Fatal("got no key after Insert")
	}
	got, err := reel.Films.Get(ctx, f.ID)
	want.NoErr(t, err)
	wanted := *f
	wanted.Released = new(released.UTC().Truncate(time.Microsecond))
	want.Equal(t, got, &wanted)
}

// naughty are texts that have broken databases, drivers and query builders.
var naughty = []string{
	"", " ", "'", "''", `"`, `\`, `\'`, "%", "_", "!", "!%", "?", "$1", ":a", "@a", ";", "--", "/*", "*/", "#",
	"'; DROP TABLE films; --", "1 OR 1=1", "' OR ''='", "Robert'); DROP TABLE students;--",
	"NULL", "null", "nil", "undefined", "true", "0", "-1", "1e1000", "0x0", "00123", "1/0", "NaN",
	"\t", "\n", "\r\n", "\x01\x02\x7f", "\u0085\u00a0\u2028\u2029", "\ufeff", "\ufffd",
	"Ω≈ç√∫˜µ≤", "田中さんにあげて下さい", "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀", "הָיְתָה testالصفحات", "👾 🙇 👩‍👩‍👧‍👦 🇺🇸", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
	"\u202etest\u202c", "ｅ\u0301é", "ＳＣＲＩＰＴ", "<script>alert(1)</script>", "{{.}}", "%s%n%d", "$(rm -rf /)", "../../etc/passwd",
	"ǅ ß ẞ ı İ ſ", strings.Repeat("x", 100_000),
}

func testTexts(t *testing.T, ctx context.Context) {
	for _, s := range naughty {
		want.NoErr(t, reel.Settings.Insert(ctx, &reel.Setting{Name: "key " + s, Value: s}))
		got, err := reel.Settings.Where(reel.Settings.Value.Eq(s)).First(ctx)
		if err != nil || got.Value != s || got.Name != "key "+s {
			t.Errorf("%.40q: got %+v, %v", s, got, err)
		}
		if len(s) > 200 || s == "" {
			continue
		}
		want.NoErr(t, reel.Settings.Insert(ctx, &reel.Setting{Name: "in " + s, Value: "<" + s + ">"}))
		for _, cond := range []db.Cond{
			reel.Settings.Value.Contains(s), reel.Settings.Value.HasPrefix("<" + s), reel.Settings.Value.HasSuffix(s + ">"),
			reel.Settings.Value.In("<"+s+">", "other"),
		} {
			n, err := reel.Settings.Where(reel.Settings.Name.Eq("in "+s), cond).Count(ctx)
			if err != nil || n != 1 {
				t.Errorf("%q: got %d rows, %v, want 1", s, n, err)
			}
		}
		for _, wild := range []string{"<%>", "<" + strings.Repeat("_", len(s)) + ">"} {
			if n, err := reel.Settings.Where(reel.Settings.Value.Contains(wild), reel.Settings.Name.Eq("in "+s)).Count(ctx); err != nil || n != 0 && !strings.Contains("<"+s+">", wild) {
				t.Errorf("%q contains %q: got %d rows, %v, want 0", s, wild, n, err)
			}
		}
	}
}

func testRefusedValues(t *testing.T, ctx context.Context) {
	for name, write := range map[string]func(*reel.Film){
		"invalid UTF-8": func(f *reel.Film) { f.Title = "a\xffb" },
		"half a rune":   func(f *reel.Film) { f.Genre = new("\xe7\x94") },
		"surrogate":     func(f *reel.Film) { f.Title = "\xed\xa0\x80" },
		"NUL":           func(f *reel.Film) { f.Title = "a\x00b" },
		"NaN":           func(f *reel.Film) { f.Rating = new(math.NaN()) },
		"infinity":      func(f *reel.Film) { f.Rating = new(math.Inf(-1)) },
		"year 10000":    func(f *reel.Film) { f.CreatedAt = day(10000, 1, 1) },
		"year 0":        func(f *reel.Film) { f.CreatedAt = day(0, 12, 31) },
	} {
		f := film(name)
		write(f)
		err := reel.Films.Insert(ctx, f)
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: got %v, want an error of the kind invalid", name, err)
		}
	}
	_, err := reel.Films.Where(reel.Films.Title.Eq("\xff")).Count(ctx)
	want.Err(t, err, errs.Invalid)
	_, err = reel.Films.Where(reel.Films.Title.Contains(strings.Repeat("x", 100_000))).Count(ctx)
	want.Err(t, err, errs.Invalid)
	_, err = db.Exec(ctx, "UPDATE films SET title = ?", "\x00")
	want.Err(t, err, errs.Invalid)
	want.Equal(t, count(t, ctx), 0)
}

func testNulls(t *testing.T, ctx context.Context) {
	full := &reel.Setting{Name: "full", Small: new(uint8(255)), Flag: new(false), Blob: new([]byte{})}
	bare := &reel.Setting{Name: "bare"}
	want.NoErr(t, reel.Settings.Insert(ctx, full, bare))
	for _, wanted := range []*reel.Setting{full, bare} {
		got, err := reel.Settings.Get(ctx, wanted.Name)
		want.NoErr(t, err)
		want.Equal(t, got, wanted)
	}
	s := reel.Settings
	for _, test := range []struct {
		cond db.Cond
		want string
	}{
		{s.Small.IsNull(), "bare"}, {s.Small.NotNull(), "full"}, {s.Small.Eq(255), "full"},
		{s.Flag.IsNull(), "bare"}, {s.Flag.NotNull(), "full"}, {s.Flag.Eq(false), "full"},
		{s.Blob.IsNull(), "bare"}, {s.Blob.NotNull(), "full"}, {s.Blob.Eq(nil), "full"},
		{db.Not(s.Flag.IsNull()), "full"},
	} {
		got, err := s.Where(test.cond).All(ctx)
		if err != nil || len(got) != 1 || got[0].Name != test.want {
			t.Errorf("got %v, %v, want %s", got, err, test.want)
		}
	}
	n, err := s.Where(s.Small.NE(1)).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1) // a NULL is not unequal
	_, err = s.Where(s.Name.Eq("full")).Update(ctx, s.Small.SetNull(), s.Flag.SetNull(), s.Blob.SetNull())
	want.NoErr(t, err)
	n, err = s.Where(s.Small.IsNull(), s.Flag.IsNull(), s.Blob.IsNull()).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 2)
}

func testNumbers(t *testing.T, ctx context.Context) {
	for i, n := range []int64{0, -1, math.MaxInt64, math.MinInt64, math.MaxInt32 + 1, 1 << 53, 1<<53 + 1} {
		o := &reel.Order{ID: int64(i) + 1, Total: reel.Cents(n)}
		want.NoErr(t, reel.Orders.Insert(ctx, o))
		got, err := reel.Orders.Where(reel.Orders.Total.Eq(reel.Cents(n))).First(ctx)
		want.NoErr(t, err)
		want.Equal(t, got, o)
	}
	for i, f := range []float64{0, 1, -2, 0.1, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e15 + 0.3, 123456789.123456789} {
		m := film(string(rune('a' + i)))
		m.Rating = &f
		want.NoErr(t, reel.Films.Insert(ctx, m))
		got, err := reel.Films.Where(reel.Films.Rating.Eq(f)).First(ctx)
		want.NoErr(t, err)
		want.Equal(t, *got.Rating, f)
	}
	for _, f := range []float32{0.1, math.MaxFloat32, math.SmallestNonzeroFloat32, 16777217} {
		want.NoErr(t, reel.Settings.Insert(ctx, &reel.Setting{Name: "ratio", Weight: f, Timeout: time.Duration(math.MinInt64)}))
		got, err := reel.Settings.Get(ctx, "ratio")
		want.NoErr(t, err)
		want.Equal(t, got.Weight, f)
		want.Equal(t, got.Timeout, time.Duration(math.MinInt64))
		_, err = reel.Settings.Everywhere().Delete(ctx)
		want.NoErr(t, err)
	}
	// What somebody else wrote and the field cannot hold is an error, not a
	// smaller number.
	want.NoErr(t, reel.Settings.Insert(ctx, &reel.Setting{Name: "foreign"}))
	_, err := db.Exec(ctx, "UPDATE settings SET small = 256")
	want.NoErr(t, err)
	_, err = reel.Settings.Get(ctx, "foreign")
	if err == nil {
		t.Error("got 256 in a uint8, want an error")
	} else {
		want.Equal(t, err.Error(), "db: read settings.small: got 256, want an unsigned integer of 8 bits")
	}
}
