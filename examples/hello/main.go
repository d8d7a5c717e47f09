// Command hello is the smallest app: it links the standard library and
// Ashlar's core, nothing else.
package main

import "github.com/ashlar-go/ashlar"

func main() {
	app := ashlar.New(ashlar.Config{Name: "hello"})
	app.Get("/hello/{name}", func(c *ashlar.Ctx) error { return c.Text("Hello, " + c.Param("name")) })
	app.Main()
}
