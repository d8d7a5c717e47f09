package toml_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/config/toml"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

func load(text string, sections ...config.Section) (*config.Set, error) {
	return config.Load(config.Source{
		Dir:     fstest.MapFS{"config.toml": {Data: []byte(text)}},
		Formats: []config.Format{toml.Format{}},
	}, sections...)
}

// outline prints a node's keys, lines, kinds and texts.
func outline(n config.Node, indent string) string {
	kind := [...]string{"null", "bool", "number", "string", "array", "table"}[n.Kind]
	text := fmt.Sprintf("%s%d %s %s %q\n", indent, n.Line, n.Key, kind, n.Text)
	for _, item := range n.Items {
		text += outline(item, indent+"  ")
	}
	return text
}

func TestParse(t *testing.T) {
	t.Parallel()
	node, err := toml.Format{}.Parse([]byte("\ufeff" + `# comment
addr = ":80"
debug = true

[db]
pool.size = 1_000
ratio = 2.5e3
inf = -inf
"quoted key" = 'its'

[db.labels]
a = """
two
lines"""
b = "after them"

[implied.table]
hosts = ["a",
  "b"]
inline = {x = 1, y = {z = 2}}

[[list]]
name = "x"

[times]
zone = 1979-05-27T07:32:00.5-07:00
local = 1979-05-27T07:32:00
date = 1979-05-27
time = 07:32:00
`))
	want.NoErr(t, err)
	golden.Equal(t, "outline.txt", outline(node, ""))
}

// The library's messages come with its place, and with nothing of the file
// that could be a secret.
func TestSyntax(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, text := range []string{
		"a = 1\n\npassword = hunter2\n",
		"password = 0123456\n",
		"password = 99999999999999999999\n",
		"password = 12_34_\n",
		"password = 'x' 'hunter2'\n",
		"password = \"hunter2\nx\"\n",
		"password = \"hunter2",
		"password = \"\\hunter2\"\n",
		"password = \"\\u00zz hunter2\"\n",
		"password = hunter2\"\n",
		"password = 1979-05-27hunter2\n",
		"password = 1979-99-99\n",
		"password = 1.hunter2\n",
		"password = +0x12\n",
		"\n\"é\" = é\n",
		"a = 1\na = 2\n",
		"[a]\nb = 1\n[c]\n[a]\n",
		"a = 1\n[a.b]\n",
		"a = [1,\n2",
		"a.\n",
		"a = \"\x01\"",
		"a = \"\xff\"",
		"a\x00b",
		"= 1",
	} {
		_, err := toml.Format{}.Parse([]byte(text))
		pointsInto(t, []byte(text), err)
		if err == nil {
			t.Errorf("%q: got no error", text)
			continue
		}
		for _, leak := range []string{"hunter2", "123456", "9999", "12_34", "0x12"} {
			if strings.Contains(err.Error(), leak) {
				t.Errorf("%q: got %q, which holds %q", text, err, leak)
			}
		}
		fmt.Fprintf(&b, "%q\n\t%v\n", text, err)
	}
	golden.Equal(t, "syntax.txt", b.String())
}

func pointsInto(t *testing.T, data []byte, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var syntax *config.SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("%q: got %T, want a *config.SyntaxError", data, err)
	}
	lines := strings.Split(string(data), "\n")
	if syntax.Line < 1 || syntax.Line > len(lines) {
		t.Fatalf("%q: got line %d of %d: %v", data, syntax.Line, len(lines), err)
	}
	if columns := utf8.RuneCountInString(lines[syntax.Line-1]) + 1; syntax.Column < 1 || syntax.Column > columns {
		t.Fatalf("%q: got column %d of %d: %v", data, syntax.Column, columns, err)
	}
}

type dbConfig struct {
	URL      string
	Password config.Secret
	PoolSize int8 `max:"64"`
	Wait     time.Duration
	MaxRow   config.Size
	Level    slog.Level
	Ratio    float64
	Hosts    []string
	Ports    []uint16
	Labels   map[string]string
	Until    time.Time
	Cache    struct{ Size int }
}

func TestLoad(t *testing.T) {
	t.Parallel()
	var got dbConfig
	set, err := load(`
[db]
url = "sqlite:reel.db"
password = "pw"
pool_size = 8
wait = "30s"
max_row = 4096
level = "WARN"
ratio = 1
hosts = ["a", "b"]
ports = [80, 443]
until = 2030-01-02T03:04:05Z
cache.size = 3
[db.labels]
a = "1"
`, config.Section{Name: "db", Into: &got})
	want.NoErr(t, err)
	exp := dbConfig{
		URL: "sqlite:reel.db", Password: "pw", PoolSize: 8, Wait: 30 * time.Second, MaxRow: 4 * config.KiB,
		Level: slog.LevelWarn, Ratio: 1, Hosts: []string{"a", "b"}, Ports: []uint16{80, 443},
		Labels: map[string]string{"a": "1"}, Until: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	exp.Cache.Size = 3
	want.Equal(t, got, exp)
	for v := range set.Values() {
		if v.Key == "db.cache.size" {
			want.Equal(t, v.Source, "config.toml:13")
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	var db dbConfig
	_, err := load(`adr = 1
[db]
ulr = "x"
pool_size = 65
wait = 30
level = 2030-01-02
hosts = "a"
ports = [
  80,
  -1,
]
labels = {a = 1}
cache = 5

[dbb.c]
x = 1

[[db.password]]
x = 1
`, config.Section{Name: "db", Into: &db, Where: "main.go:12"})
	golden.Equal(t, "mistakes.txt", err.Error()+"\n")
}

func TestDepth(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a = " + strings.Repeat("[", 500) + strings.Repeat("]", 500),
		strings.Repeat("a.", 500) + "a = 1",
		"a = " + strings.Repeat("{a = ", 500) + "1" + strings.Repeat("}", 500),
		strings.Repeat("[", 1<<20),
		strings.Repeat("a.", 1<<19),
	} {
		_, err := toml.Format{}.Parse([]byte(text))
		if err == nil {
			t.Errorf("%.20q…: got no error, want one", text)
		}
		pointsInto(t, []byte(text), err)
	}
	_, err := toml.Format{}.Parse([]byte(strings.Repeat("a.", config.MaxDepth-1) + "a = 1"))
	want.NoErr(t, err)
}

// FuzzFormat checks that any file is read or refused with a place inside it.
func FuzzFormat(f *testing.F) {
	for _, seed := range []string{
		"", "a = 1", "[a]\nb.c = [1, {d = 'x'}]\n", "[[a]]\n[[a]]\n", "\ufeffa = }", "\xff\xfea = 1", "a = 07:32:00\r\n", "a = \"", "a\x00", "\"⌚",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		node, err := toml.Format{}.Parse(data)
		pointsInto(t, data, err)
		lines := strings.Count(string(data), "\n") + 1
		var check func(config.Node)
		check = func(n config.Node) {
			if n.Line < 1 || n.Line > lines {
				t.Fatalf("%q: got key %q on line %d of %d", data, n.Key, n.Line, lines)
			}
			for _, item := range n.Items {
				check(item)
			}
		}
		if err == nil {
			check(node)
		}
	})
}
