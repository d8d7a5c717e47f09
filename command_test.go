package ashlar_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

type store struct {
	URL   string        `default:"sqlite:reel.db" doc:"where the data is"`
	Token config.Secret `doc:"for the other side"`
}

type shop struct{ greeter }

// reel is an app with something of everything.
func reel() *ashlar.App {
	app := ashlar.New(ashlar.Config{
		Name: "reel", Log: slog.New(slog.DiscardHandler), Dir: fstest.MapFS{"config.json": {Data: []byte(`{"timeout":"5s"}`)}},
		LookupEnv: environment("DATA_TOKEN=hunter2hunter2", "ASHLAR_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
			"DATA_URL=postgres://app:hunter3@db.internal/reel"),
	},
		ashlar.Module{Name: "data", Doc: "keeps things", Config: &store{}, Setup: func(s *ashlar.Setup) error {
			s.Provide(func() greeter { return plain{"hello"} }, inject.Default)
			s.Provide(plain{"other"}, inject.As[greeter](), inject.When(inject.ConfigIs("data.url", "memory")))
			s.Use(ashlar.Stage{Name: "session", Doc: "knows who is asking", After: "route", Run: mark("session").Run})
			s.Command(ashlar.Command{Name: "greet", Usage: "[--loud] name", Doc: "says hello", Help: "Twice for friends.", Run: greet})
			return nil
		}}.At("data/module.go:12"),
		ashlar.Module{Name: "shop", Doc: "sells things", Setup: func(s *ashlar.Setup) error {
			s.Provide(func(g greeter) *shop { return &shop{g} })
			s.Routes(func(r *ashlar.Router, _ *shop) {
				r.Group("/shop", func(r *ashlar.Router) {
					ashlar.Get(r, "/films/{id:int}", nothing[listing], ashlar.Name("film"), ashlar.Doc("shows a film"))
					ashlar.Post(r, "/films/{id}/buy", nothing[listing])
					r.Mount("/legacy", http.NotFoundHandler())
				})
			})
			return nil
		}}.At("shop/module.go:34"),
	)
	app.Get("/{$}", say(), ashlar.Name("home"))
	app.Get("api.example.com/v1/", say())
	app.Handle("GET /metrics", http.NotFoundHandler(), ashlar.Doc("for Prometheus"))
	app.Static("/static/", fstest.MapFS{})
	return app
}

func greet(_ context.Context, call *ashlar.Call) error {
	var loud bool
	rest, err := call.Flags(func(fs *flag.FlagSet) { fs.BoolVar(&loud, "loud", false, "") })
	if err != nil {
		return err
	}
	text := "hello " + strings.Join(rest, " ")
	if loud {
		text = strings.ToUpper(text)
	}
	_, err = fmt.Fprintln(call.Out, text)
	return err
}

func TestCommands(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"help", "help routes", "routes --help", "help greet", "routes", "pipeline", "modules", "modules --conditions",
		"modules --graph", "modules --mermaid", "config", "config --json", "check", "greet ann", "greet --loud ann bob", "greet -- --loud"} {
		var out bytes.Buffer
		want.NoErr(t, reel().Run(t.Context(), strings.Fields(line), &out))
		for _, secret := range []string{"hunter2", "hunter3", "MDEyMzQ1"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%s: got a secret: %s", line, out.String())
			}
		}
		name := strings.NewReplacer(" -- --", "_args_", " --", "_", " ", "_").Replace(line)
		golden.Equal(t, "command/"+name+".txt", unplaced(out.String()))
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	want.NoErr(t, reel().Run(t.Context(), []string{"version"}, &out))
	if !regexp.MustCompile(`^app     .+\nashlar  \S+\ngo      go\S+( .*)? \w+/\w+\n$`).MatchString(out.String()) {
		t.Errorf("got %q", out.String())
	}
}

func TestWrongCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"nonsense", `no command "nonsense"; there are serve, routes,`},
		{"help nonsense", `no command "nonsense"`},
		{"routes --adr :9", "--adr"},
		{"routes --bogus", "--bogus"},
		{"routes extra", `unexpected argument "extra"`},
		{"pipeline x", `"x"`}, {"check x", `"x"`}, {"serve x", `"x"`}, {"modules x", `"x"`}, {"config x", `"x"`}, {"modules --grph", "--grph"},
		{"greet --quiet", "--quiet"},
		{"--bogus", "--bogus"},
	} {
		err := reel().Run(t.Context(), strings.Fields(c.line), io.Discard)
		var usage ashlar.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a usage error with %q", c.line, err, c.want)
		}
	}
	want.Contains(t, reel().Run(t.Context(), []string{"routes", "--adr", ":9"}, io.Discard).Error(), "addr") // the nearest
}

// What is wrong with the app stops commands that need it whole, and no others.
func TestCommandsOfABrokenApp(t *testing.T) {
	t.Parallel()
	broken := func() *ashlar.App {
		app := ashlar.New(ashlar.Config{Name: "reel", Log: slog.New(slog.DiscardHandler), LookupEnv: environment()})
		app.Get("/nil", nil)
		return app
	}
	for command, works := range map[string]bool{"serve": false, "routes": false, "pipeline": false, "modules": false, "check": false,
		"config": false, "version": true, "help": true, "help check": true} {
		var out bytes.Buffer
		err := broken().Run(t.Context(), strings.Fields(command), &out)
		if (err == nil) != works {
			t.Errorf("%s: got %v", command, err)
		}
		if !works {
			want.Contains(t, err.Error(), `route "GET /nil" has no handler`)
		}
		if command == "config" {
			want.Contains(t, out.String(), "addr") // settings are printed all the same: they may be the reason
		}
	}
}
