package mariadb_test

import (
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/dbtest"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

func open(t testing.TB, config db.Config) *db.DB {
	t.Helper()
	if config.URL == "" {
		config.URL = realdb.MariaDB(t)
	}
	d, err := db.Open(config, mariadb.Driver, mariadb.MySQL)
	want.NoErr(t, err)
	return d
}

func TestSuite(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, schema.MariaDB{}, func(t *testing.T) *db.DB { return open(t, db.Config{Keys: dbtest.Keys}) })
}
