package inject

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// invoke calls a constructor or decorator.
func (d *decl) invoke(args []reflect.Value) (v reflect.Value, release func() error, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, release, err = reflect.Value{}, nil, d.failed(panicError(r))
		}
	}()
	out := d.fn.Call(args)
	if last := out[len(out)-1]; d.fails && !last.IsNil() {
		return v, nil, d.failed(last.Interface().(error))
	}
	if isNil(out[0]) {
		return v, nil, d.failed(errors.New("it returned nil and no error"))
	}
	if d.releases {
		release = out[1].Interface().(func() error)
	}
	return out[0], release, nil
}

func (d *decl) failed(err error) error {
	// A constructor that knows what is wrong and how to mend it is not to be
	// talked over.
	if mistake, ok := err.(*errs.Setup); ok { //nolint:errorlint // wrapped, it is not the whole message
		located := *mistake
		if located.Where == "" {
			located.Where = d.where
		}
		return &located
	}
	what := d.title()
	if d.role == adds || d.role == decorates {
		what = strings.TrimPrefix(strings.TrimPrefix(what, "an "), "the ")
	}
	return &errs.Setup{Code: codeBuild, What: fmt.Sprintf("build %s (%s)", what, d.owner()), Where: d.where, Err: err}
}

// panicError turns a recovered value into an error that says where the panic
// was. It is called by the deferred function itself.
func panicError(r any) error {
	place := "unknown place"
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicked := false
	for {
		f, more := frames.Next()
		inRuntime := strings.HasPrefix(f.Function, "runtime.")
		if panicked && !inRuntime {
			place = fmt.Sprintf("%s/%s:%d", filepath.Base(filepath.Dir(f.File)), filepath.Base(f.File), f.Line)
			break
		}
		panicked = panicked || f.Function == "runtime.gopanic"
		if !more {
			break
		}
	}
	if err, ok := r.(error); ok {
		return fmt.Errorf("panic at %s: %w", place, err)
	}
	return fmt.Errorf("panic at %s: %v", place, r)
}
