package db_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
)

// A rotation: the new key reads all after Reseal, and a value that was sealed
// under the table's former name is among it.
func TestReseal(t *testing.T) {
	t.Parallel()
	old, fresh := keys.Generate(), keys.Generate()
	url := "sqlite:" + filepath.Join(t.TempDir(), "reseal.db")
	ctx := openURL(t, db.Config{URL: url, Keys: config.Secret(old)})
	p := reel.Patients
	for i := range 5 {
		want.NoErr(t, p.Insert(ctx, &reel.Patient{Name: db.Conceal(fmt.Sprint("n", i)), Note: new(db.Conceal("x"))}))
	}
	ring, err := keys.Parse(old)
	want.NoErr(t, err)
	former, err := ring.Seal("ashlar db secret 1 people.name", []byte("former"), nil)
	want.NoErr(t, err)
	_, err = db.Exec(ctx, "UPDATE patients SET name = ? WHERE id = 1", former)
	want.NoErr(t, err)

	with := func(list string) (names []string, n int64, err error) {
		d, err := db.Open(db.Config{URL: url, Keys: config.Secret(list)}, sqlite.Driver)
		want.NoErr(t, err)
		defer d.Close()
		ctx := db.NewContext(t.Context(), d)
		if strings.Contains(list, ",") {
			n, err = p.Reseal(ctx, 2)
			want.NoErr(t, err)
		}
		all, err := p.OrderBy(p.ID.Asc()).All(ctx)
		for _, row := range all {
			names = append(names, row.Name.Reveal())
		}
		return names, n, err
	}
	_, _, err = with(fresh)
	want.Err(t, err, keys.ErrInvalid)
	want.Equal(t, err.Error(), "db: secret patients.name of row 1: keys: not signed or sealed by this ring for this use")
	names, n, err := with(fresh + "," + old)
	want.NoErr(t, err)
	want.Equal(t, n, 5)
	want.Equal(t, fmt.Sprint(names), "[former n1 n2 n3 n4]")
	names, _, err = with(fresh)
	want.NoErr(t, err)
	want.Equal(t, fmt.Sprint(names), "[former n1 n2 n3 n4]")
	_, _, err = with(old)
	want.Err(t, err, keys.ErrInvalid)
}

// Without keys nothing is written, and nobody sees the value.
func TestSecretsNeedKeys(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	ctx := open(t, db.Config{})
	err := reel.Patients.Insert(ctx, &reel.Patient{Name: db.Conceal("hidden")})
	broken, ok := errors.AsType[*db.SecretError](err)
	if !ok || broken.Table != "patients" || broken.Column != "name" {
		t.Errorf("got %v, want a *db.SecretError of patients.name", err)
	}
	fmt.Fprint(&out, err)
	want.Contains(t, out.String(), "A1513", "DB_KEYS")
	_, err = reel.Patients.Reseal(ctx, 1)
	want.Contains(t, err.Error(), "A1513")
	_, err = reel.Films.Reseal(ctx, 1)
	want.Contains(t, err.Error(), "A1506")
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	p := reel.Patient{Name: db.Conceal("hidden"), Scan: db.Conceal([]byte("hidden")), Note: new(db.Conceal("hidden"))}
	hides := struct{ s db.Secret[string] }{p.Name}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", p, &p, hides)
		fmt.Fprintf(&out, verb+verb+"\n", p.Name, p.Note)
	}
	text, err := json.Marshal(p)
	want.NoErr(t, err)
	out.Write(text)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "p", p, "name", p.Name)
	fmt.Fprint(&out, reel.Patients.Name.Set("hidden"), p.Name.Encode("a.b"))
	for _, leak := range []string{"hidden", "68696464656e", "104 105"} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("got %q in %s", leak, out.String())
		}
	}
	var in db.Secret[string]
	want.NoErr(t, json.Unmarshal([]byte(`"given"`), &in))
	want.Equal(t, in.Reveal(), "given")
	if err := json.Unmarshal([]byte(`"hidden"`), new(db.Secret[int])); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("got %v, want an error without the value", err)
	}
}
