package migrate_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "reel")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(db.Config{URL: "sqlite::memory:"}, sqlite.Driver)
	if err != nil {
		log.Fatal(err)
	}
	defer d.Close()

	// In a program, the models' schema is generated, and the clock is the app's.
	models := schema.Schema{Tables: []schema.Table{{
		Name:       "films",
		Columns:    []schema.Column{{Name: "id", Type: schema.Int, Auto: true}, {Name: "title", Type: schema.Text}},
		PrimaryKey: []string{"id"},
	}}}
	now := func() time.Time { return time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC) }
	m := migrate.New(os.DirFS(dir), migrate.SQLite{}, now, migrate.Config{})

	f, err := m.Make(models, migrate.MakeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := f.Write(filepath.Join(dir, "migrations")); err != nil {
		log.Fatal(err)
	}
	fmt.Print(f.Text())
	if err := m.WriteUp(ctx, os.Stdout, d, 0); err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Check(ctx, d, models))
	// Output:
	// -- ashlar:migration 20260131093000_create_films
	// -- ashlar:op create_table films (
	// --   id int auto
	// --   title text
	// --   primary key (id)
	// -- )
	// -- ashlar:up
	// CREATE TABLE films (
	//     id INTEGER PRIMARY KEY AUTOINCREMENT,
	//     title TEXT NOT NULL
	// ) STRICT;
	// -- ashlar:down
	// -- loses the rows of films
	// DROP TABLE films;
	// applied 20260131093000_create_films (0s)
	// 1 migration ran
	// <nil>
}
