package schema

// postgresWords are PostgreSQL's reserved words that are none of SQLite's
// (postgresql.org/docs/current/sql-keywords-appendix.html).
var postgresWords = map[string]bool{
	"analyse": true, "any": true, "array": true, "asymmetric": true, "authorization": true, "binary": true,
	"both": true, "collation": true, "concurrently": true, "current_catalog": true, "current_role": true,
	"current_schema": true, "current_user": true, "fetch": true, "freeze": true, "grant": true, "ilike": true,
	"lateral": true, "leading": true, "localtime": true, "localtimestamp": true, "only": true, "overlaps": true,
	"placing": true, "session_user": true, "similar": true, "some": true, "symmetric": true, "system_user": true,
	"tablesample": true, "trailing": true, "user": true, "variadic": true, "verbose": true,
}
