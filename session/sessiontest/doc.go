// Package sessiontest proves that a driver of package session does what
// session.Driver says. The test of a driver is three lines:
//
//	func TestSuite(t *testing.T) {
//		sessiontest.Run(t, sessiontest.Server, func(t *testing.T) (context.Context, session.Driver) { … })
//	}
//
// It is for tests of drivers only; an app is tested through its routes.
package sessiontest
