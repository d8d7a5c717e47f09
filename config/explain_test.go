package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

func explained(t *testing.T) *config.Set {
	t.Helper()
	root := rootConfig{Addr: ":8080"}
	db := dbConfig{Hosts: []string{"a", "b"}}
	in := input{
		files: map[string]string{
			"config.json":            "{\n  \"db\": {\"mode\": \"fast\"}\n}",
			"config.production.json": "{\n  \"db\": {\n    \"labels\": {\"z\": \"1\", \"a\": \"line\\nbreak\\u001b[31m\"}}}",
		},
		env:  map[string]string{"ASHLAR_ENV": "production", "DATABASE_URL": "postgres://app:pw@host/db", "DB_PASSWORD_FILE": "/run/pw"},
		disk: map[string]string{"/run/pw": "pw\n"},
		args: []string{"--debug"},
	}
	set, err := config.Load(in.source(),
		config.Section{Into: &root, Where: "app/main.go:10"},
		config.Section{Name: "db", Into: &db, Where: "app/main.go:12"})
	want.NoErr(t, err)
	return set
}

func TestExplain(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	want.NoErr(t, explained(t).Explain(&b))
	golden.Equal(t, "explain.txt", b.String())
}

func TestExplainWithoutFiles(t *testing.T) {
	t.Parallel()
	set, err := config.Load(input{}.source())
	want.NoErr(t, err)
	var b strings.Builder
	want.NoErr(t, set.Explain(&b))
	want.Equal(t, b.String(), "environment: development; files: none\n\nKEY  VALUE  SOURCE  DOC\n")
}

type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func TestExplainReportsTheWriter(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	want.Err(t, explained(t).Explain(full{cause}), cause)
}
