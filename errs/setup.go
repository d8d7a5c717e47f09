package errs

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// A Setup is a mistake made while an application was put together: it is
// found at start, before anything is served, and is meant for the programmer.
type Setup struct {
	Code  string // of the entry in docs/errors.md, such as "A1203"
	What  string // what is wrong, lower case, no full stop
	Where string // file:line of the code to change, or a file and line of the input; may be empty
	Mend  string // what to do; may be empty
	Err   error  // the cause; may be nil
}

// Error prints what, where and the mend, each on a line of its own.
func (s *Setup) Error() string {
	var b strings.Builder
	b.WriteString(s.What)
	if s.Err != nil {
		if s.What != "" {
			b.WriteString(": ")
		}
		b.WriteString(s.Err.Error())
	}
	if s.Where != "" {
		fmt.Fprintf(&b, "\n\tat %s", s.Where)
	}
	if s.Mend != "" {
		fmt.Fprintf(&b, "\n\tmend: %s", s.Mend)
	}
	if s.Code != "" {
		fmt.Fprintf(&b, "\n\tsee docs/errors.md#%s", s.Code)
	}
	return b.String()
}

// Unwrap returns the cause.
func (s *Setup) Unwrap() error { return s.Err }

// A List is several problems found in one pass, so that they can be mended in
// one pass. Its zero value is an empty list.
type List []error

// Add appends err unless it is nil. A List is flattened.
func (l *List) Add(err error) {
	if err == nil {
		return
	}
	if more, ok := err.(List); ok {
		*l = append(*l, more...)
		return
	}
	*l = append(*l, err)
}

// Err returns nil for an empty list, the error itself for one, else the list.
func (l List) Err() error {
	switch len(l) {
	case 0:
		return nil
	case 1:
		return l[0]
	}
	return l
}

// Error prints the problems, numbered from 1; one problem alone is printed as
// it is.
func (l List) Error() string {
	switch len(l) {
	case 0:
		return "no problems"
	case 1:
		return l[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d problems", len(l))
	for i, err := range l {
		fmt.Fprintf(&b, "\n%d. %s", i+1, strings.ReplaceAll(err.Error(), "\n", "\n   "))
	}
	return b.String()
}

// Unwrap returns the problems, for errors.Is and errors.As.
func (l List) Unwrap() []error { return l }

// Caller returns where its caller's caller stands, as "dir/file.go:12", skip
// frames further up. Only the last folder is kept: messages, golden files and
// binaries then do not hold the path of the machine that built them.
func Caller(skip int) string {
	_, file, line, ok := runtime.Caller(skip + 2)
	if !ok {
		return "unknown place"
	}
	return fmt.Sprintf("%s/%s:%d", filepath.Base(filepath.Dir(file)), filepath.Base(file), line)
}
