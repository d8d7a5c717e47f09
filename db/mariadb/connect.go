package mariadb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/go-sql-driver/mysql"
)

// modes make the server speak standard SQL and refuse what does not fit.
// Without NO_AUTO_VALUE_ON_ZERO, a row with the key 0 would get another one.
const modes = "ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE," +
	"ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO"

// The ending of an abandoned statement may take killPatience; who abandoned it
// waits for killWait of that.
const (
	killPatience = 5 * time.Second
	killWait     = 2 * time.Second
)

// setup returns the statements that every session begins with.
func (p *pool) setup(write bool) string {
	wait := max(1, int(math.Ceil(p.options.BusyTimeout.Seconds())))
	access := "READ ONLY"
	if write {
		access = "READ WRITE"
	}
	limit := ""
	if t := p.options.StatementTimeout; t > 0 {
		limit = ", " + p.flavour.limit + " = " + p.flavour.duration(t)
	}
	return fmt.Sprintf("SET NAMES utf8mb4 COLLATE %s; SET SESSION sql_mode = '%s', time_zone = '+00:00', "+
		"innodb_lock_wait_timeout = %d, lock_wait_timeout = %d, %s = 4294967295%s; "+
		"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, %s",
		p.flavour.collation, modes, wait, wait, p.flavour.recursion, limit, access)
}

// duration writes d as the variable that limits statements takes it: MariaDB's
// is in seconds, MySQL's in milliseconds.
func (f *flavour) duration(d time.Duration) string {
	if f.scheme == "mysql" {
		return strconv.FormatInt(max(1, d.Milliseconds()), 10)
	}
	return strconv.FormatFloat(max(d.Seconds(), 0.001), 'f', 3, 64)
}

// connect opens one connection and sets its session up.
func (p *pool) connect(ctx context.Context, write bool) (*session, error) {
	patience, cancel := context.WithTimeout(ctx, p.options.BusyTimeout)
	defer cancel()
	s, err := p.dial(patience)
	if err == nil {
		err = s.begin(patience, p.setup(write))
	}
	if err == nil {
		return s, nil
	}
	if s != nil {
		_ = s.Close()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	// The system may notice that ctx's time is over before ctx does.
	var timeout net.Error
	limit, _ := patience.Deadline()
	if own, ok := ctx.Deadline(); ok && !own.After(limit) && errors.As(err, &timeout) && timeout.Timeout() {
		return nil, context.DeadlineExceeded
	}
	return nil, p.connectError(err)
}

// dial opens a connection whose net.Conn the session can close by itself.
func (p *pool) dial(ctx context.Context) (*session, error) {
	s := newSession(p)
	config := p.config.Clone()
	config.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetNoDelay(true) // is the default
		}
		s.wire = c
		return c, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	c, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	s.conn = c.(connection)
	return s, nil
}

// begin learns about the server and sets the session up.
func (s *session) begin(ctx context.Context, setup string) error {
	stop := context.AfterFunc(ctx, s.interrupt)
	defer stop()
	var version string
	rows, err := s.conn.Query("SELECT @@version, connection_id(), @@auto_increment_increment", nil)
	if err != nil {
		return err
	}
	row := make([]driver.Value, 3)
	if err := rows.Next(row); err != nil {
		return errors.Join(err, rows.Close())
	}
	version = text(row[0])
	s.id, _ = strconv.ParseInt(text(row[1]), 10, 64)
	s.step, _ = strconv.ParseInt(text(row[2]), 10, 64)
	if err := rows.Close(); err != nil {
		return err
	}
	if err := s.pool.flavour.check(version); err != nil {
		return err
	}
	if _, err := s.conn.Exec(setup, nil); err != nil {
		return err
	}
	if !s.pool.flavour.returning {
		return nil
	}
	// Servers older than 10.6.18, 10.11.8, 11.4.2 do not know it.
	_, err = s.conn.Exec("SET SESSION innodb_snapshot_isolation = 1", nil)
	if number(err) == codeUnknownVariable {
		err = nil
	}
	return err
}

func text(v driver.Value) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

// check refuses servers that this package does not know how to speak to.
func (f *flavour) check(version string) error {
	if maria := strings.Contains(version, "MariaDB"); maria != (f.scheme == "mariadb") {
		return &errs.Setup{Code: "A1511", What: fmt.Sprintf("mariadb: the server has version %s, which is no %s", version, f.name),
			Mend: fmt.Sprintf("begin the URL with %q, and pass its driver", f.other+":")}
	}
	var has [3]int
	numbers, _, _ := strings.Cut(version, "-")
	for i, n := range strings.SplitN(numbers, ".", 3) {
		has[i], _ = strconv.Atoi(n)
	}
	for i := range has {
		if has[i] > f.oldest[i] {
			break
		}
		if has[i] < f.oldest[i] {
			return &errs.Setup{Code: "A1511", What: fmt.Sprintf("mariadb: the server has version %s of %s", version, f.name),
				Mend: fmt.Sprintf("use %d.%d.%d or later", f.oldest[0], f.oldest[1], f.oldest[2])}
		}
	}
	return nil
}

// connectError says in the user's words why the server cannot be reached.
func (p *pool) connectError(err error) error {
	var setup *errs.Setup
	if errors.As(err, &setup) {
		return err
	}
	where := p.config.Addr
	refused := func(what, mend string) error {
		s := &errs.Setup{Code: "A1511", What: fmt.Sprintf("mariadb: connect to %s: %s", where, what), Mend: mend}
		return &errs.Error{Kind: errs.Unavailable, Err: joined{s, err}}
	}
	switch number(err) {
	case codeAccessDenied, codeAccessDeniedNoPassword, codeHostNotAllowed, codeDatabaseDenied:
		return refused(fmt.Sprintf("the server does not let user %q in", p.config.User),
			"put the right user and password into the URL, and let that user use the database: GRANT ALL ON "+p.config.DBName+".* TO …")
	case codeUnknownDatabase:
		return refused(fmt.Sprintf("there is no database %q", p.config.DBName),
			"make it: CREATE DATABASE "+p.config.DBName+" CHARACTER SET utf8mb4")
	case codeTooManyConnections, codeTooManyOfUser:
		return unavailable("the server has no more connections to give; lower Config.MaxReaders and Config.MaxWriters or raise its max_connections", err)
	}
	return fmt.Errorf("mariadb: connect to %s: %w: %w", where, engine.ErrGone, err)
}

// joined is an error with a cause that its text leaves out.
type joined struct{ setup, cause error }

func (j joined) Error() string   { return j.setup.Error() }
func (j joined) Unwrap() []error { return []error{j.setup, j.cause} }

// kill ends what the server still does for a connection that was cut: by itself
// the server looks for that only when it has something to send, so an UPDATE
// that waits for a lock would be done long after its caller was told that it
// took too long. kill returns when the server was told, or after killWait.
func (p *pool) kill(id int64) {
	told := make(chan struct{})
	p.killers.Go(func() {
		defer close(told)
		ctx, cancel := context.WithTimeout(context.Background(), killPatience)
		defer cancel()
		s, err := p.dial(ctx)
		if err != nil {
			return // a server that is gone does nothing any more
		}
		defer s.Close()
		defer context.AfterFunc(ctx, s.interrupt)()
		// An error says that the connection has ended.
		_, _ = s.conn.Exec(fmt.Sprintf("KILL CONNECTION %d", id), nil)
	})
	wait := time.NewTimer(killWait)
	defer wait.Stop()
	select {
	case <-told:
	case <-wait.C:
	}
}
