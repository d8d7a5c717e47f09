package httpd

import "fmt"

// A Maker is a [Handler] that makes the exchanges which it serves, each as a
// part of a larger value: what it needs beside the Exchange for a request then
// comes with the same allocation.
//
//	type visit struct {
//		x     httpd.Exchange
//		began time.Time
//	}
//
//	func (v *visit) Exchange() *httpd.Exchange { return &v.x }
//	func (v *visit) Serve()                    { … }
//
//	func (site) NewExchange() httpd.Carrier { return new(visit) }
type Maker interface {
	Handler

	// NewExchange returns a value for the next request. It has to be a new one
	// each time: a request that is given an Exchange for the second time is
	// answered with 500. Several goroutines may call it.
	NewExchange() Carrier
}

// A Carrier is what a [Maker] makes.
type Carrier interface {
	// Exchange returns the Exchange inside, always the same one. It is the zero
	// Exchange until the server has filled it.
	Exchange() *Exchange

	// Serve answers it; all that is said of [Handler] holds for it.
	Serve()
}

// newExchange returns an Exchange to be filled, and who carries it, nil if
// nobody does.
func (s *Server) newExchange() (Carrier, *Exchange) {
	if s.maker == nil {
		return nil, new(Exchange)
	}
	carrier := s.maker.NewExchange()
	x := carrier.Exchange()
	if x.conn != nil {
		again := &givenTwice{maker: s.maker}
		return again, &again.x
	}
	return carrier, x
}

// givenTwice takes the place of an Exchange that a Maker gave out before.
type givenTwice struct {
	x     Exchange
	maker Maker
}

func (g *givenTwice) Exchange() *Exchange { return &g.x }

func (g *givenTwice) Serve() {
	panic(fmt.Sprintf("httpd: %T.NewExchange: gave out an Exchange for the second time; make a new one for each request", g.maker))
}
