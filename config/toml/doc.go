// Package toml lets package config read config.toml and config.<env>.toml:
//
//	set, err := config.Load(config.Source{
//		Formats: []config.Format{toml.Format{}},
//		…
//	}, sections...)
//
// A section is a table ([db]), a nested struct a table in it ([db.pool] or
// pool.size = 8). Dates and times are given to the field's UnmarshalText as
// TOML 1.1 writes them.
//
// It is not a general reader of TOML: it gives nodes to package config, with
// the lines that its messages name, and nothing else. It is the one package of
// this module that imports github.com/BurntSushi/toml.
package toml
