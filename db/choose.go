package db

// This file holds what the methods of Query do, apart from its type: only thin
// wrappers are generic, and these are not inlined into the wrappers that the
// compiler makes of them for every model.

func (q *query) filter(conds []Cond) *query {
	c := *q
	c.where = append(c.where[:len(c.where):len(c.where)], conds...)
	return &c
}

func (q *query) sort(orders []Order) *query {
	c := *q
	c.order = append(c.order[:len(c.order):len(c.order)], orders...)
	return &c
}

func (q *query) related(rels []Rel) *query {
	c := *q
	c.with = append(c.with[:len(c.with):len(c.with)], rels...)
	return &c
}

//go:noinline
func (q *query) take(n int) *query {
	c := *q
	c.limit, c.limited = int64(n), true
	return &c
}

//go:noinline
func (q *query) skip(n int) *query {
	c := *q
	c.offset = int64(n)
	return &c
}

//go:noinline
func (q *query) unbounded() *query {
	c := *q
	c.everywhere = true
	return &c
}

func (q *query) locked(how []Lock) *query {
	c := *q
	c.lock = lockWord
	for _, l := range how {
		c.lock = lockWord + string(l)
	}
	return &c
}
