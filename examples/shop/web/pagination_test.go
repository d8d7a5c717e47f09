package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/internal/want"
)

// row writes a pagination as people read it.
func row(p web.Pagination) string {
	var parts []string
	for _, item := range p.Items {
		switch {
		case item.Gap:
			parts = append(parts, "…")
		case item.Current:
			parts = append(parts, fmt.Sprintf("[%d]", item.Number))
		default:
			parts = append(parts, fmt.Sprint(item.Number))
		}
	}
	return fmt.Sprintf("%s|%s|%s", p.Prev, strings.Join(parts, " "), p.Next)
}

func TestPaginate(t *testing.T) {
	t.Parallel()
	link := func(n int) string { return fmt.Sprint("p", n) }
	for _, tt := range []struct {
		page, pages int
		want        string
	}{
		{1, 0, "||"}, {1, 1, "||"}, {7, 1, "||"},
		{1, 2, "|[1] 2|p2"}, {2, 2, "p1|1 [2]|"},
		{1, 3, "|[1] 2 3|p2"}, {2, 3, "p1|1 [2] 3|p3"},
		{1, 20, "|[1] 2 … 20|p2"}, {2, 20, "p1|1 [2] 3 … 20|p3"}, {3, 20, "p2|1 2 [3] 4 … 20|p4"},
		{4, 20, "p3|1 2 3 [4] 5 … 20|p5"}, {5, 20, "p4|1 … 4 [5] 6 … 20|p6"},
		{17, 20, "p16|1 … 16 [17] 18 19 20|p18"}, {20, 20, "p19|1 … 19 [20]|"},
		{-3, 20, "|[1] 2 … 20|p2"}, {0, 4, "|[1] 2 3 4|p2"}, {99, 20, "p19|1 … 19 [20]|"},
	} {
		if got := row(web.Paginate(tt.page, tt.pages, link)); got != tt.want {
			t.Errorf("page %d of %d: got %s, want %s", tt.page, tt.pages, got, tt.want)
		}
	}
}

// TestPaginateShape holds for every page: numbers rise, a gap hides two pages
// or more, one number is current, and the row stays short.
func TestPaginateShape(t *testing.T) {
	t.Parallel()
	for pages := 2; pages <= 40; pages++ {
		for page := 1; page <= pages; page++ {
			p := web.Paginate(page, pages, func(n int) string { return fmt.Sprint(n) })
			last, gap, current := 0, false, 0
			for _, item := range p.Items {
				if item.Gap {
					gap = true
					continue
				}
				if step := item.Number - last; !gap && step != 1 || gap && step < 3 {
					t.Errorf("page %d of %d: got %s", page, pages, row(p))
				}
				if item.Current {
					current = item.Number
				}
				last, gap = item.Number, false
			}
			want.Equal(t, []int{current, last}, []int{page, pages})
			if len(p.Items) > 7 {
				t.Errorf("page %d of %d: got %d items, want at most 7", page, pages, len(p.Items))
			}
		}
	}
}
