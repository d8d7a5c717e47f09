package listing_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/listing"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

var (
	f     = reel.Films
	films = listing.New(
		listing.Sort("title", f.Title), listing.Sort("price", f.Price), listing.Sort("reviews", f.Reviews().Count()),
		listing.First("-price"),
		listing.Filter("title", f.Title.Contains),
		listing.Filter("max_price", f.Price.LTE),
		listing.Filter("in_shop", f.InShop.Eq),
		listing.Filter("rating", f.Rating.GTE),
		listing.Filter("since", f.Released.GTE),
		listing.Filter("bad", func(string) db.Cond { return f.Reviews().Any(reel.Reviews.Stars.LT(2)) }),
		listing.AnyOf("genre", f.Genre.In),
		listing.Sizes(20, 100),
	)
)

// statement returns the WHERE and ORDER BY of the films that c asks for.
func statement(t *testing.T, c listing.Choice) string {
	t.Helper()
	sql, err := f.Where(c.Conds...).OrderBy(c.Orders...).SQL()
	want.NoErr(t, err)
	_, tail, _ := strings.Cut(sql, ` FROM "films"`)
	return strings.TrimSpace(tail)
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ query, want string }{
		{"", `ORDER BY "price" DESC`},
		{"sort=title", `ORDER BY "title"`},
		{"sort=-title,price", `ORDER BY "title" DESC, "price"`},
		{"sort=&filter[title]=&size=&page=&utm_source=x", `ORDER BY "price" DESC`},
		{"filter[title]=a%25b", `WHERE "title" LIKE ? ESCAPE '!' ORDER BY "price" DESC`},
		{"filter[max_price]=500&filter[in_shop]=true", `WHERE "in_shop" = ? AND "price" <= ? ORDER BY "price" DESC`},
		{"filter[genre]=Drama&filter[genre]=Noir", `WHERE "genre" IN (?, ?) ORDER BY "price" DESC`},
		{"filter[rating]=1e1&filter[since]=1950-02-03", `WHERE "rating" >= ? AND "released" >= ? ORDER BY "price" DESC`},
		{"filter[since]=1950-02-03T04:05:06%2B01:00", `WHERE "released" >= ? ORDER BY "price" DESC`},
	} {
		query, err := url.ParseQuery(test.query)
		want.NoErr(t, err)
		c, err := films.Parse(query)
		want.NoErr(t, err)
		want.Equal(t, []int{c.Page, c.Size}, []int{1, 20})
		if got := statement(t, c); got != test.want {
			t.Errorf("%s: got %s, want %s", test.query, got, test.want)
		}
	}
	query := url.Values{"sort": {"-title"}, "filter[genre]": {"Drama", "", "Noir"}, "size": {"5"}, "page": {"3"}, "other": {"x"}}
	c, err := films.Parse(query)
	want.NoErr(t, err)
	want.Equal(t, []int{c.Page, c.Size}, []int{3, 5})
	want.Equal(t, c.Values(4).Encode(), "filter%5Bgenre%5D=Drama&filter%5Bgenre%5D=Noir&page=4&size=5&sort=-title")
	want.Equal(t, c.Values(1).Get("page"), "")
	again, err := films.Parse(c.Values(3))
	want.NoErr(t, err)
	want.Equal(t, again.Values(3), c.Values(3))
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ query, field, rule, message string }{
		{"sort=stock", "sort", "oneof", "must be of title, price, reviews, each once, with - in front to reverse it"},
		{"sort=title,-title", "sort", "oneof", "each once"},
		{"sort=title,", "sort", "oneof", ""},
		{"sort=title;drop+table+films", "", "", ""},
		{"sort=title+desc", "sort", "oneof", ""},
		{"sort=title&sort=price", "sort", "once", "must be there once"},
		{"sort=" + strings.Repeat("title,", 1000), "sort", "oneof", ""},
		{"size=0", "size", "between", "must be from 1 to 100"},
		{"size=101", "size", "between", "must be from 1 to 100"},
		{"size=ten", "size", "between", ""},
		{"page=-1", "page", "between", "must be from 1 to 1000000"},
		{"page=99999999999999999999", "page", "between", ""},
		{"filter[stock]=1", "filter", "unknown", "must be one of title, max_price, in_shop, rating, since, bad, genre"},
		{"filter[title=1", "filter", "unknown", ""},
		{"filter[]=1", "filter", "unknown", ""},
		{"filter[title]=a&filter[title]=b", "filter[title]", "once", "must be there once"},
		{"filter[title]=" + strings.Repeat("é", 201), "filter[title]", "max", "must not be longer than 200 characters"},
		{"filter[title]=%ff", "filter[title]", "text", "must be a text"},
		{"filter[title]=a%00", "filter[title]", "text", "must be a text"},
		{"filter[max_price]=1.5", "filter[max_price]", "number", "must be a whole number"},
		{"filter[max_price]=99999999999999999999", "filter[max_price]", "number", ""},
		{"filter[in_shop]=yes", "filter[in_shop]", "bool", "must be true or false"},
		{"filter[rating]=NaN", "filter[rating]", "number", "must be a number"},
		{"filter[since]=yesterday", "filter[since]", "date", "must be a date, such as 2026-11-22"},
		{"filter[since]=0000-01-01", "filter[since]", "date", ""},
		{strings.Repeat("filter[genre]=x&", 51), "filter[genre]", "max", "must not have more than 50 values"},
	} {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			continue // net/http refuses it before
		}
		_, err = films.Parse(query)
		var list validate.Errors
		if !errors.As(err, &list) || len(list) != 1 || list[0].Field != test.field || list[0].Rule != test.rule || !strings.Contains(list[0].Message, test.message) {
			t.Errorf("%.60s: got %#v, want rule %s of %s: %s", test.query, err, test.rule, test.field, test.message)
		}
		want.Err(t, err, errs.Invalid)
	}
	query, _ := url.ParseQuery("sort=x&size=0&page=0&filter[x]=1&filter[in_shop]=1")
	_, err := films.Parse(query)
	var list validate.Errors
	want.Equal(t, errors.As(err, &list), true)
	var fields []string
	for _, one := range list {
		fields = append(fields, one.Field)
	}
	want.Equal(t, fields, []string{"sort", "page", "size", "filter[in_shop]", "filter"})
}

