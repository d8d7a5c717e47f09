// Command shop is Reel, a shop for films on disc: the example of a whole
// application. It needs nothing but itself: run it and open the address that
// it prints.
package main

import (
	"io"
	"os"
	"slices"
	_ "time/tzdata" // the sales are told by the clocks of New York, wherever the shop runs

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/examples/shop/cart"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/migrations"
	"github.com/ashlar-go/ashlar/examples/shop/order"
	"github.com/ashlar-go/ashlar/examples/shop/pages"
	"github.com/ashlar-go/ashlar/examples/shop/sales"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/dbstore"
)

func main() {
	shop(ashlar.Config{Name: "reel"}, console(os.Stderr)).Main()
}

// shop returns the app. Its list is the whole of it.
func shop(cfg ashlar.Config, out catalog.Console) *ashlar.App {
	return ashlar.New(cfg,
		db.Module(db.Config{URL: "sqlite:reel.db"}, sqlite.Driver), // DATABASE_URL names another
		session.Module(session.Config{}, dbstore.Store),
		tables(),
		migrate.Module(migrate.Options{Apply: true, Dir: "examples/shop/migrations/migrations"}),
		catalog.Module(out),
		cart.Module(),
		sales.Module(),
		pages.Views(),
		pages.Module(),
	)
}

// tables brings the shop's models and migrations.
func tables() ashlar.Module {
	return ashlar.Module{
		Name: "tables",
		Doc:  "the models of the shop and their migrations",
		Setup: func(s *ashlar.Setup) error {
			s.Add(db.Schema{
				Models:     slices.Concat(catalog.Models(), cart.Models(), order.Models()),
				Migrations: migrations.Files,
			})
			return nil
		},
	}
}

// console reports to a person: with a bar when a person is watching.
func console(f *os.File) catalog.Console {
	info, err := f.Stat()
	return catalog.Console{Out: io.Writer(f), Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}
