package config

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

// Explain writes a table of every setting to w: key, value, source and doc,
// after a line with the environment and the files that were read. Secrets are
// hidden. For a form that programs read, marshal what [Set.Values] yields.
func (s *Set) Explain(w io.Writer) error {
	files := strings.Join(s.files, ", ")
	if files == "" {
		files = "none"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "environment: %s; files: %s\n\n", cell(s.environment), files)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KEY\tVALUE\tSOURCE\tDOC")
	for _, v := range s.values {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", v.Key, cell(v.Text), v.Source, strings.Join(strings.Fields(v.Doc), " "))
	}
	t.Flush() // a strings.Builder takes everything
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// cell quotes text that would break the table or steer a terminal.
func cell(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}
