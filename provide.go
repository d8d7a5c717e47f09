package ashlar

import (
	"fmt"
	"net/http"
	"time"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/keys"
)

func (a *App) setting(key string) (string, bool) {
	for v := range a.settings.Values() {
		if v.Key == key {
			return v.Text, v.Source != "not set"
		}
	}
	return "", false
}

// provideOwn provides what belongs to the app rather than to a module.
func (a *App) provideOwn() {
	own := a.graph.Module("ashlar", "")
	own.Provide(a)
	own.Provide(a.log)
	own.Provide(Clock(a.clock))
	own.Provide(a.rules)
	own.Provide(a.client)
	own.Provide(a.keyRing)
}

func (a *App) client() *http.Client {
	if a.cfg.Client != nil {
		return a.cfg.Client
	}
	return &http.Client{Timeout: 30 * time.Second}
}

func (a *App) keyRing() (*keys.Ring, error) {
	if a.cfg.Keys != "" {
		return keys.Parse(a.cfg.Keys.Reveal())
	}
	if a.cfg.Env == Development || a.cfg.Env == Test {
		a.log.Debug("no keys configured: what is sealed now cannot be opened after the next start")
		return keys.Parse(keys.Generate())
	}
	return nil, &errs.Setup{Code: "A1007", What: fmt.Sprintf("no keys in environment %q", a.cfg.Env),
		Mend: "set ASHLAR_KEYS (or ASHLAR_KEYS_FILE) to the output of `openssl rand -base64 32`"}
}
