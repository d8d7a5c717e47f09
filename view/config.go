package view

import (
	"html/template"
	"io/fs"
)

// Config is the configuration of the module.
type Config struct {
	// FS holds the templates. Required.
	FS fs.FS `config:"-"`

	// Live is a folder with the same files as FS, relative to where the app is
	// started. In development, when it is there, it is read in place of FS, and
	// read again when a file changed. Defaults to none.
	Live string `config:"-"`

	// Layout is the file that stands around every page. Defaults to
	// "layout.html".
	Layout string `config:"-"`

	// Errors is the page for errors; its data is an ashlar.Problem. Defaults to
	// none: the built-in page.
	Errors string `config:"-"`

	// Funcs are the app's own helpers; they must be safe for concurrent use.
	// Defaults to none.
	Funcs template.FuncMap `config:"-"`
}
