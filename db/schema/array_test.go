package schema_test

import (
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestArraysElsewhere: engines without arrays say so before anything is made.
func TestArraysElsewhere(t *testing.T) {
	t.Parallel()
	ops := []schema.Op{schema.CreateTable{Table: schema.Table{Name: "films", Columns: []schema.Column{{Name: "tags", Type: schema.Text.Array()}}}}}
	for _, d := range []schema.Dialect{schema.SQLite{}, schema.MariaDB{}, schema.MySQL{}} {
		_, err := d.Plan(schema.Schema{}, ops)
		if err == nil {
			t.Errorf("%s: got no error", d.Name())
			continue
		}
		want.Contains(t, err.Error(), "column films.tags is an array")
		want.Contains(t, err.Error(), "db.JSON")
	}
	plan, err := schema.Postgres{}.Plan(schema.Schema{}, ops)
	want.NoErr(t, err)
	want.Contains(t, plan.Statements[0], `tags text[] COLLATE "C" NOT NULL`)
}
