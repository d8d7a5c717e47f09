package measure

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Page begins the Markdown page of a run: its title, the machine, the command
// that repeats it, and further items.
func Page(title string, m Machine, command string, args []string, items ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: results of the last run\n\nWritten by the program; see [the README](../README.md) for how to read it.\n\n", title)
	fmt.Fprintf(&b, "%s- Command: `%s`\n", m, Command(command, args))
	for _, item := range items {
		fmt.Fprintf(&b, "- %s\n", item)
	}
	return b.String()
}

// Command returns a command line as one would type it.
func Command(command string, args []string) string {
	words := []string{command}
	for _, a := range args {
		if a == "" || strings.ContainsAny(a, " \t\"'$*") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// Publish writes a page to out and, unless folder is "", to its RESULTS.md.
func Publish(page string, out io.Writer, folder string) error {
	if _, err := io.WriteString(out, page); err != nil || folder == "" {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "RESULTS.md"), []byte(page), 0o644)
}
