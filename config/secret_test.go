package config_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/internal/want"
)

// canary is the secret that must not be seen anywhere.
const canary = "hunter2canary"

func TestSecretPrints(t *testing.T) {
	t.Parallel()
	secret := config.Secret(canary)
	type printed struct {
		Password config.Secret
		Keys     []config.Secret
		Next     *config.Secret
	}
	holder := printed{secret, []config.Secret{secret}, &secret}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%t", "%c", "%U", "%e", "%10.3s", "%T"} {
		fmt.Fprintf(&out, verb+"\n", secret)
		fmt.Fprintf(&out, verb+"\n", &secret)
		fmt.Fprintf(&out, verb+"\n", holder)
	}
	fmt.Fprintln(&out, errors.New(fmt.Sprint("x: ", secret)))
	want.NoErr(t, json.NewEncoder(&out).Encode(holder))
	want.NoErr(t, json.NewEncoder(&out).Encode(map[string]config.Secret{"a": secret}))
	want.NoErr(t, xml.NewEncoder(&out).Encode(holder))
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "secret", secret, "holder", holder)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "secret", secret, "holder", holder)
	for _, leak := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%d", []byte(canary)), canary[:3]} {
		if strings.Contains(strings.ToLower(out.String()), leak) {
			t.Errorf("got %q in:\n%s", leak, out.String())
		}
	}
	want.Equal(t, fmt.Sprint(secret), "[secret]")
	want.Equal(t, fmt.Sprintf("%#v", secret), `config.Secret("[secret]")`)
	want.Equal(t, fmt.Sprint(config.Secret("")), "")
	want.Equal(t, secret.Reveal(), canary)
}

type keeper struct {
	Password config.Secret `min:"" max:""`
	Keys     []config.Secret
	Tokens   map[string]config.Secret
	Maybe    *config.Secret
	URL      string
	Hosts    []string
	Port     int
}

func (k *keeper) Validate() error {
	return fmt.Errorf("reveals %s %v %s", k.Password.Reveal(), k.URL, strings.Join(k.Hosts, " "))
}

// holder is keeper without the tags that are mistakes.
type holder struct {
	Password config.Secret
	Keys     []config.Secret
	Tokens   map[string]config.Secret
	Maybe    *config.Secret
	URL      string
	Hosts    []string
	Port     int
	Base     *config.Size
}

func (h *holder) Validate() error {
	k := keeper{Password: h.Password, URL: h.URL, Hosts: h.Hosts}
	return k.Validate()
}

