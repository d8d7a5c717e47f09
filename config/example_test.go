package config_test

import (
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar/config"
)

// A module's own struct, filled from code, a file, the environment and flags.
func ExampleLoad() {
	type Config struct {
		URL      string        `default:"sqlite:reel.db" env:"DATABASE_URL" doc:"where the database is"`
		Password config.Secret `doc:"for the database's user"`
		PoolSize int           `default:"8" min:"1" doc:"connections held open"`
		Timeout  time.Duration `default:"5s"`
	}
	cfg := Config{Timeout: 10 * time.Second}
	set, err := config.Load(config.Source{
		Dir: fstest.MapFS{"config.json": {Data: []byte(`{
			// read in every environment
			"db": {"pool_size": 16}
		}`)}},
		Env: func(name string) (string, bool) {
			text, ok := map[string]string{"DB_PASSWORD": "correct horse"}[name]
			return text, ok
		},
		Args: []string{"serve", "--db.pool_size=32"},
	}, config.Section{Name: "db", Into: &cfg, Where: "main.go:12"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cfg.PoolSize, cfg.Timeout, cfg.Password, set.Args())
	for v := range set.Values() {
		fmt.Printf("%s = %s (%s)\n", v.Key, v.Text, v.Source)
	}
	// Output:
	// 32 10s [secret] [serve]
	// db.url = sqlite:reel.db (default)
	// db.password = [secret] (environment DB_PASSWORD)
	// db.pool_size = 32 (flag --db.pool_size)
	// db.timeout = 10s (code)
}

// Mistakes come all at once, each with its place.
func ExampleLoad_mistakes() {
	var cfg struct {
		URL  string `required:"true"`
		Port int    `max:"65535"`
	}
	_, err := config.Load(config.Source{
		Dir:  fstest.MapFS{"config.json": {Data: []byte("{\n  \"db\": {\"ulr\": \"sqlite:reel.db\"}\n}")}},
		Args: []string{"--db.port=99999"},
	}, config.Section{Name: "db", Into: &cfg, Where: "main.go:12"})
	fmt.Println(err)
	// Output:
	// 3 problems
	// 1. db.ulr: no such setting
	//    	at config.json:2
	//    	mend: did you mean db.url?
	//    	see docs/errors.md#A1307
	// 2. db.url: required, and empty
	//    	at main.go:12 (not set)
	//    	mend: set db.url in config.json, or DB_URL
	//    	see docs/errors.md#A1311
	// 3. db.port: must be 65535 or less, got 99999
	//    	at flag --db.port
	//    	see docs/errors.md#A1310
}

func ExampleSet_Explain() {
	var cfg struct {
		Addr  string `default:":8080" doc:"where the server listens"`
		Debug bool   `doc:"show causes of errors"`
	}
	set, err := config.Load(config.Source{Dir: fstest.MapFS{}, Args: []string{"--debug"}}, config.Section{Into: &cfg})
	if err != nil {
		fmt.Println(err)
		return
	}
	set.Explain(os.Stdout)
	// Output:
	// environment: development; files: none
	//
	// KEY    VALUE  SOURCE        DOC
	// addr   :8080  default       where the server listens
	// debug  true   flag --debug  show causes of errors
}

func ExampleSecret() {
	password := config.Secret("correct horse")
	fmt.Printf("%v %q %d\n", password, password, password)
	fmt.Println(password.Reveal())
	// Output:
	// [secret] [secret] [secret]
	// correct horse
}

func ExampleSize() {
	cfg := struct {
		MaxBody config.Size
	}{MaxBody: 10 * config.MiB}
	fmt.Println(cfg.MaxBody, int64(cfg.MaxBody))
	// Output: 10MiB 10485760
}
