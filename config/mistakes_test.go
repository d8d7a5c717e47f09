package config_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

type rootConfig struct {
	Addr  string
	Debug bool
	Level slog.Level
	HTTP  struct{ Timeout time.Duration }
}

type dbConfig struct {
	URL      string        `env:"DATABASE_URL" doc:"where the database is"`
	Password config.Secret `required:"true" doc:"for the database's user"`
	PoolSize int8          `min:"1" max:"64" default:"8"`
	Mode     string        `oneof:"fast safe" default:"safe"`
	MaxRow   config.Size   `max:"1MiB"`
	Wait     time.Duration `min:"1s"`
	Hosts    []string
	Ports    []uint16
	Labels   map[string]string
	Fixed    int `max:"3"`
	Base     *int
}

func (c *dbConfig) Validate() error {
	if c.URL == "both" {
		return errors.Join(errors.New("url: and hosts exclude each other"),
			fmt.Errorf("password: %s is too short", c.Password.Reveal()))
	}
	return nil
}

// wide is nested as deep as n says.
func wide(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }

// Each kind of mistake, with the text that a person sees.
func TestMistakes(t *testing.T) {
	t.Parallel()
	password := map[string]string{"DB_PASSWORD": "pw"}
	for name, in := range map[string]input{
		"required": {},
		"unknown_keys": {env: password, files: map[string]string{"config.json": `{
			"adr": ":80",
			"dbb": {"url": "x"},
			"htpp": {},
			"url": "x",
			"db": {
				"ulr": "x",
				"poolSize": 1,
				"nothing_like_it": 1,
				"labels": {"free": "text"}
			},
			"db.url": "x"
		}`}},
		"wrong_types": {env: password, files: map[string]string{"config.json": `{
			"addr": 80,
			"debug": "true",
			"level": "loud",
			"http": 5,
			"db": {
				"url": null,
				"pool_size": 200,
				"max_row": "10M",
				"wait": 30,
				"hosts": "a,b",
				"ports": [
					80,
					-1
				],
				"labels": {"a": 1},
				"base": "x"
			}
		}`}},
		"duplicate_keys": {env: password, files: map[string]string{"config.json": `{
			"addr": "a",
			"addr": "b",
			"db": {"url": "a", "url": "b"},
			"db": {"labels": {"x": "1", "x": "2"}}
		}`}},
		"ranges": {
			env:   map[string]string{"DB_PASSWORD": "pw", "DB_MODE": "loose", "DB_WAIT": "10ms"},
			files: map[string]string{"config.json": "{\n\"db\": {\"pool_size\": 0}}"},
			args:  []string{"--db.max_row=2MiB"},
		},
		"environment": {
			env: map[string]string{
				"DB_PASSWORD": "pw", "DB_POOL_SIZE": "many", "DB_LABELS": "a", "DB_PORTS": "80,x",
				"ASHLAR_DEBUG": "yes", "ASHLAR_LEVEL": "loud", "ASHLAR_ENV": "../secret",
				"DB_URL": "x", "DB_URL_FILE": "/run/url", "DB_MODE_FILE": "/run/mode",
			},
		},
		"flags": {
			env: password,
			args: []string{"serve", "--adr", ":80", "-addr", "--db.pool-size", "--debug=maybe",
				"--db.wait=30", "--db.nothing", "--db.hosts"},
		},
		"validate":   {env: map[string]string{"DB_PASSWORD": "pw123", "DB_URL": "both"}},
		"two_files":  {env: password, files: map[string]string{"config.json": "{}", "config.toml": ""}},
		"no_format":  {env: password, files: map[string]string{"config.development.toml": ""}},
		"too_large":  {env: password, files: map[string]string{"config.json": strings.Repeat(" ", 1<<20) + "{}"}},
		"too_deep":   {env: password, files: map[string]string{"config.json": wide(config.MaxDepth + 1)}},
		"syntax":     {env: password, files: map[string]string{"config.json": "{\n  // comment\n  \"db\": {\"url\": \"é\" \"x\"}\n}"}},
		"from_code":  {env: map[string]string{"DB_PASSWORD": "pw", "DB_FIXED_IS_CODE": "1"}},
		"everything": {files: map[string]string{"config.json": "[]"}, args: []string{"--x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var root rootConfig
			var db dbConfig
			if name == "from_code" {
				db.Fixed = 4
			}
			_, err := config.Load(in.source(),
				config.Section{Name: "", Into: &root, Where: "app/main.go:10"},
				config.Section{Name: "db", Into: &db, Where: "app/main.go:12"})
			if err == nil {
				t.Fatal("got no error, want some")
			}
			golden.Equal(t, "mistakes/"+name+".txt", err.Error()+"\n")
		})
	}
}

