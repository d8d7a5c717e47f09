package migrate

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar"
)

const (
	usage = "make [NAME] | plan | up [N] | down [N] | to VERSION | status | check | squash [NAME]"

	help = "make NAME     writes a migration from the difference between the models and the migrations;\n" +
		"              on a terminal it asks what was renamed\n" +
		"  --allow-drop  drops columns and tables although something like them is added\n" +
		"  --empty       writes one without changes, for SQL of your own\n" +
		"  --online      writes SQL that lets others work meanwhile (PostgreSQL)\n" +
		"plan          shows what up would do, and what to know of it\n" +
		"  --sql         shows the SQL in place of that\n" +
		"up N          applies the next N pending migrations, all when not said\n" +
		"down N        undoes the last N migrations, 1 when not said\n" +
		"to VERSION    goes to a migration by its version, name or ID, forth or back; 0 is before all\n" +
		"status        lists the migrations and when they were applied\n" +
		"check         compares models, migrations and the tables of the database; exit code 1 if they differ\n" +
		"squash NAME   writes one migration in place of many, which databases that have those know\n" +
		"  --to VERSION  the last of those; all when not said"
)

// A word is what may follow the command migrate.
type word struct {
	most int // arguments
	run  func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error
}

// flags are the flags of all words.
type flags struct {
	args []string
	make MakeOptions
	sql  bool
	to   string
}

var words = map[string]word{
	"make": {1, func(_ context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error {
		_, models, err := j.migrator()
		if err != nil {
			return err
		}
		f.make.Name = strings.Join(f.args, "")
		if isTerminal(call.In) && isTerminal(call.Out) {
			f.make.Ask = Asker(call.In, call.Out)
		}
		return m.WriteMake(call.Out, j.options.Dir, models, f.make)
	}},
	"plan": {0, func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error {
		return m.WritePlan(ctx, call.Out, j.d, f.sql)
	}},
	"up": {1, func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error {
		n, err := f.number("up", 0)
		if err != nil {
			return err
		}
		return m.WriteUp(ctx, call.Out, j.d, n)
	}},
	"down": {1, func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error {
		n, err := f.number("down", 1)
		if err != nil {
			return err
		}
		return m.WriteDown(ctx, call.Out, j.d, n)
	}},
	"to": {1, func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error {
		if len(f.args) == 0 {
			return ashlar.UsageError{Text: "migrate to: name a migration, by its version, name or ID; 0 is before all"}
		}
		return m.WriteTo(ctx, call.Out, j.d, f.args[0])
	}},
	"status": {0, func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, _ *flags) error {
		return m.WriteStatus(ctx, call.Out, j.d)
	}},
	"check": {0, func(ctx context.Context, j *joined, call *ashlar.Call, m *Migrator, _ *flags) error {
		_, models, err := j.migrator()
		if err != nil {
			return err
		}
		return m.WriteCheck(ctx, call.Out, j.d, models)
	}},
	"squash": {1, func(_ context.Context, j *joined, call *ashlar.Call, m *Migrator, f *flags) error {
		return m.WriteSquash(call.Out, j.options.Dir, f.to, strings.Join(f.args, ""))
	}},
}

// run is the command migrate.
func (j *joined) run(ctx context.Context, call *ashlar.Call) error {
	if j.d == nil && len(j.all) == 0 {
		return call.Checked
	}
	name := "status"
	if len(call.Args) > 0 {
		name, call.Args = call.Args[0], call.Args[1:]
	}
	w, ok := words[name]
	if !ok {
		return ashlar.UsageError{Text: fmt.Sprintf("migrate: no %q; usage: migrate %s", name, usage)}
	}
	var f flags
	var err error
	f.args, err = call.Flags(func(set *flag.FlagSet) {
		switch name {
		case "make":
			set.BoolVar(&f.make.AllowDrop, "allow-drop", false, "")
			set.BoolVar(&f.make.Empty, "empty", false, "")
			set.BoolVar(&f.make.Online, "online", false, "")
		case "plan":
			set.BoolVar(&f.sql, "sql", false, "")
		case "squash":
			set.StringVar(&f.to, "to", "", "")
		}
	})
	switch {
	case err != nil:
		return err
	case len(f.args) > w.most:
		return ashlar.UsageError{Text: fmt.Sprintf("migrate %s: unexpected argument %q; usage: migrate %s", name, f.args[w.most], usage)}
	}
	m, _, err := j.migrator()
	if err != nil {
		return err
	}
	return w.run(ctx, j, call, m, &f)
}

// number returns the argument as a number of migrations.
func (f *flags) number(word string, unsaid int) (int, error) {
	if len(f.args) == 0 {
		return unsaid, nil
	}
	n, err := strconv.Atoi(f.args[0])
	if err != nil || n < 1 {
		return 0, ashlar.UsageError{Text: fmt.Sprintf("migrate %s: %q is no number of migrations", word, f.args[0])}
	}
	return n, nil
}
