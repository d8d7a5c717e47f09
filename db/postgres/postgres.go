package postgres

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// Driver is the driver for URLs that begin with "postgres:".
var Driver engine.Driver = postgresDriver{}

type postgresDriver struct{}

func (postgresDriver) Scheme() string { return "postgres" }

func (postgresDriver) Open(o engine.Options) (engine.Pool, error) {
	s, err := readURL(o)
	if err != nil {
		return nil, err
	}
	return newPool(s), nil
}

// settings are what the URL and the options say.
type settings struct {
	engine.Options
	config *pgconn.Config
	simple bool // nothing is kept on a connection
}

// How long to wait for a server that does not answer any more: when a
// statement was cancelled, and when a transaction is rolled back.
const (
	cancelPatience   = 2 * time.Second
	rollbackPatience = 5 * time.Second
)

// readURL reads the URL and takes our own settings out of it.
func readURL(o engine.Options) (settings, error) {
	s := settings{Options: o}
	u, err := url.Parse(o.URL)
	if err != nil || u.Opaque != "" {
		return s, badURL("it is no URL", "write postgres://user:password@host:port/database, with %40 and the like for marks in the password")
	}
	q := u.Query()
	if b := q.Get("pgbouncer"); b != "" {
		if s.simple, err = strconv.ParseBool(b); err != nil {
			return s, badURL(fmt.Sprintf("pgbouncer is %q", b), "write true or false")
		}
	}
	q.Del("pgbouncer")
	u.RawQuery = q.Encode()
	c, err := pgconn.ParseConfig(u.String())
	if err != nil {
		// Its text holds what it was given, and that may hold the password.
		return s, badURL("pgx does not take it", "write postgres://user:password@host:port/database, and settings as libpq knows them behind a ?")
	}
	dialer := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 4}}
	c.DialFunc = dialer.DialContext
	c.OnNotice = func(*pgconn.PgConn, *pgconn.Notice) {}
	c.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelPatience}
	}
	param := func(name, value string) {
		if _, set := c.RuntimeParams[name]; !set {
			c.RuntimeParams[name] = value
		}
	}
	param("application_name", "ashlar")
	c.RuntimeParams["timezone"], c.RuntimeParams["datestyle"] = "UTC", "ISO"
	c.RuntimeParams["client_encoding"], c.RuntimeParams["standard_conforming_strings"] = "UTF8", "on"
	if !s.simple { // a PgBouncer takes no others
		c.RuntimeParams["bytea_output"] = "hex"
		if !o.Durable {
			param("synchronous_commit", "off")
		}
		if o.StatementTimeout > 0 {
			param("statement_timeout", strconv.FormatInt(max(1, o.StatementTimeout.Milliseconds()), 10))
		}
	}
	s.config = c
	return s, nil
}

func badURL(what, mend string) error {
	return &errs.Setup{Code: "A1502", What: "db.Config.URL: postgres: " + what, Mend: mend}
}

// connect opens one connection. A server that is there but not ready is asked
// again until the patience is over.
func (s *settings) connect(ctx context.Context, write bool) (*pgconn.PgConn, error) {
	config := s.config.Copy()
	if !write && !s.simple {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	patience, cancel := context.WithTimeout(ctx, s.BusyTimeout)
	defer cancel()
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		c, err := pgconn.ConnectConfig(patience, config)
		if err == nil {
			return c, nil
		}
		if code := state(err); code != stateStarting && code != stateTooMany {
			return nil, connectError(ctx, config, err)
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-patience.Done():
			wait.Stop()
			return nil, connectError(ctx, config, err)
		}
	}
}

// keysAbove moves the sequence of a column, if it has one that we may move, and
// if it has not come as far by itself.
const keysAbove = `SELECT setval(s::regclass, k) FROM (SELECT pg_get_serial_sequence(?, ?) AS s, ?::bigint AS k) AS x ` +
	`WHERE s IS NOT NULL AND has_sequence_privilege(s, 'UPDATE') AND k > COALESCE(pg_sequence_last_value(s::regclass), 0)`

func dialect() engine.Dialect {
	return engine.Dialect{
		Name: "postgres", Begin: "BEGIN", MaxArgs: 65535,
		NullsFirst: " NULLS FIRST", NullsLast: " NULLS LAST", Like: "ILIKE", KeysAbove: keysAbove,
		Returning: true, ReturningUpdate: true, Upsert: engine.OnConflict, ForUpdate: true, Savepoints: true,
	}
}

// quote returns an SQL name that is taken for nothing else.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
