package realdb

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
)

// A folder is swept when its process has ended and it was not used for a day,
// and not before. It is not parallel: it sets where temporary folders are.
func TestSweep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ended := exec.Command("true")
	want.NoErr(t, ended.Run())
	make := func(pid int, age, written time.Duration) string {
		dir, err := folder("", "ashlar-test-")
		want.NoErr(t, err)
		want.NoErr(t, os.Mkdir(filepath.Join(dir, "data"), 0o700))
		file := filepath.Join(dir, "data", "file")
		want.NoErr(t, os.WriteFile(file, nil, 0o600))
		want.NoErr(t, os.WriteFile(filepath.Join(dir, ownerFile), []byte(strconv.Itoa(pid)), 0o600))
		want.NoErr(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			want.NoErr(t, err)
			at := time.Now().Add(-age)
			return os.Chtimes(path, at, at)
		}))
		at := time.Now().Add(-written)
		want.NoErr(t, os.Chtimes(file, at, at))
		return dir
	}
	const day = 24 * time.Hour
	used, running, old := make(ended.Process.Pid, 9*day, time.Hour), make(os.Getpid(), 9*day, 9*day), make(ended.Process.Pid, 9*day, 2*day)
	_, err := folder("", "ashlar-test-")
	want.NoErr(t, err)
	for dir, stays := range map[string]bool{used: true, running: true, old: false} {
		_, err := os.Stat(dir)
		want.Equal(t, err == nil, stays)
	}
}
