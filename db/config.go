package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// Config says which database to use and how. Only the URL is required.
type Config struct {
	// Name tells a second database of an app from the first, whose name is
	// empty: lower-case letters, digits and _. Its settings are those of the
	// section db_NAME, its URL DATABASE_NAME_URL. Queries ask for it: see
	// [Using].
	Name string `config:"-"`

	// URL names the database: "sqlite:reel.db" is a file, "sqlite::memory:" a
	// database of its own that ends with the process.
	URL string `env:"DATABASE_URL" doc:"database, such as sqlite:app.db"`

	// Synchronous is "full": a commit is on the disk before it is reported; or
	// "normal": the last commits may be lost when the machine loses power,
	// though not when the process dies, and nothing is ever half written.
	// Defaults to "full".
	Synchronous string `default:"full" oneof:"full normal" doc:"full: a commit is on disk before it is reported; or normal"`

	// BusyTimeout is how long a call waits for a connection or a lock before
	// it returns an error of the kind errs.Unavailable. Defaults to 5s.
	BusyTimeout time.Duration `default:"5s" doc:"wait for a connection or a lock"`

	// MaxReaders is how many connections may read at the same time. Defaults
	// to 4.
	MaxReaders int `default:"4" min:"1" doc:"connections that read at the same time"`

	// MaxWriters is how many connections to a server may write at the same time.
	// SQLite has one. Defaults to MaxReaders.
	MaxWriters int `min:"0" doc:"connections to a server that write at the same time; 0: as many as read"`

	// IdleTime is how long a connection to a server may be unused before it is
	// closed. Defaults to 5m; never if negative.
	IdleTime time.Duration `default:"5m" doc:"close a server's connection that is unused so long"`

	// Lifetime is how long a connection to a server is used before another
	// takes its place, so that a server that was added gets its share. Up to a
	// tenth of it is taken off at random: connections that were opened together
	// do not end together. Defaults to 30m; never if negative.
	Lifetime time.Duration `default:"30m" doc:"replace a server's connection that is open so long"`

	// StatementTimeout ends a statement that takes longer, with an error of the
	// kind errs.Unavailable; on SQLite it is the time to the next row. MySQL
	// knows it for SELECT alone. It does not hold within [DB.WithConn], and so
	// not for migrations. Defaults to 0, none.
	StatementTimeout time.Duration `min:"0s" doc:"end a statement that takes longer; 0: never"`

	// Replicas are the URLs of servers that copy the database, with the scheme
	// of URL. Reads outside of transactions go to them in turn, from contexts
	// that have not written: see [ReadReplicas]. It needs Now. Defaults to none.
	Replicas []string `doc:"servers that copy the database, for reads"`

	// ReplicaLag is how far behind a replica may be, at most; another replica or
	// the primary is read from then, or when it does not say. A visitor who has
	// written reads from the primary for one second longer than that. Defaults
	// to 2s.
	ReplicaLag time.Duration `default:"2s" min:"0s" doc:"how far behind a replica may be"`

	// SlowQuery is the duration from which [QueryEvent.Slow] is set and OnSlow
	// is called. Defaults to 200ms.
	SlowQuery time.Duration `default:"200ms" doc:"duration from which a query is logged as slow"`

	// RepeatedQuery is how often one place in the code may run the same
	// statement in a request before that is reported, in development: more is
	// a loop over rows whose relation no With has loaded. Defaults to 5.
	RepeatedQuery int `default:"5" min:"1" doc:"how often a place may repeat a query in a request, in development"`

	// ShowArgs puts the values of arguments into [QueryEvent.Args], the first
	// 20 of them, cut to 64 characters. Those of columns that are secret by
	// their names, such as password_hash or token, are "[hidden]" all the same.
	// Defaults to false: an argument is its kind, and the length of a text or
	// of bytes, such as text(12). [Module] sets it in development.
	ShowArgs bool `doc:"values of arguments in the log of queries"`

	// OnQuery is called after each statement, in the goroutine that ran it.
	// It needs Now. Defaults to nil, which costs nothing.
	OnQuery func(context.Context, QueryEvent)

	// OnSlow is called after each statement that took SlowQuery or longer. It
	// needs Now, which is asked twice for each statement; nothing else is done
	// for those that are faster. Defaults to nil; [Module] writes a warning to
	// the app's log.
	OnSlow func(context.Context, QueryEvent)

	// OnMisuse is told of transactions that are used wrongly though it may go
	// well: a query that is made beside the open transaction of its goroutine,
	// one that two goroutines use at the same time, one that is open for 10
	// seconds or when the database is closed. It is for development: the watch
	// costs some microseconds per statement. Defaults to nil.
	OnMisuse func(context.Context, error)

	// Keys are those that columns of the type [Secret] are sealed with: base64
	// with commas between them, the first writes, all read. They are not those
	// of the app, which a rotation ends after days; [Table.Reseal] ends these.
	Keys config.Secret `doc:"base64 keys of secret columns, between commas: the first writes, all read"`

	// Now is the clock that durations of statements and the waits of [DB.Stats] are
	// measured with, and that models with times of their own are written by.
	Now func() time.Time
}