func TestDeclared(t *testing.T) {
	t.Parallel()
	l := listing.New(listing.Sort("a", f.Title), listing.Sort("a", f.Title), listing.Sort("", f.Title), listing.First("b"),
		listing.Filter("x]", f.Title.Eq), listing.Filter("y", f.Title.Eq), listing.AnyOf("y", f.Title.In), listing.Sizes(10, 5000))
	_, err := l.Parse(nil)
	want.Contains(t, err.Error(), `Sort("a") is there twice`, `Sort("") has a name`, `Filter("x]") has a name`, `Filter("y") is there twice`,
		"Sizes(10, 5000)", `First("b") names no Sort`, "A1514")
	c, err := listing.New().Parse(url.Values{"page": {"2"}})
	want.NoErr(t, err)
	want.Equal(t, []int{c.Page, c.Size, len(c.Orders)}, []int{2, 20, 0})
	for _, query := range []string{"sort=a", "filter[a]=b"} {
		values, _ := url.ParseQuery(query)
		_, err := listing.New().Parse(values)
		want.Err(t, err, errs.Invalid)
	}
	type id int8
	small := listing.New(listing.Filter("n", func(n id) db.Cond { return f.ID.Eq(int64(n)) }), listing.Filter("u", func(n uint8) db.Cond { return f.ID.Eq(int64(n)) }),
		listing.Filter("at", func(at time.Time) db.Cond { return f.CreatedAt.Eq(at) }))
	for query, rule := range map[string]string{"filter[n]=128": "number", "filter[n]=-128": "", "filter[u]=-1": "number", "filter[u]=255": "", "filter[at]=2026-02-30": "date"} {
		values, _ := url.ParseQuery(query)
		_, err := small.Parse(values)
		var list validate.Errors
		got := ""
		if errors.As(err, &list) {
			got = list[0].Rule
		}
		want.Equal(t, query+" "+got, query+" "+rule)
	}
}

// FuzzParse: whatever a visitor writes, the statement is one of those that
// were declared, with the values bound.
func FuzzParse(fz *testing.F) {
	for _, query := range []string{"sort=-price,title&filter[title]=x&size=20&page=3", "filter[genre]=a&filter[genre]='%3B--", "sort=price)--", "filter[since]=1950-01-01"} {
		fz.Add(query)
	}
	films := listing.New(listing.Sort("title", f.Title), listing.Sort("price", f.Price), listing.Filter("title", f.Title.Contains),
		listing.Filter("rating", f.Rating.GTE), listing.Filter("since", f.Released.GTE), listing.AnyOf("genre", f.Genre.In))
	orders := []string{`"title"`, `"title" DESC`, `"price"`, `"price" DESC`}
	conds := []string{`"title" LIKE ? ESCAPE '!'`, `"rating" >= ?`, `"released" >= ?`}
	fz.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		c, err := films.Parse(query)
		if err != nil {
			want.Err(t, err, errs.Invalid)
			return
		}
		if c.Size < 1 || c.Size > 100 || c.Page < 1 || c.Page > listing.MaxNumber || len(c.Conds) > 4 {
			t.Fatalf("got %+v", c)
		}
		where, order, _ := strings.Cut(statement(t, c), "ORDER BY ")
		for term := range strings.SplitSeq(order, ", ") {
			if !slices.Contains(orders, term) {
				t.Fatalf("got the order %s", order)
			}
		}
		where = strings.TrimSpace(strings.TrimPrefix(where, "WHERE "))
		for term := range strings.SplitSeq(where, " AND ") {
			if where != "" && !slices.Contains(conds, term) && !strings.HasPrefix(term, `"genre" IN (?`) {
				t.Fatalf("got the conditions %s", where)
			}
		}
	})
}
