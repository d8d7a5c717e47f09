package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/queries"
)

// A QueryEvent tells of one statement that was sent to the database.
type QueryEvent struct {
	SQL      string
	Args     []string      // as Config.ShowArgs says
	Rows     int64         // rows read, or rows changed
	Duration time.Duration // with the wait for a connection
	Slow     bool          // took Config.SlowQuery or longer
	Err      error
	Caller   string // "folder/file.go:12" of the app; of what called this package if the app did not
	Table    string // that it is about, "" for SQL of one's own
	Part     bool   // of a call that sends several, such as With
	Control  bool   // begins or ends a transaction, or a savepoint

	table *table
	stack []uintptr
}

// Watch calls hook after each statement, as Config.OnQuery is called, until
// stop is called. Without Config.Now all durations are 0.
func (d *DB) Watch(hook func(context.Context, QueryEvent)) (stop func()) {
	own := &hook
	d.changeHooks(func(list []*func(context.Context, QueryEvent)) []*func(context.Context, QueryEvent) {
		return append(list, own)
	})
	return func() {
		d.changeHooks(func(list []*func(context.Context, QueryEvent)) []*func(context.Context, QueryEvent) {
			return slices.DeleteFunc(list, func(h *func(context.Context, QueryEvent)) bool { return h == own })
		})
	}
}

// changeHooks replaces the list of hooks: who reads it takes no lock.
func (d *DB) changeHooks(change func([]*func(context.Context, QueryEvent)) []*func(context.Context, QueryEvent)) {
	for {
		old := d.hooks.Load()
		var list []*func(context.Context, QueryEvent)
		if old != nil {
			list = slices.Clone(*old)
		}
		list = change(list)
		next := &list
		if len(list) == 0 {
			next = nil
		}
		if d.hooks.CompareAndSwap(old, next) {
			return
		}
	}
}

// A clocked is when a statement was begun, if anybody wants to know.
type clocked struct {
	at time.Time
	on bool
}

// watched reports whether each statement is told of, not slow ones alone.
func (d *DB) watched() bool { return d.config.OnQuery != nil || d.hooks.Load() != nil }

// begin starts the measuring of a statement, which report ends.
func (d *DB) begin() clocked {
	if d.config.OnSlow == nil && !d.watched() {
		return clocked{}
	}
	return clocked{d.clock(), true}
}

// clock reads Config.Now, which Watch does without.
func (d *DB) clock() time.Time {
	if d.config.Now == nil {
		return time.Time{}
	}
	return d.config.Now()
}

// report tells of a statement that has ended. It is deferred, with pointers to
// what the statement returns, which do not escape: it costs no allocation
// unless there is something to tell.
func (d *DB) report(ctx context.Context, st statement, began clocked, rows *int64, err *error) {
	if !began.on {
		return
	}
	took := d.clock().Sub(began.at)
	slow := took >= d.config.SlowQuery
	if d.watched() || slow && d.config.OnSlow != nil {
		d.tell(ctx, st, *rows, took, slow, *err)
	}
}

func (d *DB) tell(ctx context.Context, st statement, rows int64, took time.Duration, slow bool, err error) {
	e := QueryEvent{
		SQL: st.sql, Args: shownArgs(st, d.config.ShowArgs), Rows: rows, Duration: took,
		Slow: slow, Err: err, Part: st.part, Control: st.control, table: st.t, stack: callers(),
	}
	e.Caller = at(place(e.stack))
	if st.t != nil {
		e.Table = st.t.def.Name
	}
	if d.config.OnQuery != nil {
		d.config.OnQuery(ctx, e)
	}
	if slow && d.config.OnSlow != nil {
		d.config.OnSlow(ctx, e)
	}
	if hooks := d.hooks.Load(); hooks != nil {
		for _, hook := range *hooks {
			(*hook)(ctx, e)
		}
	}
}

// repeated is what is reported of a statement that one place ran again and
// again.
func repeated(r *queries.Repeat) error {
	return &errs.Setup{Code: "A1509", What: fmt.Sprintf("db: the same query %d times: %s", r.Times, r.SQL), Where: r.Where(), Mend: r.Advice()}
}
