package cart

import (
	"context"
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/validate"
)

// A Cart belongs to one session.
//
//ashlar:model
type Cart struct {
	ID        int64     `db:"pk"`
	TouchedAt time.Time `db:"index"` // when it changed last
}

// A CartLine is one film in a cart.
//
//ashlar:model
type CartLine struct {
	CartID   int64 `db:"pk,references=carts.id,ondelete=cascade"`
	FilmID   int64 `db:"pk,references=films.id,index"`
	Quantity int64 `db:"check=quantity between 1 and 99"`
}

// MaxQuantity is how many copies of a film one cart holds, MaxLines how many
// films.
const (
	MaxQuantity = 99
	MaxLines    = 100
)

// current is the cart's id in the session.
var current = session.NewKey[int64]("cart")

// Lines returns what is in the visitor's cart, at the prices of now, in the
// order of titles.
func Lines(ctx context.Context) ([]catalog.Line, error) {
	id, ok := current.Get(ctx)
	if !ok {
		return nil, nil
	}
	rows, err := CartLines.Where(CartLines.CartID.Eq(id)).Limit(MaxLines).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	quantities := map[int64]int64{}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i], quantities[r.FilmID] = r.FilmID, r.Quantity
	}
	films, err := catalog.Films.Where(catalog.Films.ID.In(ids...)).
		OrderBy(catalog.Films.Title.Asc(), catalog.Films.ID.Asc()).All(ctx)
	if err != nil {
		return nil, err
	}
	lines := make([]catalog.Line, len(films))
	for i, f := range films {
		if lines[i], err = catalog.NewLine(f, quantities[f.ID]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// Count returns how many copies are in the visitor's cart.
func Count(ctx context.Context) (int, error) {
	id, ok := current.Get(ctx)
	if !ok {
		return 0, nil
	}
	rows, err := CartLines.Where(CartLines.CartID.Eq(id)).Limit(MaxLines).All(ctx)
	n := 0
	for _, r := range rows {
		n += int(r.Quantity)
	}
	return n, err
}

// Add puts copies of a film into the visitor's cart, which begins with the
// first one. More than there are, or than a cart may hold, is an error by the
// field quantity.
func Add(ctx context.Context, film *catalog.Film, quantity int64) error {
	return db.Tx(ctx, func(ctx context.Context) error {
		id, err := begin(ctx)
		if err != nil {
			return err
		}
		line, err := CartLines.Get(ctx, id, film.ID)
		if errs.KindOf(err) == errs.NotFound {
			n, err := CartLines.Where(CartLines.CartID.Eq(id)).Count(ctx)
			if err != nil {
				return err
			}
			if n >= MaxLines {
				return validate.Fail("film", "max", "The cart is full.")
			}
			return put(ctx, &CartLine{CartID: id, FilmID: film.ID, Quantity: quantity}, film, true)
		}
		if err != nil {
			return err
		}
		line.Quantity += quantity
		return put(ctx, line, film, false)
	})
}

// Set makes the cart hold so many copies of a film; 0 takes it out.
func Set(ctx context.Context, film *catalog.Film, quantity int64) error {
	id, ok := current.Get(ctx)
	if !ok {
		return errs.NotFound.New("Your cart is empty.")
	}
	return db.Tx(ctx, func(ctx context.Context) error {
		line, err := CartLines.Get(ctx, id, film.ID)
		if errs.KindOf(err) == errs.NotFound {
			return errs.NotFound.Wrap(err, "This film is not in your cart.")
		}
		if err != nil {
			return err
		}
		if quantity == 0 {
			_, err := CartLines.Where(CartLines.CartID.Eq(id), CartLines.FilmID.Eq(film.ID)).Delete(ctx)
			return err
		}
		line.Quantity = quantity
		return put(ctx, line, film, false)
	})
}

func put(ctx context.Context, line *CartLine, film *catalog.Film, fresh bool) error {
	switch {
	case film.Stock == 0:
		return validate.Fail("quantity", "stock", "This film is sold out.")
	case line.Quantity > film.Stock:
		return validate.Fail("quantity", "stock", onlyLeft(film.Stock))
	case line.Quantity > MaxQuantity:
		return validate.Fail("quantity", "max", "A cart holds 99 copies of a film at most.")
	case fresh:
		return CartLines.Insert(ctx, line)
	}
	return CartLines.Save(ctx, line)
}

func onlyLeft(n int64) string {
	if n == 1 {
		return "Only one copy is left."
	}
	return "Only " + strconv.FormatInt(n, 10) + " copies are left."
}

// Empty takes everything out, once it was bought.
func Empty(ctx context.Context) error {
	id, ok := current.Get(ctx)
	if !ok {
		return nil
	}
	_, err := CartLines.Where(CartLines.CartID.Eq(id)).Delete(ctx)
	return err
}

// begin returns the id of the visitor's cart, and makes one if there is none.
func begin(ctx context.Context) (int64, error) {
	now := ashlar.Now(ctx)
	if id, ok := current.Get(ctx); ok {
		n, err := Carts.Where(Carts.ID.Eq(id)).Update(ctx, Carts.TouchedAt.Set(now))
		if err != nil || n == 1 {
			return id, err
		}
		// It was swept away meanwhile: begin anew.
	}
	c := &Cart{TouchedAt: now}
	if err := Carts.Insert(ctx, c); err != nil {
		return 0, err
	}
	return c.ID, current.Set(ctx, c.ID)
}
