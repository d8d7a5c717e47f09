package config_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// An input is everything that Load reads.
type input struct {
	files map[string]string // written with mode 0600
	env   map[string]string
	args  []string
	disk  map[string]string // what variables like X_FILE may name
}

func (in input) source() config.Source {
	dir := fstest.MapFS{}
	for name, text := range in.files {
		dir[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o600}
	}
	return config.Source{
		Dir:  dir,
		Env:  func(name string) (string, bool) { text, ok := in.env[name]; return text, ok },
		Args: in.args,
		ReadFile: func(name string) ([]byte, error) {
			if text, ok := in.disk[name]; ok {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
	}
}

func value(t *testing.T, set *config.Set, key string) config.Value {
	t.Helper()
	for v := range set.Values() {
		if v.Key == key {
			return v
		}
	}
	t.Fatalf("got no value for %q", key)
	return config.Value{}
}

// Each layer has to win over every weaker one and leave the stronger ones
// alone: all 64 sets of six layers are tried.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	layers := []struct{ text, source string }{
		{"1", "default"},
		{"2", "code"},
		{"3", "config.json:2"},
		{"4", "config.production.json:3"},
		{"5", "environment SHOP_LIMIT"},
		{"6", "flag --shop.limit"},
	}
	for mask := range 1 << len(layers) {
		in := input{files: map[string]string{}, env: map[string]string{"ASHLAR_ENV": "production"}}
		var with struct {
			Limit int `default:"1"`
		}
		var without struct{ Limit int }
		code := 0
		wantText, wantSource := "0", "not set"
		for i, layer := range layers {
			if mask&(1<<i) == 0 {
				continue
			}
			wantText, wantSource = layer.text, layer.source
			switch i {
			case 1:
				code = 2
			case 2:
				in.files["config.json"] = "{\n\"shop\": {\"limit\": 3}}"
			case 3:
				in.files["config.production.json"] = "{\"shop\":\n{\n\"limit\": 4}}"
			case 4:
				in.env["SHOP_LIMIT"] = "5"
			case 5:
				in.args = []string{"--shop.limit", "6"}
			}
		}
		with.Limit, without.Limit = code, code
		var into any = &without
		if mask&1 != 0 {
			into = &with
		}
		set, err := config.Load(in.source(), config.Section{Name: "shop", Into: into})
		want.NoErr(t, err)
		v := value(t, set, "shop.limit")
		if v.Text != wantText || v.Source != wantSource {
			t.Errorf("layers %06b: got %s from %s, want %s from %s", mask, v.Text, v.Source, wantText, wantSource)
		}
	}
}

type everything struct {
	Text     string
	On       bool
	Int8     int8
	Uint16   uint16
	Int64    int64
	Uint64   uint64
	Ratio    float64
	Timeout  time.Duration
	MaxBody  config.Size
	Password config.Secret
	Level    slog.Level
	Addr     netip.Addr
	Base     url.URL
	Proxy    *url.URL
	Retries  *int
	Names    []string
	Ports    []uint16
	Keys     []config.Secret
	Labels   map[string]string
	Pool     struct {
		HTTPSize int
		Renamed  int `config:"other"`
	}
	embedded
	Skipped string `config:"-"`
	Handler func()
	Driver  fs.FS
	Drivers []fs.FS
	_       int // not exported, in whatever name
}

type embedded struct{ Inner string }

