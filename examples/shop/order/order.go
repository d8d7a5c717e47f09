package order

import (
	"context"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/money"
	"github.com/ashlar-go/ashlar/keys"
)

// An Order was placed. Its token is the only way to its page.
//
//ashlar:model
type Order struct {
	ID       int64       `db:"pk"`
	Token    string      `db:"size=64,unique"`
	Name     string      `db:"size=100"`
	Email    string      `db:"size=254"`
	Street   string      `db:"size=200"`
	Postcode string      `db:"size=12"`
	City     string      `db:"size=100"`
	Country  string      `db:"size=60"`
	Films    money.Cents `db:"check=films >= 0"`
	Delivery money.Cents `db:"check=delivery >= 0"`
	Total    money.Cents `db:"check=total = films + delivery"`
	PlacedAt time.Time   `db:"index"`

	Lines []*OrderLine
}

// Number returns the order's number as customers are told it.
func (o *Order) Number() string { return fmt.Sprintf("R-%06d", o.ID) }

// An OrderLine is a film of an order, at the price of that moment.
//
//ashlar:model
type OrderLine struct {
	OrderID  int64       `db:"pk,references=orders.id,ondelete=cascade"`
	FilmID   int64       `db:"pk,references=films.id,index"`
	Quantity int64       `db:"check=quantity >= 1"`
	Price    money.Cents `db:"check=price >= 0"`

	Order *Order
	Film  *catalog.Film
}

// An Address is who gets the films, and where.
type Address struct {
	Name, Email, Street, Postcode, City, Country string
}

// Sums is what an order costs.
type Sums struct{ Films, Delivery, Total money.Cents }

// Delivery costs a flat rate, and nothing from an amount on.
const (
	deliveryRate money.Cents = 490
	deliveryFree money.Cents = 5000
)

// SumsOf adds up the lines of a cart.
func SumsOf(lines []catalog.Line) (Sums, error) {
	var s Sums
	var err error
	for _, l := range lines {
		if s.Films, err = s.Films.Add(l.Sum); err != nil {
			return Sums{}, err
		}
	}
	if s.Films < deliveryFree && len(lines) > 0 {
		s.Delivery = deliveryRate
	}
	s.Total, err = s.Films.Add(s.Delivery)
	return s, err
}

// ErrEmpty says that there is nothing to order.
var ErrEmpty error = errs.Conflict.New("Your cart is empty.")

// A ShortError says that there are fewer copies left than are wanted.
type ShortError struct {
	Film *catalog.Film // as it is now
}

// Error names the film.
func (e *ShortError) Error() string {
	return fmt.Sprintf("film %d: %d copies left", e.Film.ID, e.Film.Stock)
}

// Is reports whether target is errs.Conflict.
func (e *ShortError) Is(target error) bool { return target == errs.Conflict }

// Place takes the stock of every line and writes the order, in one
// transaction, or does nothing and returns a [ShortError] or [ErrEmpty].
func Place(ctx context.Context, lines []catalog.Line, to Address) (*Order, error) {
	if len(lines) == 0 {
		return nil, ErrEmpty
	}
	var o *Order
	err := db.Tx(ctx, func(ctx context.Context) error {
		err := take(ctx, lines)
		if err == nil {
			o, err = write(ctx, lines, to)
		}
		return err
	})
	return o, err
}

// take lowers the stock. The condition in the update decides who gets the last
// copy, not what was read before.
func take(ctx context.Context, lines []catalog.Line) error {
	films := catalog.Films
	for _, l := range lines {
		n, err := films.Where(films.ID.Eq(l.Film.ID), films.Stock.GTE(l.Quantity)).Update(ctx, films.Stock.Add(-l.Quantity))
		if err != nil {
			return err
		}
		if n == 0 {
			now, err := catalog.ByID(ctx, l.Film.ID)
			if err != nil {
				return err
			}
			return &ShortError{now}
		}
	}
	return nil
}

func write(ctx context.Context, lines []catalog.Line, to Address) (*Order, error) {
	sums, err := SumsOf(lines)
	if err != nil {
		return nil, err
	}
	o := &Order{
		Token: keys.Token(24), Name: to.Name, Email: to.Email, Street: to.Street, Postcode: to.Postcode,
		City: to.City, Country: to.Country, Films: sums.Films, Delivery: sums.Delivery, Total: sums.Total,
		PlacedAt: ashlar.Now(ctx),
	}
	if err := Orders.Insert(ctx, o); err != nil {
		return nil, err
	}
	rows := make([]*OrderLine, len(lines))
	for i, l := range lines {
		rows[i] = &OrderLine{OrderID: o.ID, FilmID: l.Film.ID, Quantity: l.Quantity, Price: l.Film.Price}
	}
	return o, OrderLines.Insert(ctx, rows...)
}

// ByToken returns an order and its lines. Sum and price are those of the day
// it was placed.
func ByToken(ctx context.Context, token string) (*Order, []catalog.Line, error) {
	o, err := Orders.Where(Orders.Token.Eq(token)).First(ctx)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil, errs.NotFound.Wrap(err, "There is no such order.")
	}
	if err != nil {
		return nil, nil, err
	}
	rows, err := OrderLines.Where(OrderLines.OrderID.Eq(o.ID)).All(ctx)
	if err != nil {
		return nil, nil, err
	}
	lines := make([]catalog.Line, len(rows))
	for i, r := range rows {
		film, err := catalog.ByID(ctx, r.FilmID)
		if err != nil {
			return nil, nil, err
		}
		film.Price = r.Price
		if lines[i], err = catalog.NewLine(film, r.Quantity); err != nil {
			return nil, nil, err
		}
	}
	return o, lines, nil
}
