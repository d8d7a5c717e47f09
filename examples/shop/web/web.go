package web

import (
	"embed"
	"io/fs"
)

// The word all: keeps the partials, whose names begin with an underscore.
//
//go:embed all:templates static
var files embed.FS

// Templates returns the HTML templates. Names are paths such as
// "films/index.html"; each page defines "title" and "content" for
// layout.html, and the folder partials holds what pages share.
func Templates() fs.FS { return folder("templates") }

// Static returns the files that are served as they are.
func Static() fs.FS { return folder("static") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // only for a name that is no valid path; both above are
	}
	return sub
}
