package mariadb

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/go-sql-driver/mysql"
)

// Driver is the driver for MariaDB, whose URLs begin with "mariadb:". It knows
// these settings, written as ?socket=/run/mysqld/mysqld.sock&tls=false:
//
//	socket  the Unix socket to connect to, in place of a host
//	tls     true, false (the default), preferred, or skip-verify
var Driver engine.Driver = mysqlDriver{mariaDB}

// MySQL is the driver for MySQL, whose URLs begin with "mysql:". It knows the
// settings of [Driver]. MySQL has no RETURNING: the driver takes it off an
// INSERT and computes the keys from LAST_INSERT_ID, which is sound for rows
// that one INSERT … VALUES gives: InnoDB sets their keys aside all at once, in
// every innodb_autoinc_lock_mode.
var MySQL engine.Driver = mysqlDriver{mySQL}

// A flavour is what tells the two servers apart.
type flavour struct {
	scheme    string
	name      string
	other     string // the scheme of the other one
	oldest    [3]int // version
	collation string // of texts: by code point, and 'a' is not 'a '
	fold      string // collation that tells no case apart, but accents
	recursion string // variable that ends recursive queries
	limit     string // variable that ends statements which take long; MySQL's knows SELECTs alone
	returning bool
}

var (
	mariaDB = flavour{
		scheme: "mariadb", name: "MariaDB", other: "mysql", oldest: [3]int{10, 11, 0},
		collation: "utf8mb4_nopad_bin", fold: "utf8mb4_uca1400_as_ci", recursion: "max_recursive_iterations",
		limit: "max_statement_time", returning: true,
	}
	mySQL = flavour{
		scheme: "mysql", name: "MySQL", other: "mariadb", oldest: [3]int{8, 0, 19},
		collation: "utf8mb4_0900_bin", fold: "utf8mb4_0900_as_ci", recursion: "cte_max_recursion_depth",
		limit: "max_execution_time",
	}
)

func (f *flavour) dialect() engine.Dialect {
	return engine.Dialect{
		Name: f.scheme, Begin: "START TRANSACTION",
		MaxArgs:   65535, // the protocol counts them in 16 bits
		Like:      "COLLATE " + f.fold + " LIKE",
		Returning: f.returning,
		Upsert:    engine.OnDuplicateKey, ForUpdate: true, Savepoints: true,
	}
}

type mysqlDriver struct{ flavour }

func (d mysqlDriver) Scheme() string { return d.scheme }

func (d mysqlDriver) Open(o engine.Options) (engine.Pool, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, d.badURL("it cannot be read", "escape special characters of the password, such as %40 for @")
	}
	config := mysql.NewConfig()
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.MaxAllowedPacket = 0        // ask the server
	config.ClientFoundRows = true      // an UPDATE that changes nothing did find its rows
	config.MultiStatements = true      // in Exec without arguments
	config.Logger = &mysql.NopLogger{} // errors are returned
	switch {
	case u.Opaque != "" || config.DBName == "" || strings.Contains(config.DBName, "/"):
		return nil, d.badURL("no database", fmt.Sprintf(`write "%s://user:password@host/database"`, d.scheme))
	case u.Fragment != "":
		return nil, d.badURL("a #", "escape it as %23")
	}
	if err := d.settings(config, u); err != nil {
		return nil, err
	}
	if config.Addr == "" {
		port := u.Port()
		if port == "" {
			port = "3306"
		}
		host := u.Hostname()
		if host == "" {
			host = "localhost"
		}
		config.Net, config.Addr = "tcp", net.JoinHostPort(host, port)
	}
	return newPool(&d.flavour, config, o), nil
}

// settings reads what stands behind the ? of the URL.
func (d mysqlDriver) settings(config *mysql.Config, u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return d.badURL("settings that cannot be read", "write them as ?name=value&name=value")
	}
	for name, values := range query {
		value := values[len(values)-1]
		switch name {
		case "socket":
			if u.Host != "" {
				return d.badURL("a host and a socket", "leave one of them out")
			}
			config.Net, config.Addr = "unix", value
		case "tls":
			if !slices.Contains([]string{"true", "false", "preferred", "skip-verify"}, value) {
				return d.badURL(fmt.Sprintf("tls=%q", value), "use true, false, preferred or skip-verify")
			}
			config.TLSConfig = value
		default:
			return d.badURL(fmt.Sprintf("an unknown setting %q", name), "the settings are socket and tls")
		}
	}
	return nil
}

// badURL does not quote the URL, which may hold a password.
func (d mysqlDriver) badURL(what, mend string) error {
	return &errs.Setup{Code: "A1502", What: fmt.Sprintf("db.Config.URL: %s in the %s: URL", what, d.scheme), Mend: mend}
}
