package db_test

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
)

// A list of titles is imported line by line, and an error of the file takes all
// of them back.
func ExampleTable_Import() {
	ctx, Films := exampleContext(), reel.Films
	lines := bufio.NewScanner(strings.NewReader("ikiru\tIkiru\nran\tRan\n"))
	films := func(yield func(*reel.Film) bool) {
		for lines.Scan() {
			slug, title, _ := strings.Cut(lines.Text(), "\t")
			if !yield(&reel.Film{Slug: slug, Title: title}) {
				return
			}
		}
	}
	err := db.Tx(ctx, func(ctx context.Context) error {
		n, err := Films.Import(ctx, films)
		if err != nil {
			return err
		}
		fmt.Println(n, "films")
		return lines.Err()
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: 2 films
}
