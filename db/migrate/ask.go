package migrate

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// Asker returns a function for [MakeOptions] that asks whoever sits at a
// terminal.
func Asker(in io.Reader, out io.Writer) func(schema.Rename) (string, error) {
	lines := bufio.NewScanner(in)
	return func(r schema.Rename) (string, error) {
		question, answers := ask(r)
		for range 5 { // then nobody reads the question
			if _, err := io.WriteString(out, question); err != nil {
				return "", err
			}
			if !lines.Scan() {
				break
			}
			if was, ok := answers[strings.ToLower(strings.TrimSpace(lines.Text()))]; ok {
				return was, nil
			}
		}
		fmt.Fprintln(out)
		return "", setup("A1536", "", renameMend(r), "ask whether %s is a rename: there was no answer", renamed(r))
	}
}

func renamed(r schema.Rename) string {
	if r.Column == "" {
		return "table " + r.Table
	}
	return "column " + r.Table + "." + r.Column
}

func renameMend(r schema.Rename) string {
	if r.Column == "" {
		return "answer it, or say it with //ashlar:model was=" + r.From[0] + ", or pass --allow-drop"
	}
	return "answer it, or say it with the tag db:\"was=" + r.From[0] + "\", or pass --allow-drop"
}

// ask returns the question, and what each answer means.
func ask(r schema.Rename) (question string, answers map[string]string) {
	kept := "values"
	if r.Column == "" {
		kept = "rows"
	}
	if len(r.From) == 1 {
		was := r.From[0]
		return fmt.Sprintf("Is %s the former %s? y keeps the %s, n drops them: [y/n] ", renamed(r), was, kept),
			map[string]string{"y": was, "yes": was, "n": "", "no": ""}
	}
	var b strings.Builder
	answers = map[string]string{"0": ""}
	fmt.Fprintf(&b, "What was %s before?\n", renamed(r))
	for i, was := range r.From {
		fmt.Fprintf(&b, "  %d  %s, which keeps its %s\n", i+1, was, kept)
		answers[strconv.Itoa(i+1)] = was
	}
	fmt.Fprintf(&b, "  0  none of them: it is new\n[0-%d] ", len(r.From))
	return b.String(), answers
}

// isTerminal reports whether somebody sits at the other end.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
