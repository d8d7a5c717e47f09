package main

import (
	"context"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// A task is what the stores are asked to do. entry returns it for one store.
type task struct {
	title string
	entry func(s store) measure.Entry
}

// insertCount is how many rows the task of many inserts adds.
const insertCount = 1000

var tasks = [...]task{
	{"Get a row by its key", getEntry},
	{"List 100 rows: the newest of one genre", listEntry},
	{"Insert one row", insertOneEntry},
	{"Insert 1,000 rows in one transaction", insertEntry},
	{"Update a row by an expression", updateEntry},
	{"Aggregate: count and maximum of each genre", stockEntry},
}

func getEntry(s store) measure.Entry {
	return measure.Entry{Run: func(ctx context.Context) (int, error) {
		const calls = 100
		for i := range calls {
			if _, err := s.get(ctx, int64(i*7%filmCount+1)); err != nil {
				return 0, err
			}
		}
		return calls, nil
	}}
}

func listEntry(s store) measure.Entry {
	return measure.Entry{Run: func(ctx context.Context) (int, error) {
		const calls = 20
		for i := range calls {
			if _, err := s.list(ctx, genres[i%len(genres)]); err != nil {
				return 0, err
			}
		}
		return calls, nil
	}}
}

func insertEntry(s store) measure.Entry {
	var films []*Film
	return measure.Entry{
		Prepare: func(ctx context.Context) error {
			films = makeFilms(insertCount)
			return s.trim(ctx, filmCount)
		},
		Run: func(ctx context.Context) (int, error) { return 1, s.insert(ctx, films) },
	}
}

func insertOneEntry(s store) measure.Entry {
	const calls = 20
	var films []*Film
	return measure.Entry{
		Prepare: func(ctx context.Context) error {
			films = makeFilms(calls)
			return s.trim(ctx, filmCount)
		},
		Run: func(ctx context.Context) (int, error) {
			for _, f := range films {
				if err := s.insertOne(ctx, f); err != nil {
					return 0, err
				}
			}
			return calls, nil
		},
	}
}

func updateEntry(s store) measure.Entry {
	return measure.Entry{Run: func(ctx context.Context) (int, error) {
		const calls = 20
		for i := range calls {
			if err := s.raise(ctx, int64(i*7%filmCount+1), 1); err != nil {
				return 0, err
			}
		}
		return calls, nil
	}}
}

func stockEntry(s store) measure.Entry {
	return measure.Entry{Run: func(ctx context.Context) (int, error) {
		const calls = 5
		for range calls {
			if _, err := s.stock(ctx); err != nil {
				return 0, err
			}
		}
		return calls, nil
	}}
}