// The same values, from a file and from the environment.
func TestTypes(t *testing.T) {
	t.Parallel()
	file := input{files: map[string]string{"config.json": `{"s": {
		"text": "a,b", "on": true, "int8": -128, "uint16": 65535,
		"int64": -9223372036854775808, "uint64": 18446744073709551615, "ratio": 2.5e-1,
		"timeout": "1h30m", "max_body": "10MiB", "password": "pw", "level": "WARN",
		"addr": "192.0.2.1", "base": "https://example.org/x", "proxy": "http://proxy:3128",
		"retries": 0, "names": ["a", "b"], "ports": [80, 443], "keys": ["k1", "k2"],
		"labels": {"a": "1", "b": "2"},
		"pool": {"http_size": 7, "other": 8}, "inner": "in"
	}}`}}
	environment := input{env: map[string]string{
		"S_TEXT": "a,b", "S_ON": "true", "S_INT8": "-128", "S_UINT16": "65535",
		"S_INT64": "-9223372036854775808", "S_UINT64": "18446744073709551615", "S_RATIO": "0.25",
		"S_TIMEOUT": "90m", "S_MAX_BODY": "10MiB", "S_PASSWORD": "pw", "S_LEVEL": "WARN",
		"S_ADDR": "192.0.2.1", "S_BASE": "https://example.org/x", "S_PROXY": "http://proxy:3128",
		"S_RETRIES": "0", "S_NAMES": "a, b", "S_PORTS": "80,443", "S_KEYS": "k1,k2",
		"S_LABELS": "a=1, b=2", "S_POOL_HTTP_SIZE": "7", "S_POOL_OTHER": "8", "S_INNER": "in",
		"S_SKIPPED": "no",
	}}
	for name, in := range map[string]input{"file": file, "environment": environment} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got everything
			_, err := config.Load(in.source(), config.Section{Name: "s", Into: &got})
			want.NoErr(t, err)
			exp := everything{
				Text: "a,b", On: true, Int8: -128, Uint16: 65535, Int64: -1 << 63, Uint64: 1<<64 - 1, Ratio: 0.25,
				Timeout: 90 * time.Minute, MaxBody: 10 * config.MiB, Password: "pw", Level: slog.LevelWarn,
				Addr:    netip.MustParseAddr("192.0.2.1"),
				Base:    url.URL{Scheme: "https", Host: "example.org", Path: "/x"},
				Proxy:   &url.URL{Scheme: "http", Host: "proxy:3128"},
				Retries: new(int), Names: []string{"a", "b"}, Ports: []uint16{80, 443},
				Keys:   []config.Secret{"k1", "k2"},
				Labels: map[string]string{"a": "1", "b": "2"}, embedded: embedded{Inner: "in"},
			}
			exp.Pool.HTTPSize, exp.Pool.Renamed = 7, 8
			want.Equal(t, got, exp)
		})
	}
}

func TestListsAreReplacedWhole(t *testing.T) {
	t.Parallel()
	cfg := struct {
		Names  []string
		Labels map[string]string
		Limit  *int
	}{Names: []string{"code"}, Labels: map[string]string{"code": "1"}, Limit: new(int)}
	in := input{
		files: map[string]string{"config.json": `{"names": [], "limit": null}`},
		env:   map[string]string{"ASHLAR_LABELS": "env=2"},
	}
	_, err := config.Load(in.source(), config.Section{Into: &cfg})
	want.NoErr(t, err)
	want.Equal(t, cfg.Names, []string{})
	want.Equal(t, cfg.Labels, map[string]string{"env": "2"})
	want.Equal(t, cfg.Limit, nil)
}

