package appendjson_test

import (
	"fmt"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

func ExampleEncoder_Append() {
	type film struct {
		Title string   `json:"title"`
		Price float64  `json:"price,string"`
		Cast  []string `json:"cast,omitempty"`
	}
	var enc appendjson.Encoder
	buf := []byte("data: ")
	buf, err := enc.Append(buf, []film{{"Cléo <5 to 7>", 19.99, nil}})
	fmt.Println(string(buf), err)
	// Output: data: [{"title":"Cléo \u003c5 to 7\u003e","price":"19.99"}] <nil>
}
