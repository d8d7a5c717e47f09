package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// Limits of what is read. They are far above what people write, and keep a
// folder of something else from being taken for migrations.
const (
	maxFile  = 1 << 20 // bytes of a file
	maxFiles = 10_000
	maxName  = 100 // characters of a name
)

// versionLayout is the time that a version is written as, in UTC.
const versionLayout = "20060102150405"

// A File is one migration: what it makes of the schema, and the SQL for that.
type File struct {
	Version string      // when it was made, in UTC, as 20060102150405
	Name    string      // what it does: lower-case letters, digits and _
	KeysOff bool        // foreign keys are off while it runs, and checked before it is committed
	TxOff   bool        // its statements run outside of a transaction, and go on where they stopped
	Notes   []string    // comment lines of the head: what whoever reviews it should know
	Ops     []schema.Op // from the schema that the migrations before it lead to
	Up      string      // SQL script
	Down    string      // SQL script of the way back; "" if there is none

	dir              string // for messages
	opLines          []int
	upLine, downLine int    // of the first line of the scripts
	text             string // as it was read
	squashes         []squashed
	code             *Go // what it does in place of SQL
}

// ID returns the version and the name, which is the file's name without .sql.
func (f *File) ID() string { return f.Version + "_" + f.Name }

// Text returns what stands in the file: what was read, or, for a file that was
// not, what [Parse] would read the same File from.
func (f *File) Text() string {
	if f.text != "" {
		return f.text
	}
	return f.format()
}

// Checksum returns the SHA-256 of the text, in hexadecimal. Line ends do not
// count, since version control may change them, and neither do the lines that
// say what the file squashes, which may go once every database has run it. That
// of a migration in Go is of its ID: what a function does has no sum.
func (f *File) Checksum() string {
	text := f.Text()
	if len(f.squashes) > 0 {
		var kept strings.Builder
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, directive+squashesWord) {
				kept.WriteString(line)
			}
		}
		text = kept.String()
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Write makes the file in a folder, which is made if need be, and returns its
// path. A file that is there is never written over.
func (f *File) Write(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("migrate: write migration: %w", err)
	}
	name := filepath.Join(dir, f.ID()+".sql")
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", fmt.Errorf("migrate: write migration: %w", err)
	}
	_, err = out.WriteString(f.Text())
	if closing := out.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return "", fmt.Errorf("migrate: write migration: %w", err)
	}
	return name, nil
}

// at returns the place of a line for messages.
func (f *File) at(line int) string {
	if f.code != nil {
		return f.code.at
	}
	name := path.Join(f.dir, f.ID()+".sql")
	if line == 0 {
		return name
	}
	return fmt.Sprintf("%s:%d", name, line)
}

// script returns the statements of Up or Down.
func (f *File) script(down bool) ([]sqlscan.Statement, error) {
	text, line := f.Up, f.upLine
	if down {
		text, line = f.Down, f.downLine
	}
	return sqlscan.Split(text, max(line, 1))
}

// load reads the migrations of the folder and those in Go, oldest first. The
// error is an *[errs.Setup] or a list of them.
func (m *Migrator) load() ([]*File, error) {
	list, err := load(m.files, m.config.Dir)
	if err != nil {
		return nil, err
	}
	for i := range m.config.Go {
		f, err := m.config.Go[i].file()
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, ordered(list)
}

// load reads the migrations of a folder, in the order of their names. A folder
// that is not there has none. The error is an *[errs.Setup] or a list of them.
func load(files fs.FS, dir string) ([]*File, error) {
	entries, err := fs.ReadDir(files, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("migrate: read folder %q: %w", dir, err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return e.IsDir() || path.Ext(e.Name()) != ".sql"
	})
	if len(entries) > maxFiles {
		return nil, setup("A1540", dir, fmt.Sprintf("keep at most %d migrations in a folder", maxFiles), "%d files in the folder", len(entries))
	}
	var list []*File
	var problems errs.List
	for _, e := range entries {
		f, err := read(files, path.Join(dir, e.Name()))
		if err != nil {
			problems.Add(err)
			continue
		}
		list = append(list, f)
	}
	return list, problems.Err()
}

// ordered sorts migrations by their versions, of which there are no two.
func ordered(list []*File) error {
	var problems errs.List
	slices.SortFunc(list, func(a, b *File) int { return strings.Compare(a.ID(), b.ID()) })
	for i := 1; i < len(list); i++ {
		if list[i].Version == list[i-1].Version {
			problems.Add(setup("A1543", list[i].at(0), "give the later one a later time, in its name and its first line",
				"%s has the version of %s", list[i].ID(), list[i-1].ID()))
		}
	}
	return problems.Err()
}

// read reads one file, refusing to take in more than a migration may be.
func read(files fs.FS, name string) (*File, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, fmt.Errorf("migrate: read %q: %w", name, err)
	}
	if info.Size() > maxFile {
		return nil, tooLarge(name)
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("migrate: read %q: %w", name, err)
	}
	return Parse(name, data)
}

func tooLarge(name string) error {
	return setup("A1540", name, "load data from a file of its own, or split the migration", "file is larger than %d bytes", maxFile)
}

// fromName splits the path of a file into folder, version and name.
func fromName(file string) (*File, error) {
	base, ok := strings.CutSuffix(path.Base(file), ".sql")
	version, name, cut := strings.Cut(base, "_")
	_, err := time.Parse(versionLayout, version)
	if !ok || !cut || err != nil || len(version) != len(versionLayout) || !validName(name) {
		return nil, setup("A1540", file, "name it by the time in UTC and what it does, such as 20260131093000_add_stock.sql",
			"%q is no name of a migration", path.Base(file))
	}
	dir := path.Dir(file)
	if dir == "." {
		dir = ""
	}
	return &File{Version: version, Name: name, dir: dir}, nil
}

func validName(name string) bool {
	return name != "" && len(name) <= maxName && !strings.ContainsFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_'
	})
}

// normalText returns the text with line ends as they are counted, or an error.
func normalText(name string, data []byte) (string, error) {
	if len(data) > maxFile {
		return "", tooLarge(name)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	for i, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) || strings.ContainsAny(line, "\x00\r") {
			return "", setup("A1540", fmt.Sprintf("%s:%d", name, i+1), "save the file as UTF-8 text", "line is not UTF-8 text")
		}
	}
	return text, nil
}
