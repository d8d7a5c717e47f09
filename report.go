package ashlar

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"text/tabwriter"
)

// The commands that print what an app is.

func runRoutes(_ context.Context, call *Call) error {
	if len(call.Args) > 0 {
		return unexpected(call)
	}
	tw := tabwriter.NewWriter(call.Out, 0, 0, 2, ' ', 0)
	for r := range call.App.tree.Routes() {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.Pattern, r.Name, r.Where, r.Value.Doc)
	}
	for _, s := range call.App.static.sources {
		fmt.Fprintf(tw, "GET %s\t\t%s\tstatic files\n", s.prefix, s.where)
	}
	return printed(call, tw.Flush())
}

func runPipeline(_ context.Context, call *Call) error {
	if len(call.Args) > 0 {
		return unexpected(call)
	}
	until, from, err := buildRoad(call.App.extra, call.App.cfg.InsecureOmitStages)
	if err != nil {
		return err
	}
	tw := tabwriter.NewWriter(call.Out, 0, 0, 2, ' ', 0)
	for i, s := range slices.Concat(until, from) {
		fmt.Fprintf(tw, "%2d  %s\t%s\n", i+1, s.name, s.doc)
	}
	return printed(call, tw.Flush())
}

func runModules(_ context.Context, call *Call) error {
	var conditions, graph, mermaid bool
	rest, err := call.Flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&conditions, "conditions", false, "")
		fs.BoolVar(&graph, "graph", false, "")
		fs.BoolVar(&mermaid, "mermaid", false, "")
	})
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return unexpected(&Call{App: call.App, Args: rest})
	}
	a := call.App
	switch {
	case graph:
		_, err = fmt.Fprint(call.Out, a.graph.Text())
		return err
	case mermaid:
		_, err = fmt.Fprint(call.Out, a.graph.Mermaid())
		return err
	}
	tw := tabwriter.NewWriter(call.Out, 0, 0, 2, ' ', 0)
	if conditions {
		for _, c := range a.graph.Conditions() {
			state := "off"
			if c.On {
				state = "on"
			}
			fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", state, c.Module, c.What, c.Where, c.Why)
		}
		return tw.Flush()
	}
	for i, m := range a.modules {
		fmt.Fprintf(tw, "%2d  %s\t%s\t%s\n", i+1, m.Name, m.where, m.Doc)
	}
	return printed(call, tw.Flush())
}

// printed ends a command that shows what there is of an app with problems.
func printed(call *Call, err error) error {
	if err != nil {
		return err
	}
	return call.Checked
}

func runConfig(_ context.Context, call *Call) error {
	var asJSON bool
	rest, err := call.Flags(func(fs *flag.FlagSet) { fs.BoolVar(&asJSON, "json", false, "") })
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return unexpected(&Call{App: call.App, Args: rest})
	}
	set := call.App.settings
	if asJSON {
		e := json.NewEncoder(call.Out)
		e.SetIndent("", "  ")
		err = e.Encode(slices.Collect(set.Values()))
	} else {
		err = set.Explain(call.Out)
	}
	return printed(call, err)
}

func runCheck(_ context.Context, call *Call) error {
	if len(call.Args) > 0 {
		return unexpected(call)
	}
	if call.Checked != nil {
		return call.Checked
	}
	a := call.App
	_, err := fmt.Fprintf(call.Out, "%d modules, %d routes, %d checks: all well\n", len(a.modules), len(a.routes), len(a.checks))
	return err
}

func runVersion(_ context.Context, call *Call) error {
	const module = "github.com/ashlar-go/ashlar"
	app, ashlar := "(unknown)", "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		app = info.Main.Path + " " + info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				app += " " + s.Value
			}
		}
		for _, d := range info.Deps {
			if d.Path == module {
				ashlar = d.Version
			}
		}
	}
	_, err := fmt.Fprintf(call.Out, "app     %s\nashlar  %s\ngo      %s %s/%s\n", app, ashlar, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
