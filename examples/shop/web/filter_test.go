package web_test

import (
	"net/url"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestFilterURL(t *testing.T) {
	t.Parallel()
	all := web.Filter{Q: "a&b ü", Genre: "Concert/Performance", Decade: 1990, Rating: 7, Sort: "-price"}
	for _, tt := range []struct {
		filter web.Filter
		page   int
		want   string
	}{
		{web.Filter{}, 1, "/"},
		{web.Filter{}, 0, "/"},
		{web.Filter{}, 2, "/?page=2"},
		{web.Filter{Sort: "rating"}, 1, "/"},
		{web.Filter{Sort: "newest"}, 3, "/?page=3&sort=newest"},
		{all, 2, "/?decade=1990&genre=Concert%2FPerformance&page=2&q=a%26b+%C3%BC&rating=7&sort=-price"},
	} {
		got := tt.filter.URL("/", tt.page)
		want.Equal(t, got, tt.want)
		if _, err := url.Parse(got); err != nil {
			t.Errorf("%s: %v", got, err)
		}
	}
}

func TestFilterActive(t *testing.T) {
	t.Parallel()
	want.Equal(t, len(web.Filter{Sort: "title"}.Active("/")), 0)
	got := web.Filter{Q: "rose", Genre: "Drama", Decade: 1990, Rating: 7, Sort: "title"}.Active("/films")
	want.Equal(t, got, []web.Chip{
		{Label: "“rose”", URL: "/films?decade=1990&genre=Drama&rating=7&sort=title"},
		{Label: "Drama", URL: "/films?decade=1990&q=rose&rating=7&sort=title"},
		{Label: "1990s", URL: "/films?genre=Drama&q=rose&rating=7&sort=title"},
		{Label: "IMDb 7+", URL: "/films?decade=1990&genre=Drama&q=rose&sort=title"},
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	selected := func(options []web.Option) (labels []string) {
		for _, o := range options {
			if o.Selected {
				labels = append(labels, o.Label)
			}
		}
		return labels
	}
	want.Equal(t, selected(web.SortOptions("")), []string{"Best rated"})
	want.Equal(t, selected(web.SortOptions("nonsense")), []string{"Best rated"})
	want.Equal(t, selected(web.SortOptions("-title")), []string{"Title Z–A"})
	want.Equal(t, selected(web.SortOptions("price")), []string{"Cheapest first"}) // the one before left nothing behind
	want.Equal(t, selected(web.DecadeOptions(1990, 1915, 2011)), []string{"1990s"})
	want.Equal(t, len(web.DecadeOptions(0, 1915, 2011)), 1+11)
	want.Equal(t, selected(web.RatingOptions(0)), []string{"Any"})
	want.Equal(t, web.GenreOptions("B", []string{"A", "B"}, map[string]int{"A": 2, "B": 3}), []web.Option{
		{Label: "All", Count: 5}, {Value: "A", Label: "A", Count: 2}, {Value: "B", Label: "B", Count: 3, Selected: true},
	})
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	want.Equal(t, web.Score(86).String(), "8.6")
	want.Equal(t, web.Score(100).String(), "10.0")
	for n, text := range map[web.Count]string{0: "0", 999: "999", 1000: "1,000", -1234: "-1,234", -999: "-999", 2767891499: "2,767,891,499"} {
		want.Equal(t, n.String(), text)
	}
}
