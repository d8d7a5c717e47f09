package config_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/internal/want"
)

type flagConfig struct {
	Addr   string
	Debug  bool
	Trace  *bool
	Offset int
	Wait   time.Duration
	Tags   []string
	Labels map[string]string
	Pool   struct{ Size int }
}

func TestFlags(t *testing.T) {
	t.Parallel()
	yes := true
	for _, c := range []struct {
		args string // separated by spaces
		want flagConfig
		rest string
	}{
		{"--addr :9000", flagConfig{Addr: ":9000"}, ""},
		{"--addr=:9000", flagConfig{Addr: ":9000"}, ""},
		{"--addr=", flagConfig{}, ""},
		{"--addr=a=b", flagConfig{Addr: "a=b"}, ""},
		{"serve --addr :9000 now", flagConfig{Addr: ":9000"}, "serve now"},
		{"--debug serve", flagConfig{Debug: true}, "serve"},
		{"--debug=false --trace", flagConfig{Trace: &yes}, ""},
		{"--addr a --addr b", flagConfig{Addr: "b"}, ""},
		{"--tags a,b --tags=c", flagConfig{Tags: []string{"a", "b", "c"}}, ""},
		{"--tags=", flagConfig{Tags: []string{}}, ""},
		{"--labels k=v --labels l=w=x", flagConfig{Labels: map[string]string{"k": "v", "l": "w=x"}}, ""},
		{"--offset -5", flagConfig{Offset: -5}, ""},
		{"--offset=-5 -7 -", flagConfig{Offset: -5}, "-7 -"},
		{"--addr -", flagConfig{Addr: "-"}, ""},
		{"run -- --addr x", flagConfig{}, "run -- --addr x"},
		{"migrate --steps 3 -v --json --wait 1s", flagConfig{Wait: time.Second}, "migrate --steps 3 -v --json"},
	} {
		var got flagConfig
		src := input{args: strings.Fields(c.args)}.source()
		src.Foreign = func(flag string) bool { return slices.Contains([]string{"steps", "v", "json"}, flag) }
		set, err := config.Load(src, config.Section{Into: &got})
		if err != nil {
			t.Errorf("%s: got error %v, want none", c.args, err)
			continue
		}
		want.Equal(t, got, c.want)
		want.Equal(t, strings.Join(set.Args(), " "), c.rest)
	}
}

func TestFlagHyphens(t *testing.T) {
	t.Parallel()
	var cfg struct{ Pool struct{ MaxSize int } }
	_, err := config.Load(input{args: []string{"--db.pool.max-size=3"}}.source(), config.Section{Name: "db", Into: &cfg})
	want.NoErr(t, err)
	want.Equal(t, cfg.Pool.MaxSize, 3)
}

// FuzzFlags checks that any command line is either read or refused, and that
// what is left of it is a part of it, in its order.
func FuzzFlags(f *testing.F) {
	for _, seed := range []string{
		"--addr\n:9000\nserve", "--debug\n--debug=x\n--", "--\n--addr", "---addr\nx", "-addr\n-5\n-", "--=x\n--tags\na,,b\n--labels\n=", "--pool.size=99999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, "\n")
		var cfg flagConfig
		set, err := config.Load(input{args: args}.source(), config.Section{Into: &cfg})
		from := 0
		for _, arg := range set.Args() {
			i := slices.Index(args[from:], arg)
			if i < 0 {
				t.Fatalf("%q: got argument %q, which was not given there", args, arg)
			}
			from += i + 1
		}
		end := slices.Index(set.Args(), "--")
		if end < 0 {
			end = len(set.Args())
		}
		for _, arg := range set.Args()[:end] {
			if strings.HasPrefix(arg, "--") && !strings.ContainsAny(arg[2:min(3, len(arg))], "0123456789") {
				t.Errorf("%q: got flag %q among the arguments, error %v", args, arg, err)
			}
		}
	})
}
