package session

import "context"

// Begin makes sure that there is a session, even one that holds nothing, and
// returns its reference; see [Ref]. The error is [ErrSent], or that ctx has no
// session.
func Begin(ctx context.Context) (ref string, err error) {
	s, err := use(ctx)
	if err != nil {
		return "", err
	}
	return s.ask(false)
}

// Ref returns the reference of the session: 22 random characters that name it
// from its beginning to its end, through every [Rotate]. It is what rows that
// belong to a session refer to, such as a visitor's cart. It is not the id in
// the cookie and opens nothing, so it may be stored and logged. It is false
// when there is no session; [Begin] makes one.
func Ref(ctx context.Context) (ref string, ok bool) {
	s, ok := from(ctx)
	if !ok {
		return "", false
	}
	return s.ref()
}

// Rotate gives the session a new id and a new CSRF secret and keeps its values
// and its reference. Call it on sign-in and at every other change of what the
// visitor may do: whoever knew or planted the old id has nothing then (session
// fixation). Without a session it begins one.
//
// The old id ends when this request is answered; forms that were shown before
// are refused from then on. What another request sets meanwhile with the old id
// is refused with an error of kind errs.Conflict. If this request ends in an
// internal error all stays as it was.
//
// Rotate is for the goroutine that serves the request. The error is
// [ErrSent], or that ctx has no session.
func Rotate(ctx context.Context) error {
	s, err := use(ctx)
	if err != nil {
		return err
	}
	_, err = s.ask(true)
	return err
}

// Destroy ends the session with all that it holds, as on sign-out. Nothing of
// it can be read from then on; what is set afterwards, such as a farewell with
// [AddFlash], begins another session.
//
// The driver removes the session when the request is answered, outside of any
// transaction of the request and also when that ends in an error: a sign-out is
// not taken back. If the driver cannot, that is the request's error, and the
// visitor keeps the cookie to try again.
//
// Destroy is for the goroutine that serves the request. The error is
// [ErrSent], or that ctx has no session.
func Destroy(ctx context.Context) error {
	s, err := use(ctx)
	if err != nil {
		return err
	}
	return s.destroy()
}
