package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/internal/want"
)

// kills is how often each test of this file kills the shop.
const kills = 20

// killWithin kills p at a random moment of the next d.
func killWithin(p *process, d time.Duration) {
	select {
	case <-p.ended:
	case <-time.After(rand.N(d)):
	}
	p.kill()
}

// sound runs f with a look at a database file that no process has open, and
// holds that the file is in good order.
func sound(t *testing.T, file string, f func(t *testing.T, data context.Context)) {
	t.Helper()
	t.Run("", func(t *testing.T) { // ends the look before the next process starts
		data := looked(t, file)
		rows, err := db.SQL[*db.Row](data, "PRAGMA integrity_check")
		want.NoErr(t, err)
		var text string
		want.NoErr(t, rows[0].Scan(&text))
		want.Equal(t, text, "ok")
		rows, err = db.SQL[*db.Row](data, "PRAGMA foreign_key_check")
		want.NoErr(t, err)
		want.Equal(t, len(rows), 0)
		f(t, data)
	})
}

// TestKilledWhileImporting kills the shop during its first start, again and
// again: the next start finds all films or none, and imports them then.
func TestKilledWhileImporting(t *testing.T) {
	t.Parallel()
	first := time.Now()
	run(t, "DATABASE_URL=sqlite:reel.db").url()
	takes := time.Since(first) // on this machine, now

	dir, none, all := t.TempDir(), 0, 0
	for range kills {
		killWithin(runIn(t, dir, nil, "DATABASE_URL=sqlite:reel.db"), takes*5/4)
		done := false
		sound(t, filepath.Join(dir, "reel.db"), func(t *testing.T, data context.Context) {
			n := number(t, data, "SELECT count(*) FROM sqlite_schema WHERE name = 'films'")
			if n == 1 {
				n = number(t, data, "SELECT count(*) FROM films")
			}
			switch n {
			case 0:
				none++
			case films:
				all++
				done = true
			default:
				t.Errorf("got %d films, want %d or none", n, films)
			}
		})
		if done {
			dir = t.TempDir()
		}
	}
	t.Logf("a first start takes %v; killed %d times before the films were stored, %d times after", takes.Round(time.Millisecond), none, all)

	p := runIn(t, dir, nil, "DATABASE_URL=sqlite:reel.db")
	p.url()
	p.kill()
	sound(t, filepath.Join(dir, "reel.db"), func(t *testing.T, data context.Context) {
		want.Equal(t, number(t, data, "SELECT count(*) FROM films"), films)
	})
}

// TestKilledWhileSelling kills the shop while visitors order, again and again:
// what left the shelf is in the orders, every order is whole, and whoever was
// led to an order has it.
func TestKilledWhileSelling(t *testing.T) {
	t.Parallel()
	file := copied(t)
	var bestsellers []*catalog.Film
	var initial int64
	sound(t, file, func(t *testing.T, data context.Context) {
		keep(t, data, 100)
		_, err := catalog.Films.Where(catalog.Films.Votes.GT(300_000)).Update(data, catalog.Films.Stock.Set(100_000))
		want.NoErr(t, err)
		bestsellers, err = catalog.Films.OrderBy(catalog.Films.Votes.Desc()).Limit(4).All(data)
		want.NoErr(t, err)
		initial = number(t, data, "SELECT sum(stock) FROM films")
	})

	var mu sync.Mutex
	var promised []string
	for i := range kills {
		p := run(t, "DATABASE_URL=sqlite:"+file)
		shop, sold, once := p.url(), make(chan struct{}), sync.Once{}
		var shoppers sync.WaitGroup
		for _, f := range bestsellers {
			shoppers.Go(func() {
				s := newShopper(shop)
				defer s.http.CloseIdleConnections()
				for {
					to, err := s.buy(f.Slug, number10(f.ID))
					if err != nil {
						return // killed
					}
					token, ok := strings.CutPrefix(to, "/orders/")
					if !ok {
						t.Errorf("got led to %q, want an order", to)
						return
					}
					mu.Lock()
					promised = append(promised, token)
					mu.Unlock()
					once.Do(func() { close(sold) })
				}
			})
		}
		if i%2 > 0 { // a machine may be too slow to sell before it is killed
			select {
			case <-sold:
			case <-time.After(time.Minute):
			}
		}
		killWithin(p, 300*time.Millisecond)
		shoppers.Wait()
		sound(t, file, func(t *testing.T, data context.Context) {
			for _, f := range bestsellers {
				want.Equal(t, number(t, data, `SELECT stock + (SELECT coalesce(sum(quantity), 0) FROM order_lines WHERE film_id = films.id)
					FROM films WHERE id = ?`, f.ID), f.Stock)
			}
			want.Equal(t, number(t, data, `SELECT (SELECT sum(stock) FROM films) + (SELECT coalesce(sum(quantity), 0) FROM order_lines)`), initial)
			want.Equal(t, number(t, data, `SELECT count(*) FROM orders o WHERE films IS NOT
				(SELECT sum(quantity * price) FROM order_lines l WHERE l.order_id = o.id) OR total != films + delivery`), 0)
		})
	}
	sound(t, file, func(t *testing.T, data context.Context) {
		for _, token := range promised {
			want.Equal(t, number(t, data, "SELECT count(*) FROM orders WHERE token = ?", token), 1)
		}
		t.Logf("killed %d times during %d orders, of which %d were answered", kills,
			number(t, data, "SELECT count(*) FROM orders"), len(promised))
	})
	if len(promised) == 0 {
		t.Error("got no order at all, so that the kills show nothing")
	}
}
