package web_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestPosters draws the poster of every film: each symbol and each class that
// is asked for must be there, and each that is there must be of use.
func TestPosters(t *testing.T) {
	t.Parallel()
	svg, err := fs.ReadFile(web.Static(), "posters.svg")
	want.NoErr(t, err)
	css, err := fs.ReadFile(web.Static(), "shop.css")
	want.NoErr(t, err)
	file, err := os.Open("../catalog/data/movies.json")
	want.NoErr(t, err)
	defer file.Close()

	arts := map[string]int{}
	classes := map[string]int{}
	for rec, err := range catalog.Read(file, catalog.NewReport()) {
		want.NoErr(t, err)
		p := web.NewPoster(rec.Title, rec.Genre, "")
		want.Equal(t, web.NewPoster(rec.Title, rec.Genre, ""), p)
		arts[p.Art]++
		classes[fmt.Sprint("hue-", p.Hue)]++
		classes[fmt.Sprint("cut-", p.Variant)]++
		classes["set-"+p.Size]++
	}
	for art := range arts {
		if !bytes.Contains(svg, []byte(`<symbol id="`+art+`"`)) {
			t.Errorf("posters.svg: no symbol %q", art)
		}
	}
	want.Equal(t, bytes.Count(svg, []byte("<symbol ")), len(arts)+1) // and the shop's mark
	for class := range classes {
		if !strings.Contains(string(css), "."+class+" ") {
			t.Errorf("shop.css: no rule for .%s", class)
		}
	}
	want.Equal(t, len(classes), 12+4+5)
}

func TestPosterSize(t *testing.T) {
	t.Parallel()
	for title, size := range map[string]string{
		"Heat": "xl", "9": "xl", "": "xl", "Dogma": "l", "Toy Story 3": "xl", "Fight Club": "xl", "The Godfather": "m",
		"Teenage Mutant Ninja Turtles II: The Secret of the Ooze": "xs", "Koyaanisqatsi": "s",
		strings.Repeat("x", 300): "xs",
	} {
		if got := web.NewPoster(title, "Drama", "").Size; got != size {
			t.Errorf("%q: got size %s, want %s", title, got, size)
		}
	}
}
