package main

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/view"
)

// The web tests: small apps over the loopback device. Ashlar is whole: its
// server, actions, encoder and pages. The peers are their stores behind
// net/http, encoding/json and html/template.

//go:embed templates
var files embed.FS

// many is how many rows a request of two of the tests reads or changes.
const many = 20

// A site is a server in this process, with one connection to it.
type site struct {
	client *client
	stop   func() error
}

// keys gives each request other rows, the same ones to all contenders.
type keys struct{ requests atomic.Int64 }

func (k *keys) one() int64 { return k.requests.Add(1)*7919%worldCount + 1 }

// several are in their order, so that no two transactions wait for each other.
func (k *keys) several() []int64 {
	first := k.requests.Add(1) * 7919
	ids := make([]int64, many)
	for i := range ids {
		ids[i] = (first+int64(i)*worldCount/many)%worldCount + 1
	}
	slices.Sort(ids)
	return ids
}

// withOne adds a saying to those of the database and sorts all of them.
func withOne(list []*Fortune) []*Fortune {
	list = append(list, &Fortune{Message: "Added while you were waiting."})
	slices.SortFunc(list, func(a, b *Fortune) int { return cmp.Compare(a.Message, b.Message) })
	return list
}

// openSite starts the server of a store.
func openSite(ctx context.Context, s store) (*site, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	serve, shutdown, err := server(ctx, s)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- serve(l) }()
	c, err := dial(l.Addr().String())
	if err != nil {
		return nil, errors.Join(err, shutdown(), <-ended)
	}
	return &site{c, func() error {
		err := shutdown()
		if e := <-ended; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		return err
	}}, nil
}

func (s *site) close() error { return errors.Join(s.client.close(), s.stop()) }

// server returns what serves a store, and what ends that.
func server(ctx context.Context, s store) (serve func(net.Listener) error, shutdown func() error, err error) {
	if own, ok := s.(*ashlarStore); ok {
		app, err := startApp(ctx, own.url)
		if err != nil {
			return nil, nil, err
		}
		srv := &httpd.Server{Handler: app}
		return srv.Serve, func() error {
			return errors.Join(srv.Shutdown(context.Background()), app.Stop(context.Background()))
		}, nil
	}
	handler, err := peerHandler(s)
	srv := &http.Server{Handler: handler}
	return srv.Serve, func() error { return srv.Shutdown(context.Background()) }, err
}

type none struct{}

var fortunesPage = view.Page[[]*Fortune]("fortunes.html")

// startApp starts an app with a database and pages, in production's settings
// but without the stages that the peers do not have.
func startApp(ctx context.Context, url string) (*ashlar.App, error) {
	templates, err := fs.Sub(files, "templates")
	if err != nil {
		return nil, err
	}
	app := ashlar.New(ashlar.Config{
		Hosts: []string{"*"}, Log: slog.New(slog.DiscardHandler), Dir: embed.FS{}, LookupEnv: environment,
		InsecureOmitStages: []string{"request-id", "log", "headers", "compress", "conditional", "host", "static", "limit", "timeout", "csrf"},
	},
		db.Module(db.Config{URL: url}, sqlite.Driver, postgres.Driver, mariadb.Driver),
		view.Module(view.Config{FS: templates}))
	var k keys
	ashlar.Get(app.Router, "/world", func(ctx context.Context, _ none) (*World, error) { return Worlds.Get(ctx, k.one()) })
	ashlar.Get(app.Router, "/queries", func(ctx context.Context, _ none) ([]*World, error) { return readWorlds(ctx, k.several()) })
	ashlar.Get(app.Router, "/updates", func(ctx context.Context, _ none) ([]*World, error) { return changeWorlds(ctx, k.several()) })
	ashlar.Get(app.Router, "/fortunes", func(ctx context.Context, _ none) (ashlar.Response, error) {
		list, err := Fortunes.All(ctx)
		return fortunesPage.With(withOne(list)), err
	})
	return app, app.Start(ctx)
}

// environment is that of a server in production, whatever runs the benchmark.
func environment(name string) (string, bool) {
	if name == "ASHLAR_ENV" {
		return ashlar.Production, true
	}
	return "", false
}

func peerHandler(s store) (http.Handler, error) {
	page, err := template.ParseFS(files, "templates/fortunes.html")
	if err != nil {
		return nil, err
	}
	var k keys
	mux := http.NewServeMux()
	mux.HandleFunc("GET /world", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.world(r.Context(), k.one())
		writeJSON(w, v, err)
	})
	mux.HandleFunc("GET /queries", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.worlds(r.Context(), k.several())
		writeJSON(w, v, err)
	})
	mux.HandleFunc("GET /updates", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.change(r.Context(), k.several())
		writeJSON(w, v, err)
	})
	mux.HandleFunc("GET /fortunes", func(w http.ResponseWriter, r *http.Request) {
		list, err := s.fortunes(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, withOne(list)) // the client may go
	})
	return mux, nil
}

func writeJSON(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the types can be encoded, and the client may go
}
