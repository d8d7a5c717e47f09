// Package mariadb joins MariaDB 10.11 and later, and MySQL 8.0.19 and later, to
// package db, over github.com/go-sql-driver/mysql but without database/sql:
//
//	d, err := db.Open(db.Config{URL: "mariadb://shop:secret@db.example.com/shop"}, mariadb.Driver)
//
// The URL is user, password, host, port (3306 when not said) and database; the
// settings behind its ? are those that [Driver] lists.
//
// Sessions speak standard SQL: names stand in double quotes, || joins texts, a
// backslash is a backslash, and a value that does not fit is refused. Times are
// UTC. A transaction is REPEATABLE READ; where MariaDB can (10.11.8, 11.4.2),
// a row that another one changed in between is an error that wraps
// [engine.ErrRetry] and not a lost update (innodb_snapshot_isolation). A
// recursive query is not cut off after 1,000 rounds.
//
// An Int is a BIGINT, a Float a DOUBLE, a Bool a TINYINT(1), a Text of 768
// characters at most a VARCHAR and a longer one a LONGTEXT, both compared by
// their code points, Bytes are a LONGBLOB, a Time is a DATETIME(6) and JSON a
// LONGTEXT. What else a query gives: a DECIMAL without a fraction, such as a
// sum of integers, is an Int if it fits and a Text otherwise; other DECIMALs
// are Texts; DATE is a Time at midnight; BIT is Bytes; a BIGINT UNSIGNED beyond
// the signed ones, TIME, ENUM and SET are Texts.
//
// How safe a commit is (db.Config.Synchronous) is a setting of the server,
// innodb_flush_log_at_trx_commit. A lock is waited for db.Config.BusyTimeout,
// in whole seconds. When a context ends, its connection is cut and the server
// is told to end the statement.
//
// It is not for servers that are older, nor for tables of engines without
// transactions: db.Tx could not take their rows back.
package mariadb
