package toml_test

import (
	"fmt"
	"testing/fstest"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/config/toml"
)

func ExampleFormat() {
	var cfg struct{ PoolSize int }
	set, err := config.Load(config.Source{
		Dir:     fstest.MapFS{"config.toml": {Data: []byte("[db]\npool_size = 16\n")}},
		Formats: []config.Format{toml.Format{}},
	}, config.Section{Name: "db", Into: &cfg})
	if err != nil {
		fmt.Println(err)
		return
	}
	for v := range set.Values() {
		fmt.Println(v.Key, v.Text, v.Source)
	}
	// Output: db.pool_size 16 config.toml:2
}
