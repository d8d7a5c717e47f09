package ashlartest

import (
	"log/slog"
	"strings"
	"testing/fstest"

	"github.com/ashlar-go/ashlar"
)

// Config returns settings that depend on nothing but the test: environment
// "test", no configuration file, no environment variable but those given as
// "NAME=value", and no log; see [Log]. Of two with the same name the last one
// counts.
func Config(env ...string) ashlar.Config {
	values := map[string]string{"ASHLAR_ENV": ashlar.Test}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return ashlar.Config{
		Dir:       fstest.MapFS{},
		LookupEnv: func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Log:       slog.New(slog.DiscardHandler),
	}
}
