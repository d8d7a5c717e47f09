// Package config fills typed structs from layers and can explain every value:
// where it came from, which variable or flag changes it, what it is for.
//
//	type Config struct {
//		URL      config.Secret `required:"true" env:"DATABASE_URL" doc:"where the database is"`
//		PoolSize int           `default:"8" min:"1" max:"512" doc:"connections held open"`
//	}
//
//	cfg := db.Config{PoolSize: 16}
//	set, err := config.Load(
//		config.Source{Env: os.LookupEnv, Args: os.Args[1:]},
//		config.Section{Name: "db", Into: &cfg, Where: errs.Caller(0)},
//	)
//
// The order, weakest first: the tag default, the value written in code, the
// file config.json, the file of the environment (config.production.json, when
// ASHLAR_ENV is production), environment variables (DB_POOL_SIZE), flags
// (--db.pool_size 32). A stronger layer replaces a weaker layer's value whole,
// lists and maps too. Every mistake of every layer is reported at once.
//
// # Keys
//
// A field's key is its name in snake_case, or the tag config:"name";
// config:"-" leaves the field alone, and so do the types interface, func and
// chan, which no text can fill. Nested structs make dotted keys, embedded ones
// do not. A section's name stands before its keys; the root section has the
// name "", and its variables begin with ASHLAR_.
//
// Fields may be strings, booleans, all integers and floats, [time.Duration],
// [Size], [Secret], [url.URL] and *url.URL, anything that has UnmarshalText
// (such as [log/slog.Level]), slices of and pointers to these, and maps from
// string to string. In variables and flags the items of a slice stand between
// commas ("a,b") and those of a map are pairs ("k=v,k2=v2").
//
// # Tags
//
//	config:"name"   the key, instead of the field's name
//	default:"text"  for a field that is zero in code; so a bool with default
//	                "true" can be made false everywhere but in code: use *bool
//	env:"A,B"       further variables, read when the regular one is not set
//	min:"1"         the smallest number, duration or size allowed (per item)
//	max:"10"        the largest
//	oneof:"a b c"   the values allowed (per item)
//	required:"true" the zero value is a mistake
//	doc:"text"      one line for people
//
// A section with a method Defaults(environment string) may fill the fields that
// neither a tag nor the code has set, before the files are read.
//
// A section with a method Validate() error is asked after it was filled.
//
// # Variables
//
// An empty variable counts as not set. X_FILE names a file that holds the
// value of X, as Docker and Kubernetes mount secrets; one line end at its end
// is cut off. Setting both is a mistake.
//
// It is not for values that change while the application runs, not for data
// that visitors send (package validate), and it never reads the process's
// environment, arguments or clock by itself: all of it comes through [Source].
package config