// options checks c, fills in its defaults and finds the driver for its URL.
func (c *Config) options(drivers []Driver) (Driver, engine.Options, error) {
	var bad errs.List
	if rest, ok := strings.CutPrefix(c.URL, "postgresql:"); ok {
		c.URL = "postgres:" + rest // both are in use for the same
	}
	if c.Synchronous == "" {
		c.Synchronous = "full"
	}
	if c.Synchronous != "full" && c.Synchronous != "normal" {
		bad.Add(setting("Synchronous", `must be "full" or "normal", got %q`, c.Synchronous))
	}
	c.BusyTimeout = orDefault(c.BusyTimeout, 5*time.Second)
	c.SlowQuery = orDefault(c.SlowQuery, 200*time.Millisecond)
	c.RepeatedQuery = orDefault(c.RepeatedQuery, 5)
	c.MaxReaders = orDefault(c.MaxReaders, 4)
	c.ReplicaLag = orDefault(c.ReplicaLag, 2*time.Second)
	c.MaxWriters = orDefault(c.MaxWriters, max(1, c.MaxReaders))
	c.IdleTime = orDefault(c.IdleTime, 5*time.Minute)
	c.Lifetime = orDefault(c.Lifetime, 30*time.Minute)
	if c.BusyTimeout < 0 {
		bad.Add(setting("BusyTimeout", "must not be negative, got %v", c.BusyTimeout))
	}
	if c.SlowQuery < 0 {
		bad.Add(setting("SlowQuery", "must not be negative, got %v", c.SlowQuery))
	}
	if c.MaxReaders < 1 {
		bad.Add(setting("MaxReaders", "must be 1 or more, got %d", c.MaxReaders))
	}
	if c.MaxWriters < 1 {
		bad.Add(setting("MaxWriters", "must be 1 or more, or 0 for MaxReaders, got %d", c.MaxWriters))
	}
	if c.StatementTimeout < 0 {
		bad.Add(setting("StatementTimeout", "must not be negative, got %v", c.StatementTimeout))
	}
	if c.Now == nil && c.OnQuery != nil {
		bad.Add(setting("Now", "is needed with OnQuery"))
	}
	if c.Now == nil && c.OnSlow != nil {
		bad.Add(setting("Now", "is needed with OnSlow"))
	}
	driver, err := pick(c.URL, drivers)
	bad.Add(err)
	if err == nil {
		bad.Add(c.checkReplicas(driver.Scheme()))
	}
	return driver, engine.Options{
		URL:              c.URL,
		Durable:          c.Synchronous == "full",
		BusyTimeout:      c.BusyTimeout,
		MaxReaders:       c.MaxReaders,
		MaxWriters:       c.MaxWriters,
		IdleTime:         c.IdleTime,
		Lifetime:         c.Lifetime,
		StatementTimeout: c.StatementTimeout,
		Now:              c.Now,
	}, bad.Err()
}

// checkReplicas reports what is wrong with the replicas of a database of this
// scheme. It quotes no URL, which may hold a password.
func (c *Config) checkReplicas(scheme string) error {
	for i, at := range c.Replicas {
		if rest, ok := strings.CutPrefix(at, "postgresql:"); ok {
			at = "postgres:" + rest
			c.Replicas[i] = at
		}
		if scheme == "sqlite" {
			return setting("Replicas", "a file has none")
		}
		if own, _, _ := strings.Cut(at, ":"); own != scheme {
			return setting("Replicas", "number %d must begin with %q as the URL does, got %q", i+1, scheme+":", own+":")
		}
	}
	if len(c.Replicas) > 0 && c.Now == nil {
		return setting("Now", "is needed with Replicas")
	}
	if c.ReplicaLag < 0 {
		return setting("ReplicaLag", "must not be negative, got %v", c.ReplicaLag)
	}
	return nil
}

// pick finds the driver for url.
func pick(url string, drivers []Driver) (Driver, error) {
	scheme, _, ok := strings.Cut(url, ":")
	if !ok {
		return nil, setting("URL", `must begin with the kind of database, such as "sqlite:app.db", got %q`, url)
	}
	var known []string
	for _, d := range drivers {
		if d.Scheme() == scheme {
			return d, nil
		}
		known = append(known, d.Scheme())
	}
	has := "no driver"
	if len(known) > 0 {
		has = strings.Join(known, ", ")
	}
	return nil, &errs.Setup{
		Code: "A1501",
		What: fmt.Sprintf("db.Config.URL: no driver for %q, got %s", scheme+":", has),
		Mend: "pass the driver where the database is opened, such as sqlite.Driver",
	}
}

func setting(field, format string, args ...any) error {
	return &errs.Setup{Code: "A1502", What: "db.Config." + field + ": " + fmt.Sprintf(format, args...)}
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
