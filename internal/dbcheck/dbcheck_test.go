package dbcheck_test

import (
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/dbcheck"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// models is where packages may import the models of package db's own tests.
const models = "./db/internal/reel/testdata/"

func found(t *testing.T, patterns ...string) string {
	t.Helper()
	r, err := dbcheck.Check("../..", patterns...)
	want.NoErr(t, err)
	var s strings.Builder
	for _, p := range r.Problems {
		s.WriteString(p.String() + "\n")
	}
	return s.String()
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	golden.Equal(t, "mistakes.txt", found(t, models+"mistakes"))
}

// TestRight: no false alarms, in what is made to provoke them and in real code.
func TestRight(t *testing.T) {
	t.Parallel()
	want.Equal(t, found(t, models+"right"), "")
	want.Equal(t, found(t, "./examples/shop/...", "./db/internal/reel", "./session/..."), "")
}

// TestBroken: what does not compile is reported where it does not.
func TestBroken(t *testing.T) {
	t.Parallel()
	got := found(t, "./internal/dbcheck/testdata/broken")
	want.Contains(t, got, "testdata/broken/broken.go:8:", "Fims")
	want.Contains(t, found(t, "./internal/dbcheck/testdata/nowhere"), "nowhere")
}