// The canary goes in at every place where a person may put a secret, rightly
// or by mistake, and must not come out.
func TestSecretNeverAppears(t *testing.T) {
	t.Parallel()
	url := "postgres://app:" + canary + "@host/db"
	file := func(text string) input {
		return input{files: map[string]string{"config.json": strings.ReplaceAll(text, "CANARY", canary)}}
	}
	env := func(pairs ...string) input {
		in := input{env: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			in.env[pairs[i]] = pairs[i+1]
		}
		return in
	}
	for name, in := range map[string]input{
		"file":                  file(`{"s": {"password": "CANARY", "keys": ["CANARY"], "tokens": {"a": "CANARY"}, "maybe": "CANARY"}}`),
		"wrong shape":           file(`{"s": {"password": ["CANARY"], "keys": "CANARY", "tokens": "CANARY", "maybe": {"a": "CANARY"}}}`),
		"unknown key":           file(`{"s": {"pasword": "CANARY"}}`),
		"unknown section":       file(`{"t": {"pasword": "CANARY"}}`),
		"twice":                 file(`{"s": {"password": "CANARY", "password": "x"}}`),
		"no quotes":             file(`{"s": {"password": CANARY}}`),
		"broken escape":         file(`{"s": {"password": "CANARY\x"}}`),
		"not closed":            file(`{"s": {"password": "CANARY`),
		"no comma":              file(`{"s": {"password": "x" "CANARY"}}`),
		"as a key":              file(`{"s": {CANARY: "x"}}`),
		"not json":              file(`CANARY`),
		"environment":           env("S_PASSWORD", canary, "S_KEYS", canary+","+canary, "S_TOKENS", "a="+canary, "S_MAYBE", canary),
		"token without name":    env("S_TOKENS", canary),
		"secret as path":        env("S_PASSWORD_FILE", canary),
		"both":                  env("S_PASSWORD_FILE", canary, "S_PASSWORD", canary),
		"url":                   env("S_URL", url, "S_HOSTS", url+",app:"+canary+"@tcp(host)/db"),
		"url with slash":        env("S_URL", "postgres://app:/"+canary+"/@host"),
		"url without user":      env("S_URL", "redis://:"+canary+"@host"),
		"url with parameter":    env("S_URL", "postgres://host/db?x=1&sslpassword="+canary+"&y=2"),
		"key and value string":  env("S_URL", "host=h user=u password="+canary+" dbname=d"),
		"url for number":        env("S_PORT", url, "S_BASE", url),
		"url for number (file)": file(`{"s": {"port": "postgres://app:CANARY@host/db", "base": "postgres://app:CANARY@host/db"}}`),
		"flags":                 {args: []string{"--s.password", canary, "--s.keys=" + canary, "--s.maybe=" + canary}},
		"misspelt flag":         {args: []string{"--s.pasword=" + canary}},
		"flag for number":       {args: []string{"--s.port=" + url}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var cfg holder
			set, err := config.Load(in.source(), config.Section{Name: "s", Into: &cfg, Where: "main.go:1"})
			if err == nil {
				t.Fatal("got no error, want at least that of Validate")
			}
			var out strings.Builder
			for e := range chain(err) {
				fmt.Fprintf(&out, "%v\n%+v\n", e, e)
			}
			want.NoErr(t, set.Explain(&out))
			for v := range set.Values() {
				want.NoErr(t, json.NewEncoder(&out).Encode(v))
				fmt.Fprintf(&out, "%v %+v %#v\n", v, v, v)
			}
			fmt.Fprintln(&out, set.Warnings())
			if strings.Contains(out.String(), canary) {
				t.Errorf("got the secret in:\n%s", out.String())
			}
		})
	}
}

// chain yields err and everything inside it.
func chain(err error) func(func(error) bool) {
	return func(yield func(error) bool) {
		var walk func(error) bool
		walk = func(err error) bool {
			if err == nil {
				return true
			}
			if !yield(err) {
				return false
			}
			switch e := err.(type) {
			case interface{ Unwrap() error }:
				return walk(e.Unwrap())
			case interface{ Unwrap() []error }:
				for _, inner := range e.Unwrap() {
					if !walk(inner) {
						return false
					}
				}
			}
			return true
		}
		walk(err)
	}
}

func TestSecretInTags(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Source{Dir: fstest.MapFS{}}, config.Section{Name: "s", Into: &keeper{Password: canary}})
	want.Contains(t, err.Error(), "A1302")
	if strings.Contains(err.Error(), canary) {
		t.Errorf("got the secret in %v", err)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	var cfg holder
	src := input{args: []string{"--s.password=" + canary}}.source()
	src.Dir = fstest.MapFS{"config.json": {Data: []byte(`{"s": {"password": "` + canary + `", "port": 1}}`), Mode: fs.FileMode(0o644)}}
	set, _ := config.Load(src, config.Section{Name: "s", Into: &cfg})
	got := strings.Join(set.Warnings(), "\n")
	want.Contains(t, got, "config.json:1 holds the secret s.password", "flag --s.password holds a secret")
	want.Equal(t, len(set.Warnings()), 2)
}

// Text that only looks a little like a password stays readable.
func TestRedactionIsModest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"sqlite:reel.db", ":9000", "someone@example.org", "https://example.org/a?page=2",
		"postgres://app@host/db", "https://[2001:db8::1]:8080/", "10:30", "a=b&c=d",
	} {
		cfg := struct{ Text string }{text}
		set, err := config.Load(input{}.source(), config.Section{Into: &cfg})
		want.NoErr(t, err)
		want.Equal(t, value(t, set, "text").Text, text)
	}
}
