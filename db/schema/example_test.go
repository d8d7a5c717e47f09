package schema_test

import (
	"fmt"
	"log"

	"github.com/ashlar-go/ashlar/db/schema"
)

func Example() {
	id := schema.Column{Name: "id", Type: schema.Int, Auto: true}
	title := schema.Column{Name: "title", Type: schema.Text, Size: 200}
	before := schema.Schema{Tables: []schema.Table{
		{Name: "films", Columns: []schema.Column{id, title}, PrimaryKey: []string{"id"}},
	}}
	// The model's field Title became Name, and there is a new one.
	name := schema.Column{Name: "name", Type: schema.Text, Size: 200, Was: "title"}
	stock := schema.Column{Name: "stock", Type: schema.Int, Default: "0"}
	models := schema.Schema{Tables: []schema.Table{
		{Name: "films", Columns: []schema.Column{id, name, stock}, PrimaryKey: []string{"id"}},
	}}

	ops, err := schema.Diff(before, models)
	if err != nil {
		log.Fatal(err)
	}
	if err := schema.Review(before, ops, schema.ReviewOptions{}); err != nil {
		log.Fatal(err)
	}
	plan, err := schema.SQLite{}.Plan(before, ops)
	if err != nil {
		log.Fatal(err)
	}
	for _, statement := range plan.Statements {
		fmt.Println(statement)
	}
	// Output:
	// ALTER TABLE films RENAME COLUMN title TO name
	// ALTER TABLE films ADD COLUMN stock INTEGER NOT NULL DEFAULT 0
}

func ExampleReview() {
	table := func(c schema.Column) schema.Schema {
		return schema.Schema{Tables: []schema.Table{{Name: "films", Columns: []schema.Column{{Name: "id", Type: schema.Int}, c}}}}
	}
	before := table(schema.Column{Name: "title", Type: schema.Text, Null: true})
	models := table(schema.Column{Name: "name", Type: schema.Text, Null: true})
	ops, err := schema.Diff(before, models)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(schema.Review(before, ops, schema.ReviewOptions{}))
	// Output:
	// schema: column films.title would be dropped with its values, and films.name be added, which may be the same
	// 	mend: if name is title under another name, say so with the tag db:"was=title" on its field; if the values of title may go, pass --allow-drop; on a terminal, migrate make asks
	// 	see docs/errors.md#A1536
}
