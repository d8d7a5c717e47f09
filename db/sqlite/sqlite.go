package sqlite

import (
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// Driver is the driver for URLs that begin with "sqlite:".
var Driver engine.Driver = sqliteDriver{}

const scheme = "sqlite"

type sqliteDriver struct{}

func (sqliteDriver) Scheme() string { return scheme }

func (sqliteDriver) Open(o engine.Options) (engine.Pool, error) {
	path := strings.TrimPrefix(o.URL, scheme+":")
	if strings.HasPrefix(path, "///") {
		path = path[2:]
	}
	switch {
	case path == "":
		return nil, badURL(o.URL, "no file", `"sqlite:app.db" is a file beside the program, "sqlite::memory:" needs none`)
	case strings.HasPrefix(path, "//"):
		return nil, badURL(o.URL, "a host", `SQLite has no hosts: write "sqlite:app.db" or "sqlite:/var/lib/app/app.db"`)
	case strings.ContainsAny(path, "?\x00"):
		return nil, badURL(o.URL, "settings after ?", "the settings are the other fields of db.Config")
	}
	return newPool(path, o), nil
}

func badURL(url, what, mend string) error {
	return &errs.Setup{Code: "A1502", What: fmt.Sprintf("db.Config.URL: %s in %q", what, url), Mend: mend}
}
