package listing

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
)

// A List says what may be asked for. It does not change and is safe for
// concurrent use.
type List struct {
	sorts   []sort
	filters []filter
	first   string
	size    int
	most    int
	wrong   []string
}

// A Field is one thing that may be asked for; see [Sort], [Filter] and their
// like.
type Field func(*List)

type sort struct {
	name      string
	asc, desc db.Order
}

type filter struct {
	name string
	cond func(values []string) (db.Cond, problem)
	many bool
}

// New returns a list of fields. Without [Sizes] pages have 20 rows, and up to
// 100 where that is asked for. A mistake in fields, such as two of one name, is
// returned by [List.Parse].
func New(fields ...Field) *List {
	l := &List{size: 20, most: 100}
	for _, f := range fields {
		f(l)
	}
	if _, problem := l.order(l.first); problem.rule != "" {
		l.wrong = append(l.wrong, fmt.Sprintf("First(%q) names no Sort", l.first))
	}
	return l
}

// Sort lets visitors sort by c, by ?sort=name and, descending, ?sort=-name.
// Several are separated by commas.
func Sort(name string, c Sortable) Field {
	return func(l *List) {
		l.add("Sort", name, slices.ContainsFunc(l.sorts, func(s sort) bool { return s.name == name }))
		l.sorts = append(l.sorts, sort{name, c.Asc(), c.Desc()})
	}
}

// Sortable is a column or an expression of package db.
type Sortable interface {
	Asc() db.Order
	Desc() db.Order
}

// First is how a list is sorted that nobody sorted, such as "-price,title".
// Defaults to the first [Sort].
func First(sort string) Field { return func(l *List) { l.first = sort } }

// Sizes is how many rows a page has, and how many it has at most where a size
// is asked for, which is [db.MaxPage] or less.
func Sizes(size, most int) Field {
	return func(l *List) {
		l.size, l.most = size, most
		if size < 1 || most < size || most > db.MaxPage {
			l.wrong = append(l.wrong, fmt.Sprintf("Sizes(%d, %d) are not from 1 to %d, the larger behind", size, most, db.MaxPage))
		}
	}
}

func (l *List) add(kind, name string, taken bool) {
	plain := name != ""
	for _, c := range name {
		plain = plain && (c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}
	switch {
	case !plain:
		l.wrong = append(l.wrong, fmt.Sprintf("%s(%q) has a name of other than letters, digits, _ and .", kind, name))
	case taken:
		l.wrong = append(l.wrong, fmt.Sprintf("%s(%q) is there twice", kind, name))
	}
}

// err is what is wrong with the declaration.
func (l *List) err() error {
	if len(l.wrong) == 0 {
		return nil
	}
	return &errs.Setup{Code: "A1514", What: "listing: " + strings.Join(l.wrong, "; "), Mend: "mend the call of listing.New"}
}

// A Choice is what a visitor asked for, as far as it is allowed.
type Choice struct {
	Conds  []db.Cond  // all of them hold
	Orders []db.Order // one at least, if the list has a Sort
	Page   int        // from 1
	Size   int        // rows on a page

	asked url.Values
}

// Page returns the rows of q that were asked for, and where they stand; see
// [db.Query.Page].
func Page[P any](ctx context.Context, q *db.Query[P], c Choice) ([]P, db.PageInfo, error) {
	return q.Where(c.Conds...).OrderBy(c.Orders...).Page(ctx, c.Page, c.Size)
}

// Values returns the parameters of another page of the same list, for links:
// page 1 and what nobody asked for are left out.
func (c Choice) Values(page int) url.Values {
	v := url.Values{}
	for name, list := range c.asked {
		v[name] = slices.Clone(list)
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	return v
}
