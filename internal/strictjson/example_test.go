package strictjson_test

import (
	"fmt"

	"github.com/ashlar-go/ashlar/internal/strictjson"
)

func ExampleCheck() {
	fmt.Println(strictjson.Check([]byte(`{"role":"guest","tags":[]}`), 64))
	fmt.Println(strictjson.Check([]byte(`{"role":"guest","tags":[}`), 64))
	fmt.Println(strictjson.Check([]byte(`{"role":"guest","ROLE":"admin"}`), 64))
	// Output:
	// <nil>
	// invalid character '}' looking for beginning of value at byte 25
	// key "ROLE" twice in one object at byte 17
}
