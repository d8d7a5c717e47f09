package mariadb

import (
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/go-sql-driver/mysql"
)

// ParseTime and FormatTime are for the fuzz target.
var (
	ParseTime  = parseTime
	FormatTime = formatTime
)

// CutReturning is what is taken off for MySQL, which tests cannot run.
var CutReturning = cutReturning

// CheckVersion is what a connection checks, for the driver of a scheme.
func CheckVersion(scheme, version string) error {
	f := mariaDB
	if scheme == "mysql" {
		f = mySQL
	}
	return f.check(version)
}

// Setup returns the statements that sessions of a pool begin with.
func Setup(p engine.Pool, write bool) string { return p.(*pool).setup(write) }

// Translate returns the error for one of a MySQL server. The columns of an
// index, which it is asked for, are left out.
func Translate(code uint16, message, sql string) error {
	s := newSession(newPool(&mySQL, mysql.NewConfig(), engine.Options{MaxReaders: 1, MaxWriters: 1}))
	s.conn = noConnection{}
	return s.translate(noContext, sql, &mysql.MySQLError{Number: code, Message: message})
}
