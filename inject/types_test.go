package inject_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/inject"
)

// The parts of a small shop, as the tests join them.
type (
	DB     struct{ url string }
	Mailer interface{ Send(to string) error }
	SMTP   struct{ db *DB }
	Memory struct{ sent []string }
	Orders struct {
		db   *DB
		mail Mailer
	}
	Web    struct{ orders *Orders }
	Cart   struct{ db *DB }
	Region string
	Clock  func() int
	Panel  interface{ Title() string }
	Stock  struct{}
)

func (*SMTP) Send(string) error        { return nil }
func (m *Memory) Send(to string) error { m.sent = append(m.sent, to); return nil }
func (*Stock) Title() string           { return "stock" }
func (*Web) Title() string             { return "web" }

func newDB() *DB                              { return &DB{url: "sqlite:"} }
func newSMTP(db *DB) *SMTP                    { return &SMTP{db} }
func newOrders(db *DB, mail Mailer) *Orders   { return &Orders{db, mail} }
func newWeb(orders *Orders) *Web              { return &Web{orders} }
func newCart(_ context.Context, db *DB) *Cart { return &Cart{db} }

// at returns a module that stands at line n of the list, and whose own lines
// stand in a file named for it.
func at(g *inject.Graph, name string) *inject.Module {
	return g.Module(name, "main.go:"+name).At(name + "/module.go:12")
}

// codes lists the codes of the set-up problems in err.
func codes(t *testing.T, err error) []string {
	t.Helper()
	var all []string
	list, ok := err.(errs.List)
	if !ok && err != nil {
		list = errs.List{err}
	}
	for _, e := range list {
		var s *errs.Setup
		if !errors.As(e, &s) {
			t.Fatalf("got %T %v, want *errs.Setup", e, e)
		}
		all = append(all, s.Code)
	}
	return all
}
