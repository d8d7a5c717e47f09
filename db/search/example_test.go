package search_test

import (
	"fmt"

	"github.com/ashlar-go/ashlar/db/search"
)

func ExampleQuery_Highlight() {
	q := search.Parse(`ship -predator "the alien"`)
	for _, part := range q.Highlight("Who sails the Alien Ship?") {
		if part.Hit {
			fmt.Print("<mark>", part.Text, "</mark>") // html/template escapes what is in a part
		} else {
			fmt.Print(part.Text)
		}
	}
	// Output: Who sails <mark>the Alien</mark> <mark>Ship</mark>?
}