func TestVariables(t *testing.T) {
	t.Parallel()
	type pool struct {
		Size int
	}
	type cfg struct {
		URL  string `env:"DATABASE_URL,PG_URL"`
		Cert string
		// The variable of this one is the twin of the one before.
		CertFile string
		Pool     pool
	}
	for _, c := range []struct {
		name   string
		in     input
		want   cfg
		key    string
		source string
	}{
		{"regular before extra", input{env: map[string]string{"DB_URL": "a", "DATABASE_URL": "b"}},
			cfg{URL: "a"}, "db.url", "environment DB_URL"},
		{"extra", input{env: map[string]string{"DATABASE_URL": "b", "PG_URL": "c"}},
			cfg{URL: "b"}, "db.url", "environment DATABASE_URL"},
		{"second extra", input{env: map[string]string{"PG_URL": "c"}},
			cfg{URL: "c"}, "db.url", "environment PG_URL"},
		{"empty is not set", input{env: map[string]string{"DB_URL": "", "PG_URL": "c"}},
			cfg{URL: "c"}, "db.url", "environment PG_URL"},
		{"nested", input{env: map[string]string{"DB_POOL_SIZE": "9"}},
			cfg{Pool: pool{Size: 9}}, "db.pool.size", "environment DB_POOL_SIZE"},
		{"file, one line end cut off", input{env: map[string]string{"DB_URL_FILE": "/run/u"}, disk: map[string]string{"/run/u": "x \n\r\n"}},
			cfg{URL: "x \n"}, "db.url", "environment DB_URL_FILE"},
		{"file of extra", input{env: map[string]string{"PG_URL_FILE": "/run/u"}, disk: map[string]string{"/run/u": "x"}},
			cfg{URL: "x"}, "db.url", "environment PG_URL_FILE"},
		{"a setting's own variable is no twin", input{env: map[string]string{"DB_CERT_FILE": "/etc/cert"}},
			cfg{CertFile: "/etc/cert"}, "db.cert_file", "environment DB_CERT_FILE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got cfg
			set, err := config.Load(c.in.source(), config.Section{Name: "db", Into: &got})
			want.NoErr(t, err)
			want.Equal(t, got, c.want)
			want.Equal(t, value(t, set, c.key).Source, c.source)
		})
	}
}

func TestChecksPass(t *testing.T) {
	t.Parallel()
	cfg := struct {
		Unset   int             `min:"1"` // nobody wrote the zero
		Port    int             `min:"1" max:"65535" default:"65535"`
		Waits   []time.Duration `min:"1s" max:"1m" default:"1s,1m"`
		Body    config.Size     `max:"1MiB" default:"1024KiB"`
		Level   slog.Level      `oneof:"info warn" default:"WARN"`
		Mode    string          `oneof:"a b"`
		Ratio   *float64        `min:"0"`
		Planets []string        `required:"true" default:"earth"`
	}{}
	_, err := config.Load(input{}.source(), config.Section{Into: &cfg})
	want.NoErr(t, err)
	want.Equal(t, cfg.Body, config.MiB)
}

func TestEnvironmentName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env   string
		name  string
		limit int
		warns int
	}{
		{"", "development", 1, 0},
		{"development", "development", 1, 0},
		{"test", "test", 0, 0},
		{"eu-west_2", "eu-west_2", 2, 0},
		{"prodution", "prodution", 0, 1},
	} {
		var cfg struct{ Limit int }
		in := input{
			env: map[string]string{"ASHLAR_ENV": c.env},
			files: map[string]string{
				"config.development.json": `{"limit": 1}`,
				"config.eu-west_2.json":   `{"limit": 2}`,
			},
		}
		set, err := config.Load(in.source(), config.Section{Into: &cfg})
		want.NoErr(t, err)
		want.Equal(t, set.Env(), c.name)
		want.Equal(t, cfg.Limit, c.limit)
		want.Equal(t, len(set.Warnings()), c.warns)
	}
}

// A real directory: modes, links, and folders that are named like files.
func TestDirectory(t *testing.T) {
	t.Parallel()
	load := func(t *testing.T, dir string) (*config.Set, config.Secret, error) {
		var cfg struct{ Password config.Secret }
		set, err := config.Load(config.Source{Dir: os.DirFS(dir)}, config.Section{Name: "db", Into: &cfg})
		return set, cfg.Password, err
	}
	write := func(t *testing.T, path string, mode fs.FileMode) {
		want.NoErr(t, os.WriteFile(path, []byte(`{"db": {"password": "pw"}}`), 0o600))
		want.NoErr(t, os.Chmod(path, mode))
	}
	t.Run("private", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "config.json"), 0o640)
		set, password, err := load(t, dir)
		want.NoErr(t, err)
		want.Equal(t, password.Reveal(), "pw")
		want.Equal(t, set.Files(), []string{"config.json"})
		want.Equal(t, len(set.Warnings()), 0)
	})
	t.Run("world-readable", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "config.json"), 0o644)
		set, _, err := load(t, dir)
		want.NoErr(t, err)
		want.Equal(t, set.Warnings(), []string{
			"config.json:1 holds the secret db.password and everybody on this machine may read it: " +
				"chmod o-r config.json, or use DB_PASSWORD_FILE",
		})
	})
	t.Run("link", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "real"), 0o600)
		want.NoErr(t, os.Symlink("real", filepath.Join(dir, "config.json")))
		_, password, err := load(t, dir)
		want.NoErr(t, err)
		want.Equal(t, password.Reveal(), "pw")
	})
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		want.NoErr(t, os.Mkdir(filepath.Join(dir, "config.json"), 0o700))
		_, _, err := load(t, dir)
		want.Contains(t, err.Error(), "config.json: not a regular file", "A1303")
	})
}

func TestSecretFileFromDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "password")
	var cfg struct{ Password config.Secret }
	load := func() error {
		_, err := config.Load(config.Source{
			Dir: fstest.MapFS{},
			Env: func(name string) (string, bool) {
				if name == "DB_PASSWORD_FILE" {
					return path, true
				}
				return "", false
			},
		}, config.Section{Name: "db", Into: &cfg})
		return err
	}
	want.NoErr(t, os.WriteFile(path, []byte("pw\n"), 0o600))
	want.NoErr(t, load())
	want.Equal(t, cfg.Password.Reveal(), "pw")
	want.NoErr(t, os.WriteFile(path, bytes.Repeat([]byte("x"), 1<<20+1), 0o600))
	want.Contains(t, load().Error(), "A1312")
}

func TestErrorsAreSetupMistakes(t *testing.T) {
	t.Parallel()
	var cfg struct {
		Port int `min:"1"`
		Name string
	}
	in := input{env: map[string]string{"ASHLAR_PORT": "0"}, args: []string{"--nme=x"}}
	set, err := config.Load(in.source(), config.Section{Into: &cfg})
	var list errs.List
	if !errors.As(err, &list) || len(list) != 2 {
		t.Fatalf("got error %v, want a list of two", err)
	}
	for i, code := range []string{"A1313", "A1310"} {
		var setup *errs.Setup
		if !errors.As(list[i], &setup) || setup.Code != code {
			t.Errorf("got error %v, want an *errs.Setup with code %s", list[i], code)
		}
	}
	if set == nil {
		t.Error("got no set, want one that explains what is known")
	}
}

type refusing struct{ err error }

func (r *refusing) Validate() error { return r.err }

func TestValidateKeepsTheCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("url and host exclude each other")
	_, err := config.Load(input{}.source(), config.Section{Name: "db", Into: &refusing{err: cause}})
	want.Err(t, err, cause)
	want.Contains(t, err.Error(), "db: url and host exclude each other")
}

func TestSetIsReadConcurrently(t *testing.T) {
	t.Parallel()
	var cfg everything
	set, err := config.Load(input{args: []string{"a", "b"}}.source(), config.Section{Name: "s", Into: &cfg})
	want.NoErr(t, err)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			var b strings.Builder
			if err := set.Explain(&b); err != nil {
				t.Error(err)
			}
			args := set.Args()
			args[0] = "changed" // a copy
			if got := len(slices.Collect(set.Values())); got != 22 {
				t.Errorf("got %d values, want 22", got)
			}
		})
	}
	group.Wait()
	want.Equal(t, set.Args(), []string{"a", "b"})
}

func TestZeroSource(t *testing.T) {
	t.Chdir(t.TempDir()) // not parallel: the working directory is the default
	want.NoErr(t, os.WriteFile("config.json", []byte(`{"name": "here"}`), 0o600))
	var cfg struct{ Name string }
	set, err := config.Load(config.Source{}, config.Section{Into: &cfg})
	want.NoErr(t, err)
	want.Equal(t, cfg.Name, "here")
	want.Equal(t, maps.Collect(func(yield func(string, string) bool) {
		for v := range set.Values() {
			yield(v.Key, v.Source)
		}
	}), map[string]string{"name": "config.json:1"})
}
