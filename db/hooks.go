package db

import "context"

// A Change is what happens to a row.
type Change uint8

// The changes.
const (
	Created Change = iota + 1
	Updated
	Deleted
)

// String returns created, updated or deleted.
func (c Change) String() string {
	return [...]string{Created: "created", Updated: "updated", Deleted: "deleted"}[c]
}

// Hooks are called for the rows of a model that are written one by one. The
// model names the function that returns them:
//
//	//ashlar:model hooks=filmHooks
//	type Film struct { … }
//
//	func filmHooks() db.Hooks[*Film] {
//		return db.Hooks[*Film]{Before: func(ctx context.Context, c db.Change, f *Film) error {
//			f.Slug = slugOf(f.Title)
//			return nil
//		}}
//	}
//
// What calls them, and asks the rules of the model:
//
//	                                  rules  Before  After, AfterCommit
//	Insert, Import, Save,
//	FindOrCreate                      yes    yes     yes
//	Table.Delete                      no     yes     yes
//	Upsert                            yes    yes, all as Created
//	Query.Update, Delete, Restore     no     refused, unless WithoutHooks
//	Query.Purge                       no     refused, unless WithoutHooks
//	Exec                              no     no
//
// With hooks, every write is in a transaction, which an error of Before or
// After rolls back.
type Hooks[P any] struct {
	Before func(ctx context.Context, c Change, p P) error // may change p
	After  func(ctx context.Context, c Change, p P) error // in the same transaction

	// AfterCommit is called once the transaction is committed.
	AfterCommit func(ctx context.Context, c Change, p P)
}

// rowHooks are Hooks without their type.
type rowHooks struct {
	before, after func(ctx context.Context, c Change, p any) error
	committed     func(ctx context.Context, c Change, p any)
}

func (h *rowHooks) any() bool { return h.before != nil || h.after != nil || h.committed != nil }

// Attach, for generated code, gives t its hooks.
func Attach[P any](t interface{ core() *table }, h Hooks[P]) bool {
	own := &t.core().hooks
	if h.Before != nil {
		own.before = func(ctx context.Context, c Change, p any) error { return h.Before(ctx, c, p.(P)) }
	}
	if h.After != nil {
		own.after = func(ctx context.Context, c Change, p any) error { return h.After(ctx, c, p.(P)) }
	}
	if h.AfterCommit != nil {
		own.committed = func(ctx context.Context, c Change, p any) { h.AfterCommit(ctx, c, p.(P)) }
	}
	return true
}
