package main

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// A task is what the contenders are asked to do. entry returns it for one.
type task struct {
	name, title string
	judged      judged
	entry       func(l *lane) measure.Entry
}

// insertCount is how many rows the task of many inserts adds.
const insertCount = 1000

// Those that only read come first: what inserts leave behind would slow the
// faster contenders down more.
var tasks = [...]task{
	{"get", "Get a row by its key", asRaw, calls(100, func(ctx context.Context, s store, i int) error {
		_, err := s.get(ctx, int64(i*7%filmCount+1))
		return err
	})},
	{"list", "List 100 rows", asRaw, calls(10, func(ctx context.Context, s store, i int) error {
		_, err := s.list(ctx, genres[i%len(genres)])
		return err
	})},
	{"related", "List 100 rows with two relations", beatsPeers, calls(5, func(ctx context.Context, s store, i int) error {
		_, err := s.related(ctx, genres[i%len(genres)])
		return err
	})},
	{"aggregate", "Aggregate: count and maximum of each genre", beatsPeers, calls(5, func(ctx context.Context, s store, _ int) error {
		_, err := s.stock(ctx)
		return err
	})},
	{"update", "Update a row by an expression", beatsPeers, calls(20, func(ctx context.Context, s store, i int) error {
		return s.raise(ctx, int64(i*7%filmCount+1), 1)
	})},
	{"insert", "Insert one row", beatsPeers, insertOneEntry},
	{"insert-many", "Insert 1,000 rows", beatsPeers, insertEntry},
	{"web-query", "Web: one query", beatsPeers, web("/world", 40)},
	{"web-queries", "Web: 20 queries", batches, web("/queries", 5)},
	{"web-fortunes", "Web: fortunes", beatsPeers, web("/fortunes", 20)},
	{"web-updates", "Web: 20 updates", beatsPeers, web("/updates", 3)},
}

// calls is an entry of n calls.
func calls(n int, call func(ctx context.Context, s store, i int) error) func(*lane) measure.Entry {
	return func(l *lane) measure.Entry {
		return measure.Entry{Run: func(ctx context.Context) (int, error) {
			for i := range n {
				if err := call(ctx, l.store, i); err != nil {
					return 0, err
				}
			}
			return n, nil
		}}
	}
}

// web is an entry of n requests.
func web(path string, n int) func(*lane) measure.Entry {
	r := requestFor(path)
	return func(l *lane) measure.Entry {
		return measure.Entry{
			Prepare: func(context.Context) error { return l.web.client.refresh() },
			Run: func(context.Context) (int, error) {
				for range n {
					if err := l.web.client.ask(r); err != nil {
						return 0, fmt.Errorf("%s: %w", path, err)
					}
				}
				return n, nil
			},
		}
	}
}

func insertEntry(l *lane) measure.Entry {
	var films []*Film
	return measure.Entry{
		Prepare: func(ctx context.Context) error {
			films = makeFilms(insertCount)
			return l.store.trim(ctx, filmCount)
		},
		Run: func(ctx context.Context) (int, error) { return 1, l.store.insert(ctx, films) },
	}
}

func insertOneEntry(l *lane) measure.Entry {
	const n = 20
	var films []*Film
	return measure.Entry{
		Prepare: func(ctx context.Context) error {
			films = makeFilms(n)
			return l.store.trim(ctx, filmCount)
		},
		Run: func(ctx context.Context) (int, error) {
			for _, f := range films {
				if err := l.store.insertOne(ctx, f); err != nil {
					return 0, err
				}
			}
			return n, nil
		},
	}
}
