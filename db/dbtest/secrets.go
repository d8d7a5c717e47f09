package dbtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// Keys are what the databases of the suite are opened with, as db.Config.Keys.
const Keys config.Secret = "kVTJl2yHzx7CGFoSLVUxj3EJNW2lD9CLXmL7fyLK2xY"

func testSecrets(t *testing.T, ctx context.Context) {
	p := reel.Patients
	full := &reel.Patient{
		Name: db.Conceal("Ann Plain"), Scan: db.Conceal([]byte{0, 255, 'x'}), History: db.Conceal([]reel.Visit{{Why: "plain cough", Cost: 400}}),
		Note: new(db.Conceal("it's plain")), Attrs: &db.JSON[reel.Attrs]{V: reel.Attrs{Kind: "x"}},
	}
	bare := &reel.Patient{}
	want.NoErr(t, p.Insert(ctx, full, bare))
	got, err := p.Get(ctx, full.ID)
	want.NoErr(t, err)
	want.Equal(t, got.Name.Reveal(), "Ann Plain")
	want.Equal(t, got.Scan.Reveal(), []byte{0, 255, 'x'})
	want.Equal(t, got.History.Reveal(), []reel.Visit{{Why: "plain cough", Cost: 400}})
	want.Equal(t, got.Note.Reveal(), "it's plain")
	want.Equal(t, got.Attrs.V.Kind, "x")
	got, err = p.Where(p.Note.IsNull(), p.Attrs.IsNull()).First(ctx)
	want.NoErr(t, err)
	want.Equal(t, got.ID, bare.ID)
	want.Equal(t, got.Name.Reveal(), "")
	if got.Note != nil || got.Attrs != nil {
		t.Errorf("got %v and %v, want none", got.Note, got.Attrs)
	}

	rows, err := db.SQL[*db.Row](ctx, "SELECT name, scan, history, note FROM patients WHERE id = ?", full.ID)
	want.NoErr(t, err)
	var texts [4]string
	want.NoErr(t, rows[0].Scan(&texts[0], &texts[1], &texts[2], &texts[3]))
	for _, text := range texts {
		if len(text) < 44 || strings.Contains(text, "lain") {
			t.Errorf("got %q in the database, want what is sealed", text)
		}
	}
	_, err = p.Where(p.ID.Eq(full.ID)).Update(ctx, p.Name.Set("Bo"), p.Note.SetNull(), p.Attrs.SetNull())
	want.NoErr(t, err)
	full.Scan = db.Conceal([]byte("saved"))
	want.NoErr(t, p.Save(ctx, full, p.Scan))
	got, err = p.Get(ctx, full.ID)
	want.NoErr(t, err)
	want.Equal(t, got.Name.Reveal()+string(got.Scan.Reveal()), "Bosaved")
	want.Equal(t, got.Note == nil && got.Attrs == nil, true)
	n, err := p.Import(ctx, func(yield func(*reel.Patient) bool) { yield(&reel.Patient{Name: db.Conceal("Imported")}) })
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	last, err := p.OrderBy(p.ID.Desc()).First(ctx)
	want.NoErr(t, err)
	want.Equal(t, last.Name.Reveal(), "Imported")
	n, err = p.Reseal(ctx, 2)
	want.NoErr(t, err)
	want.Equal(t, n, 3)
	got, err = p.Get(ctx, full.ID)
	want.NoErr(t, err)
	want.Equal(t, got.Name.Reveal(), "Bo")
	brokenSecrets(t, ctx, full.ID)
}

// brokenSecrets: what was changed or moved is an error that tells where.
func brokenSecrets(t *testing.T, ctx context.Context, id int64) {
	t.Helper()
	p := reel.Patients
	for _, change := range []string{"history = name", "name = scan", "name = 'plain'", "name = ''", "note = name"} {
		_, err := db.Exec(ctx, "UPDATE patients SET "+change+" WHERE id = ?", id)
		want.NoErr(t, err)
		column := change[:strings.IndexByte(change, ' ')]
		for _, read := range []func() error{
			func() error { _, err := p.Get(ctx, id); return err },
			func() error { _, err := p.Where(p.ID.Eq(id)).All(ctx); return err },
			func() error {
				for _, err := range p.Where(p.ID.Eq(id)).Each(ctx) {
					return err
				}
				return nil
			},
			func() error { _, err := p.Reseal(ctx, 10); return err },
		} {
			broken, ok := errors.AsType[*db.SecretError](read())
			if !ok || broken.Table != "patients" || broken.Column != column || broken.Key != fmt.Sprint(id) {
				t.Errorf("%s: got %v, want a *db.SecretError of column %s and row %d", change, broken, column, id)
			}
		}
		want.NoErr(t, p.Save(ctx, &reel.Patient{ID: id}))
	}
}
