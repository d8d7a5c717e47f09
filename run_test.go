package ashlar_test

import (
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestRunAfterStart holds that a command line which comes too late is refused:
// its settings were read already.
func TestRunAfterStart(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, nil)
	var out strings.Builder
	err := app.Run(t.Context(), []string{"routes"}, &out)
	if err == nil {
		t.Fatal("got no error, want one that says what to do")
	}
	want.Contains(t, err.Error(), `run ["routes"]`, "make another one")
	want.Equal(t, out.String(), "")
}
