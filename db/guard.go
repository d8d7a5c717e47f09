package db

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// longTx is how long a transaction may be open before the guard tells of it.
const longTx = 10 * time.Second

// A guard watches transactions in development, for Config.OnMisuse. A nil one
// does nothing.
type guard struct {
	report func(context.Context, error)
	mu     sync.Mutex
	open   map[uint64]*watched // by the goroutine that opened it
}

// watched is an open transaction.
type watched struct {
	at    string // where Tx was called
	timer *time.Timer
	told  bool // that two goroutines use it
}

func newGuard(report func(context.Context, error)) *guard {
	if report == nil {
		return nil
	}
	return &guard{report: report, open: map[uint64]*watched{}}
}

// begin notes that this goroutine opened a transaction, and returns what ends
// the watch.
func (g *guard) begin(ctx context.Context, t *transaction) func() {
	if g == nil {
		return nothing
	}
	w := &watched{at: caller()}
	w.timer = time.AfterFunc(longTx, func() {
		g.report(ctx, fmt.Errorf("db: the transaction of %s has been open for %v: others wait for it, so it does nothing slow and ends", w.at, longTx))
	})
	t.watched = w
	id := goroutine()
	g.mu.Lock()
	defer g.mu.Unlock()
	outer := g.open[id] // of another database
	g.open[id] = w
	return func() {
		w.timer.Stop()
		g.mu.Lock()
		defer g.mu.Unlock()
		if outer == nil {
			delete(g.open, id)
			return
		}
		g.open[id] = outer
	}
}

// beside reports a statement on the pool while this goroutine has a
// transaction open: its context was not passed on.
func (g *guard) beside(ctx context.Context) {
	if g == nil {
		return
	}
	g.mu.Lock()
	w := g.open[goroutine()]
	g.mu.Unlock()
	if w != nil {
		g.report(ctx, misuse("A1507", "db: a query outside of the transaction that was opened at "+w.at,
			"pass on the context that db.Tx gave to its function"))
	}
}

// shared reports that a goroutine waits for another one of its transaction.
func (g *guard) shared(ctx context.Context, w *watched) {
	if g == nil || w == nil {
		return
	}
	g.mu.Lock()
	told := w.told
	w.told = true
	g.mu.Unlock()
	if !told {
		g.report(ctx, misuse("A1507", "db: two goroutines use the transaction that was opened at "+w.at+" at the same time",
			"let one of them query; a transaction has one connection"))
	}
}

// left reports the transactions that are open when the database is closed.
func (g *guard) left(ctx context.Context) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range g.open {
		g.report(ctx, fmt.Errorf("db: the transaction of %s has not ended when the database is closed", w.at))
	}
}

// goroutine returns the number of this goroutine, which the runtime tells in
// a stack trace alone.
func goroutine() uint64 {
	var buf [64]byte
	text := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(text, []byte(" "))
	id, _ := strconv.ParseUint(string(number), 10, 64)
	return id
}
