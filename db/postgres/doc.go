// Package postgres joins PostgreSQL 12 and later to package db:
//
//	d, err := db.Open(db.Config{URL: "postgres://shop:secret@db.example.com/shop"}, postgres.Driver)
//
// The URL is postgres://user:password@host:port/database?settings, as libpq
// and pgx take it: several hosts, sslmode and the like included; what it does
// not say comes from PGHOST and its kin and from ~/.pgpass. Every setting of
// the server may stand in it, such as lock_timeout=2s. One is ours:
//
//	pgbouncer=true  nothing is kept on a connection between transactions: no
//	                prepared statements, settings that db.DB.WithConn makes stay,
//	                and Config.StatementTimeout is a setting of the server
//
// Readers and writers have connections of their own: those of readers refuse
// to write. A transaction is READ COMMITTED, so two that read a row and write
// it back do not see each other: lock the row by an UPDATE or SELECT … FOR
// UPDATE first, or write expressions such as Films.Stock.Add(-1).
//
// In a transaction each INSERT, UPDATE and DELETE runs behind a savepoint, in
// the same round trip: one that violates a constraint undoes itself alone.
//
// In SQL of your own each ? is an argument; the operators ?, ?| and ?& of jsonb
// are written ??, ??| and ??&. Values come back as
//
//	int2, int4, int8, oid                  Int
//	float4, float8                         Float
//	bool                                   Bool
//	text, varchar, char, name, json, jsonb Text
//	uuid                                   Text, as 550e8400-e29b-41d4-a716-446655440000
//	bytea                                  Bytes
//	timestamptz, timestamp, date           Time; one without a zone is taken for UTC
//	numeric                                Int when it has no decimals and fits; else
//	                                       of a column Text, every digit of it, and
//	                                       of an expression, such as avg, the nearest Float
//	all others, arrays and enums too       Text, as psql shows them
//
// It is not for LISTEN and replication: they need a connection of their own.
package postgres
