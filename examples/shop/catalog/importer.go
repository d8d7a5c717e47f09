package catalog

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
)

//go:embed data/movies.json
var movies []byte

// batch is how many films are inserted by one call.
const batch = 200

// Console is where the import reports to.
type Console struct {
	Out      io.Writer
	Terminal bool // Out is one: draw a bar
	Columns  int  // of the terminal; 0: 80
}

// Import fills an empty catalog from the file that comes with the shop, in one
// transaction: a process that is killed on the way leaves an empty catalog, and
// the next start imports again.
func Import(ctx context.Context, data []byte, console Console) (*Report, error) {
	report := NewReport()
	total := bytes.Count(data, []byte(`"Title":`))
	bar := NewProgress(console.Out, ProgressConfig{
		Label: "Importing films", Unit: "films", Total: int64(total), Terminal: console.Terminal,
		Columns: console.Columns, Now: func() time.Time { return ashlar.Now(ctx) },
	})
	defer bar.End()
	err := db.Tx(ctx, func(ctx context.Context) error {
		in := inserter{bySlug: map[string]*Film{}}
		for rec, err := range Read(bytes.NewReader(data), report) {
			if err != nil {
				return err
			}
			if err := in.add(ctx, rec); err != nil {
				return err
			}
			bar.Set(int64(report.Read))
		}
		return in.flush(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("import films: %w", err)
	}
	return report, nil
}

// inserter collects films so that many go into one statement.
type inserter struct {
	waiting []*Film
	bySlug  map[string]*Film
}

func (in *inserter) add(ctx context.Context, rec Record) error {
	film := filmOf(rec)
	if rec.Supersedes {
		old := in.bySlug[rec.Slug]
		if old.ID != 0 { // stored already
			film.ID = old.ID
			in.bySlug[rec.Slug] = film
			return Films.Save(ctx, film)
		}
		*old = *film
		return nil
	}
	in.bySlug[rec.Slug] = film
	in.waiting = append(in.waiting, film)
	if len(in.waiting) < batch {
		return nil
	}
	return in.flush(ctx)
}

func (in *inserter) flush(ctx context.Context) error {
	err := Films.Insert(ctx, in.waiting...)
	in.waiting = in.waiting[:0]
	return err
}

// Module joins the catalog to the app: it imports the films at the first start.
func Module(console Console) ashlar.Module {
	return ashlar.Module{
		Name: "catalog",
		Doc:  "the films, imported at the first start",
		Setup: func(s *ashlar.Setup) error {
			var log *slog.Logger
			s.Need(&log)
			s.Run(ashlar.Service{Start: func(ctx context.Context) error {
				there, err := Films.Exists(ctx)
				if err != nil || there {
					return err
				}
				report, err := Import(ctx, movies, console)
				if err != nil {
					return err
				}
				log.Info("films imported", "read", report.Read, "kept", report.Kept)
				_, err = fmt.Fprint(console.Out, report)
				return err
			}})
			return nil
		},
	}
}
