package web

// A Pagination is the row of page numbers under a list. It is empty when there
// is only one page.
type Pagination struct {
	Prev, Next string // addresses; "" when there is none
	Items      []PageItem
	Page       int // the current one
	Pages      int
}

// A PageItem is a page number with its address, or a gap between two of them.
type PageItem struct {
	Number  int
	URL     string
	Current bool
	Gap     bool
}

// Paginate returns the row for a page out of pages: the first, the last, the
// current one and its neighbours, with gaps between. A gap of one page would
// save nothing, so that page is named. A page out of range counts as the
// nearest. link returns a page's address.
//
//	page 6 of 20:  1 … 5 [6] 7 … 20
//	page 3 of 20:  1 2 [3] 4 … 20
func Paginate(page, pages int, link func(page int) string) Pagination {
	if pages <= 1 {
		return Pagination{Page: 1, Pages: 1}
	}
	page = min(max(page, 1), pages)
	p := Pagination{Page: page, Pages: pages}
	if page > 1 {
		p.Prev = link(page - 1)
	}
	if page < pages {
		p.Next = link(page + 1)
	}
	add := func(n int) {
		p.Items = append(p.Items, PageItem{Number: n, URL: link(n), Current: n == page})
	}
	last := 0
	for _, n := range []int{1, page - 1, page, page + 1, pages} {
		if n <= last || n > pages {
			continue
		}
		switch n - last {
		case 1:
		case 2:
			add(n - 1)
		default:
			p.Items = append(p.Items, PageItem{Gap: true})
		}
		add(n)
		last = n
	}
	return p
}
