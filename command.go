package ashlar

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/ashlar-go/ashlar/errs"
)

// A Command is a subcommand of the app's command line. The app is checked, but
// not started, when it runs; its context carries what modules added
// ([ContextValue]).
type Command struct {
	Name  string // one word
	Usage string // what follows the name, such as "[--json]"
	Doc   string // one line
	Help  string // further text for --help; may be empty
	Run   func(ctx context.Context, call *Call) error

	// Broken lets the command run although the check found problems, which it
	// finds in Call.Checked.
	Broken bool
}

// A Call is one run of a command.
type Call struct {
	App  *App
	Args []string // behind the command's name, without the settings' flags
	Out  io.Writer
	Err  io.Writer
	In   io.Reader

	Checked error // what the check found
}

// Flags parses the command's own flags, which declare adds, and returns what
// is left.
func (c *Call) Flags(declare func(*flag.FlagSet)) ([]string, error) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	declare(fs)
	if err := fs.Parse(c.Args); err != nil {
		name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
		if ok {
			err = c.App.settings.UnknownFlag(name)
		}
		return nil, UsageError{err.Error()}
	}
	return fs.Args(), nil
}

// A UsageError says that a command was called wrongly; the exit code is 2.
type UsageError struct{ Text string }

// Error returns the text.
func (u UsageError) Error() string { return u.Text }

// Main runs the command line of the process and ends the process: exit code 0
// when all went well, 1 after an error, 2 after a wrong call. Without a
// command it serves. SIGTERM and SIGINT stop it in good order; another
// one, a second or more later, stops it at once.
func (a *App) Main() {
	ctx, cancel := context.WithCancel(context.Background())
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, os.Interrupt)
	go func() { // ends with the process
		<-asked
		cancel()
		// Supervisors and shells often send one stop twice, to the process and
		// to its group. Only what comes later means "at once".
		<-time.NewTimer(sameSignal).C
		signal.Stop(asked) // from here on a signal has its usual effect
	}()
	os.Exit(a.main(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// sameSignal is how long a second signal counts as the first one.
const sameSignal = time.Second

func (a *App) main(ctx context.Context, args []string, out, errOut io.Writer) int {
	err := a.Run(ctx, args, out)
	var usage UsageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errOut, "%s: %v\n", a.cfg.Name, err)
		return 2
	}
	fmt.Fprintf(errOut, "%s: %v\n", a.cfg.Name, err)
	return 1
}

// Run runs a command line, without the program's name, and returns when the
// command ends. It is Main without the process: for tests, and for programs
// that hold more than an app.
func (a *App) Run(ctx context.Context, args []string, out io.Writer) error {
	checked := a.prepare(ctx, args)
	for _, w := range a.settings.Warnings() {
		a.log.Warn(w)
	}
	rest := a.settings.Args()
	if slices.ContainsFunc(rest, isHelpFlag) {
		rest = append([]string{"help"}, slices.DeleteFunc(rest, isHelpFlag)...)
	}
	name := "serve"
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		name, rest = rest[0], rest[1:]
	}
	i := slices.IndexFunc(a.commands, func(c Command) bool { return c.Name == name })
	if i < 0 {
		return UsageError{fmt.Sprintf("no command %q; there are %s", name, strings.Join(a.commandNames(), ", "))}
	}
	if checked != nil && !a.commands[i].Broken {
		return checked
	}
	call := &Call{App: a, Args: rest, Out: out, Err: os.Stderr, In: os.Stdin, Checked: checked}
	return a.commands[i].Run(a.Context(ctx), call)
}

func isHelpFlag(arg string) bool { return arg == "--help" || arg == "-h" || arg == "-help" }

func (a *App) commandNames() []string {
	var names []string
	for _, c := range a.commands {
		names = append(names, c.Name)
	}
	return names
}

func (a *App) addCommand(cmd Command) *errs.Setup {
	switch {
	case cmd.Name == "" || strings.ContainsAny(cmd.Name, " -") || cmd.Run == nil:
		return &errs.Setup{Code: "A1014", What: fmt.Sprintf("command %q: needs a name of one word and a Run function", cmd.Name)}
	case slices.Contains(a.commandNames(), cmd.Name):
		return &errs.Setup{Code: "A1014", What: fmt.Sprintf("command %q is there already", cmd.Name), Mend: "give it another name"}
	}
	a.commands = append(a.commands, cmd)
	return nil
}

func (a *App) builtInCommands() []Command {
	return []Command{
		{Name: "serve", Doc: "serves requests (the default)", Run: runServe},
		{Name: "routes", Doc: "prints the routes", Run: runRoutes, Broken: true,
			Help: "Each line: method and pattern, name, where it was registered."},
		{Name: "pipeline", Doc: "prints the stages that every request passes, in order", Run: runPipeline, Broken: true},
		{Name: "modules", Usage: "[--conditions | --graph | --mermaid]", Doc: "prints the modules and what they provide", Run: runModules, Broken: true,
			Help: "--conditions says why conditional providers are on or off.\n--graph and --mermaid draw who provides and who needs what."},
		{Name: "config", Usage: "[--json]", Doc: "prints every setting and where its value came from", Run: runConfig, Broken: true,
			Help: "Secrets are not shown. Any setting is also a flag: --addr :9000, --db.url sqlite:other.db."},
		{Name: "check", Doc: "checks everything that can be wrong before a start", Run: runCheck, Broken: true},
		{Name: "version", Doc: "prints the versions of the app, of Ashlar and of Go", Run: runVersion, Broken: true},
		{Name: "help", Usage: "[command]", Doc: "prints this, or a command's help", Run: runHelp, Broken: true},
	}
}

func runServe(ctx context.Context, call *Call) error {
	if len(call.Args) > 0 {
		return unexpected(call)
	}
	a := call.App
	if err := a.start(ctx); err != nil {
		return err
	}
	err := a.serve(ctx)
	return errors.Join(err, a.Stop(ctx))
}

// unexpected reports arguments that a command does not take.
func unexpected(call *Call) error {
	if flag, ok := strings.CutPrefix(call.Args[0], "-"); ok {
		return UsageError{call.App.settings.UnknownFlag(strings.TrimLeft(flag, "-")).Error()}
	}
	return UsageError{fmt.Sprintf("unexpected argument %q", call.Args[0])}
}

func runHelp(_ context.Context, call *Call) error {
	a := call.App
	if len(call.Args) > 0 {
		for _, c := range a.commands {
			if c.Name == call.Args[0] {
				fmt.Fprintf(call.Out, "%s\n%s\n", strings.TrimSpace(a.cfg.Name+" "+c.Name+" "+c.Usage), c.Doc)
				if c.Help != "" {
					fmt.Fprintf(call.Out, "\n%s\n", c.Help)
				}
				return nil
			}
		}
		return UsageError{fmt.Sprintf("no command %q; there are %s", call.Args[0], strings.Join(a.commandNames(), ", "))}
	}
	fmt.Fprintf(call.Out, "%s [command] [--setting value …]\n\nCommands:\n", a.cfg.Name)
	tw := tabwriter.NewWriter(call.Out, 0, 0, 2, ' ', 0)
	for _, c := range a.commands {
		fmt.Fprintf(tw, "  %s %s\t%s\n", c.Name, c.Usage, c.Doc)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(call.Out, "\nSettings are files, environment variables and flags: see `config`.")
	return err
}
