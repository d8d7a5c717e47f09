package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitOK    = 0
	exitFail  = 1 // something is wrong in the user's project
	exitUsage = 2 // the command line is not understood
)

// A command is one word after ashlar.
type command struct {
	name    string
	summary string
	run     func(args []string, out, errOut io.Writer) error
}

// commands returns what ashlar does, in the order of its help.
func commands() []command {
	return []command{
		{"generate", "write the typed tables of structs that are marked //ashlar:model", generate},
		{"check", "report queries that use columns of another table, and stale generated code", check},
	}
}

// errUsage says that the command line was not understood, which was told.
var errUsage = errors.New("usage")

// run runs the command that args name and returns the exit code.
func run(args []string, out, errOut io.Writer) int {
	if len(args) == 0 {
		help(errOut)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		help(out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		switch err := c.run(args[1:], out, errOut); {
		case err == nil || errors.Is(err, flag.ErrHelp):
			return exitOK
		case errors.Is(err, errUsage):
			return exitUsage
		default:
			fmt.Fprintf(errOut, "ashlar %s: %v\n", c.name, err)
			return exitFail
		}
	}
	fmt.Fprintf(errOut, "ashlar: no command %q; run \"ashlar help\" for a list\n", args[0])
	return exitUsage
}

func help(w io.Writer) {
	fmt.Fprint(w, "Usage: ashlar <command> [arguments]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nRun \"ashlar <command> -h\" for the arguments of one.\n")
}