// Mistakes of the programmer who writes a section.
func TestDeclarations(t *testing.T) {
	t.Parallel()
	type section = config.Section
	var nothing *rootConfig
	for name, sections := range map[string][]section{
		"not_a_pointer": {{Name: "db", Into: rootConfig{}}, {Name: "a", Into: nothing}, {Name: "b"}, {Name: "c", Into: new(int)}},
		"names":         {{Name: "Shop", Into: &struct{}{}}, {Name: "a.b", Into: &struct{}{}}, {Name: "9", Into: &struct{}{}}},
		"twice":         {{Name: "db", Into: &struct{}{}, Where: "app/main.go:1"}, {Name: "db", Into: &struct{}{}, Where: "app/main.go:2"}},
		"types": {{Name: "db", Into: &struct {
			Raw     []byte
			Client  *strings.Builder
			Parts   []struct{}
			Numbers map[string]int
			Ümlaut  int
			Tagged  int `config:"Not-A-Key"`
		}{}}},
		"tags": {{Name: "db", Into: &struct {
			A int           `default:"x"`
			B string        `min:"1"`
			C int8          `max:"300"`
			D time.Duration `oneof:"1s 2"`
			E config.Secret `oneof:"a"`
			F string        `required:"yes"`
			G config.Secret `default:"pw" min:"1"`
		}{}}},
		"collisions": {
			{Into: &struct {
				DB  string
				Env string
			}{}, Where: "app/main.go:1"},
			{Name: "db", Into: &struct {
				PoolSize int
				Pool     struct{ Size int }
				Wait     int `config:"pool"`
			}{}, Where: "app/main.go:2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(config.Source{Dir: fstest.MapFS{}}, sections...)
			if err == nil {
				t.Fatal("got no error, want some")
			}
			golden.Equal(t, "declarations/"+name+".txt", err.Error()+"\n")
		})
	}
}

// min, max and oneof look at every kind of number, and into lists, maps and
// pointers.
func TestBounds(t *testing.T) {
	t.Parallel()
	var cfg struct {
		Ratio  *float64          `max:"1"`
		Ports  []uint16          `min:"1024" max:"2048"`
		Labels map[string]string `oneof:"a b"`
		Level  slog.Level        `min:"INFO"`
		Days   []string          `required:"true"`
		Base   float32
	}
	in := input{env: map[string]string{
		"S_RATIO": "1.5", "S_PORTS": "80,1024,2049", "S_LABELS": "x=a,y=c", "S_LEVEL": "DEBUG", "S_DAYS": ",", "S_BASE": "NaN",
	}}
	_, err := config.Load(in.source(), config.Section{Name: "s", Into: &cfg})
	want.Contains(t, err.Error(),
		"6 problems",
		"s.base: want a number, got \"NaN\"",
		"s.ratio: must be 1 or less, got 1.5",
		"s.ports: must be from 1024 to 2048, got 80",
		"s.ports: must be from 1024 to 2048, got 2049",
		"s.labels: must be one of a, b, got \"c\"",
		"s.level: must be INFO or more, got DEBUG",
	)
}

func TestNearestFlag(t *testing.T) {
	t.Parallel()
	var root rootConfig
	set, err := config.Load(input{}.source(), config.Section{Into: &root})
	want.NoErr(t, err)
	for flag, mend := range map[string]string{
		"Addr":         "did you mean --addr?",
		"adddr":        "did you mean --addr?",
		"adrd":         "did you mean --addr?",
		"http-timeout": "did you mean --http.timeout?",
		"timeout":      "did you mean --http.timeout?",
		"zzzzzz":       "remove it",
	} {
		want.Contains(t, set.UnknownFlag(flag).Error(), "--"+flag+": no such flag", mend)
	}
}
