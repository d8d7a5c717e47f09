package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ashlar-go/ashlar/db"
)

// Backup writes a copy of d's database, as it is at one moment, to a new file
// at path. Readers and writers go on meanwhile; one of the connections that
// read is taken. The copy is compact and needs no file beside it. It is on the
// disk, whole, before it gets its name: there is never half a backup at path.
//
// A file that is there already is not replaced; the error is then
// fs.ErrExist. The new one can be read by its owner alone. ctx must not be in
// a transaction.
func Backup(ctx context.Context, d *db.DB, path string) (err error) {
	if d.Scheme() != scheme {
		return fmt.Errorf("sqlite: back up a database of %q: want one of %q", d.Scheme(), scheme)
	}
	if err := vacant(path); err != nil {
		return fmt.Errorf("sqlite: back up: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("sqlite: back up to %q: %w", path, err)
		}
	}()
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	unfinished := f.Name()
	defer os.Remove(unfinished) // it is not there any more if all went well
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := db.SQL[*db.Row](db.Using(db.NewContext(ctx, d), d.Name()), "VACUUM INTO ?", unfinished); err != nil {
		return err
	}
	if err := flush(unfinished, os.O_RDWR); err != nil {
		return err
	}
	if err := rename(unfinished, path); err != nil {
		return err
	}
	_ = flush(filepath.Dir(path), os.O_RDONLY) // not every system can flush a folder
	return nil
}

// Clone copies a database file that nobody has open, such as one that [Backup]
// wrote, to a new file at path. It takes about as long as writing a file of
// that size without waiting for the disk, some milliseconds for a database
// with its tables alone: enough to give each test a database of its own.
//
// A file that is there already is not replaced; the error is then
// fs.ErrExist. It is an error too if template was not closed: part of it is in
// the journal beside it then.
func Clone(template, path string) (err error) {
	for _, journal := range journals {
		if info, err := os.Stat(template + journal); err == nil && info.Size() > 0 {
			return fmt.Errorf("sqlite: clone %q: it is open, or was not closed: there is a journal %q", template, template+journal)
		}
	}
	if err := vacant(path); err != nil {
		return fmt.Errorf("sqlite: clone: %w", err)
	}
	from, err := os.Open(template)
	if err != nil {
		return fmt.Errorf("sqlite: clone: %w", err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite: clone: %w", err)
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		_ = os.Remove(path) // no half a database
		return fmt.Errorf("sqlite: clone: %w", err)
	}
	return nil
}

// journals end the names of the files that hold changes of the database beside
// them.
var journals = []string{"-wal", "-journal"}

// vacant reports what is at path, or was left beside it by another database
// and would be taken for changes of the new one.
func vacant(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	for _, journal := range journals {
		if info, err := os.Stat(path + journal); err == nil && info.Size() > 0 {
			return &fs.PathError{Op: "create beside", Path: path + journal, Err: fs.ErrExist}
		}
	}
	return nil
}

// flush waits until the file is on the disk.
func flush(path string, flag int) error {
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// rename gives the file from the name to, which nothing has.
func rename(from, to string) error {
	err := os.Link(from, to) // unlike os.Rename it replaces nothing
	if err == nil || errors.Is(err, fs.ErrExist) {
		return errors.Join(err, os.Remove(from))
	}
	return os.Rename(from, to) // a file system without links
}
