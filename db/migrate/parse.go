package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/errs"
)

// directive begins a line that is for this package. The rest of the file is
// SQL, and comments that nobody reads but people.
const directive = "-- ashlar:"

// Parse reads a migration. The name is the file's path, from whose last part
// the version and the name are taken. The error is an *[errs.Setup] with the
// line.
func Parse(name string, data []byte) (*File, error) {
	f, err := fromName(name)
	if err != nil {
		return nil, err
	}
	text, err := normalText(name, data)
	if err != nil {
		return nil, err
	}
	f.text = text
	p := &parser{file: f, lines: strings.Split(text, "\n")}
	if err := p.parse(); err != nil {
		return nil, err
	}
	for _, down := range []bool{false, true} {
		if err := f.checkScript(down); err != nil {
			return nil, err
		}
	}
	return f, nil
}

type parser struct {
	file     *File
	lines    []string
	next     int       // index of the next line
	named    bool      // the migration line was seen
	section  *[]string // lines of up or down, nil before
	up, down []string
	seen     []string // directives that stand once
}

func (p *parser) fail(line int, mend, what string, args ...any) *errs.Setup {
	return setup("A1541", p.file.at(line), mend, what, args...)
}

func (p *parser) parse() error {
	for p.next < len(p.lines) {
		line := p.lines[p.next]
		p.next++
		rest, ok := strings.CutPrefix(line, directive)
		switch {
		case ok:
			if err := p.directive(rest); err != nil {
				return err
			}
		case p.section != nil:
			*p.section = append(*p.section, line)
		case strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "--"):
			return p.fail(p.next, "put it after a line "+directive+"up", "%q stands before the up section", clip(line))
		}
	}
	if !p.named {
		return p.fail(1, "begin the file with "+directive+"migration "+p.file.ID(), "the file does not say that it is a migration")
	}
	if p.file.upLine == 0 {
		return p.fail(len(p.lines), "add a line "+directive+"up with the SQL after it", "the file has no up section")
	}
	p.file.Up, p.file.upLine = trimScript(p.up, p.file.upLine)
	p.file.Down, p.file.downLine = trimScript(p.down, p.file.downLine)
	return nil
}

// trimScript removes empty lines around a script, counting those before it.
func trimScript(lines []string, line int) (string, int) {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
		line++
	}
	return strings.TrimRight(strings.Join(lines, "\n"), " \t\n"), line
}

// directive reads one line for this package, and, for an op, those that belong
// to it.
func (p *parser) directive(rest string) error {
	line := p.next
	word, args, _ := strings.Cut(rest, " ")
	args = strings.TrimSpace(args)
	if word != "op" && word != squashesWord {
		if slices.Contains(p.seen, word) {
			return p.fail(line, "keep one of them", "a second line %s%s", directive, word)
		}
		p.seen = append(p.seen, word)
	}
	if p.section != nil && word != "down" {
		return p.fail(line, "put it before the line "+directive+"up; after it, only "+directive+"down is read",
			"%s%s in a section of SQL", directive, clip(word))
	}
	switch word {
	case "migration":
		if args != p.file.ID() {
			return p.fail(line, "write "+directive+"migration "+p.file.ID(), "the file says that it is migration %q", clip(args))
		}
		p.named = true
	case "foreign_keys":
		if args != "off" {
			return p.fail(line, "write "+directive+"foreign_keys off, or remove the line", "foreign_keys %q", clip(args))
		}
		p.file.KeysOff = true
	case "transaction":
		if args != "off" {
			return p.fail(line, "write "+directive+"transaction off, or remove the line", "transaction %q", clip(args))
		}
		p.file.TxOff = true
	case squashesWord:
		id, sum, _ := strings.Cut(args, " ")
		if len(p.file.squashes) == maxFiles || len(sum) != 64 {
			return p.fail(line, "leave the lines as migrate squash wrote them, or remove all of them once every database has run the file",
				"squashes %q", clip(args))
		}
		p.file.squashes = append(p.file.squashes, squashed{id, sum})
	case "op":
		return p.op(line, args)
	case "up":
		p.section, p.file.upLine = &p.up, line+1
	case "down":
		if p.section == nil {
			return p.fail(line, "put it after the up section", "the down section stands before the up section")
		}
		p.section, p.file.downLine = &p.down, line+1
	default:
		return p.fail(line, "use migration, foreign_keys, transaction, squashes, op, up or down", "unknown line %s%s", directive, clip(word))
	}
	if (word == "up" || word == "down") && args != "" {
		return p.fail(line, "put it on the next line", "%q after %s%s", clip(args), directive, word)
	}
	return nil
}

// op reads an op and, if it opens a parenthesis at its end, the lines up to
// the one that closes it.
func (p *parser) op(line int, args string) error {
	lines := []opLine{{args, line}}
	if strings.HasSuffix(args, "(") {
		closed := false
		for !closed {
			if p.next >= len(p.lines) || !strings.HasPrefix(p.lines[p.next], "--") || strings.HasPrefix(p.lines[p.next], directive) {
				return p.fail(p.next+1, "close the op with a line \"-- )\"", "the op of line %d is not closed", line)
			}
			body := strings.TrimSpace(strings.TrimPrefix(p.lines[p.next], "--"))
			p.next++
			lines = append(lines, opLine{body, p.next})
			closed = body == ")"
		}
	}
	op, err := parseOp(lines)
	if err != nil {
		return p.fail(err.line, err.mend, "%s", err.what)
	}
	p.file.Ops = append(p.file.Ops, op)
	p.file.opLines = append(p.file.opLines, line)
	return nil
}

// checkScript refuses SQL that cannot be cut into statements, and statements
// that would end the transaction that the migration runs in.
func (f *File) checkScript(down bool) error {
	list, err := f.script(down)
	if err != nil {
		scan := err.(*sqlscan.Error)
		return setup("A1544", f.at(scan.Line), "close it", "%s", scan.What)
	}
	for _, s := range list {
		if !f.TxOff && alone(s.Text) {
			return setup("A1544", f.at(s.Line), "write "+directive+"transaction off before the up section; each statement is then noted as it ends, and the next run goes on after it",
				"%s in a migration that runs in a transaction", strings.Join(wordsOf(s.Text, 3), " "))
		}
		switch s.Verb {
		case "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE":
			return setup("A1544", f.at(s.Line), "remove it: each migration runs in a transaction of its own, all or nothing",
				"%s in a migration", s.Verb)
		case "PRAGMA":
			if strings.Contains(strings.ToLower(s.Text), "foreign_keys") {
				return setup("A1544", f.at(s.Line), "write "+directive+"foreign_keys off before the up section; inside a transaction the statement does nothing",
					"PRAGMA foreign_keys in a migration")
			}
		}
	}
	return nil
}

// clip shortens what is quoted in a message.
func clip(s string) string {
	const limit = 60
	if r := []rune(s); len(r) > limit {
		return fmt.Sprintf("%s…", string(r[:limit]))
	}
	return s
}
