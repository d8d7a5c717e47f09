package listing

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/validate"
)

// MaxNumber is the highest number of a page that is taken.
const MaxNumber = 1_000_000

// Parse reads the parameters sort, filter[…], page and size of a request's
// query. What is not allowed is a [validate.Errors] that names the parameters;
// those of other names are not looked at, as elsewhere in an app. An empty
// parameter counts as one that is not there.
func (l *List) Parse(query url.Values) (Choice, error) {
	if err := l.err(); err != nil {
		return Choice{}, err
	}
	c := Choice{asked: url.Values{}}
	var broken validate.Errors
	note := func(field string, p problem) {
		if p.rule != "" {
			broken.Add(field, p.rule, p.message)
		}
	}
	one := func(name string) (value string) {
		switch list := given(query[name]); {
		case len(list) > 1:
			note(name, problem{"once", "must be there once"})
		case len(list) == 1:
			value = list[0]
			c.asked.Set(name, value)
		}
		return value
	}
	var bad problem
	c.Orders, bad = l.order(one("sort"))
	note("sort", bad)
	c.Page, bad = number(one("page"), 1, MaxNumber)
	note("page", bad)
	c.Size, bad = number(one("size"), l.size, l.most)
	note("size", bad)
	c.asked.Del("page")
	for _, name := range slices.Sorted(maps.Keys(query)) {
		inner, ok := strings.CutPrefix(name, "filter[")
		values := given(query[name])
		if !ok || len(values) == 0 {
			continue
		}
		cond, bad := l.filtered(strings.TrimSuffix(inner, "]"), values)
		if !strings.HasSuffix(inner, "]") {
			bad = l.noFilter()
		}
		if bad.rule == "unknown" {
			name = "filter" // its own is the visitor's, of any length
		}
		note(name, bad)
		c.Conds = append(c.Conds, cond)
		c.asked[name] = values
	}
	if err := broken.Err(); err != nil {
		return Choice{}, err
	}
	return c, nil
}

// given returns the values that are not empty.
func given(values []string) (list []string) {
	for _, v := range values {
		if v != "" {
			list = append(list, v)
		}
	}
	return list
}

func (l *List) filtered(name string, values []string) (db.Cond, problem) {
	i := slices.IndexFunc(l.filters, func(f filter) bool { return f.name == name })
	switch {
	case i < 0:
		return db.Cond{}, l.noFilter()
	case len(values) > 1 && !l.filters[i].many:
		return db.Cond{}, problem{"once", "must be there once"}
	}
	return l.filters[i].cond(values)
}

func (l *List) noFilter() problem {
	var names []string
	for _, f := range l.filters {
		names = append(names, f.name)
	}
	if len(names) == 0 {
		return problem{"unknown", "there is nothing to filter by"}
	}
	return problem{"unknown", "must be one of " + strings.Join(names, ", ")}
}

// order reads what the list is to be sorted by.
func (l *List) order(text string) ([]db.Order, problem) {
	if text == "" {
		if text = l.first; text == "" && len(l.sorts) > 0 {
			text = l.sorts[0].name
		}
	}
	if text == "" {
		return nil, problem{}
	}
	var names []string
	for _, s := range l.sorts {
		names = append(names, s.name)
	}
	bad := problem{"oneof", "must be of " + strings.Join(names, ", ") + ", each once, with - in front to reverse it"}
	if len(names) == 0 {
		bad = problem{"oneof", "there is nothing to sort by"}
	}
	parts := strings.SplitN(text, ",", len(l.sorts)+1)
	var list []db.Order
	seen := map[int]bool{}
	for _, part := range parts {
		name, down := strings.CutPrefix(part, "-")
		i := slices.Index(names, name)
		if i < 0 || seen[i] {
			return nil, bad
		}
		seen[i] = true
		if down {
			list = append(list, l.sorts[i].desc)
		} else {
			list = append(list, l.sorts[i].asc)
		}
	}
	return list, problem{}
}

// number reads a number from 1 to most.
func number(text string, otherwise, most int) (int, problem) {
	if text == "" {
		return otherwise, problem{}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return otherwise, problem{"between", "must be from 1 to " + strconv.Itoa(most)}
	}
	return n, problem{}
}
