package export_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/ashlar-go/ashlar/export"
)

type film struct {
	Title string   `json:"title"`
	Score *float64 `json:"score"`
	Gain  int      `json:"gain"`
}

var films = []film{{"Ran", new(8.4), -3}, {`=HYPERLINK("http://evil")`, nil, 12}}

func ExampleCSV() {
	var file strings.Builder
	if err := export.CSV(&file, export.Rows(films)); err != nil {
		log.Fatal(err)
	}
	fmt.Print(strings.ReplaceAll(file.String(), "\r\n", "\n"))
	// Output:
	// title,score,gain
	// Ran,8.4,-3
	// "'=HYPERLINK(""http://evil"")",,12
}

func ExampleNDJSON() {
	if err := export.NDJSON(os.Stdout, export.Rows(films)); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {"title":"Ran","score":8.4,"gain":-3}
	// {"title":"=HYPERLINK(\"http://evil\")","score":null,"gain":12}
}
