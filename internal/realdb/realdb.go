package realdb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A daemon is a server process that ends when this process does.
type daemon struct {
	hold io.WriteCloser // as long as it is open, the server runs
	done chan error
}

// watch is the script of a daemon's shell: it runs the server until its
// standard input ends, which it does however this process ends, and then
// removes the server's folder, unless it was told to keep it.
const watch = `dir=$1; shift; "$@" </dev/null & pid=$!; read -r word; kill -INT $pid; wait $pid; test "$word" = keep || rm -rf "$dir"`

// start runs a server as the user, with its output in a log file.
func start(as, dir string, command ...string) (*daemon, error) {
	args := append([]string{"sh", "-c", watch, "server", dir}, command...)
	cmd := commandAs(as, args)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	d := &daemon{hold: hold, done: make(chan error, 1)}
	go func() { d.done <- cmd.Wait() }()
	return d, nil
}

// stop ends the server, whose folder stays, and waits until it has.
func (d *daemon) stop() {
	_, _ = io.WriteString(d.hold, "keep\n")
	_ = d.hold.Close()
	<-d.done
}

// run runs a program to its end.
func run(as string, args ...string) error {
	out, err := commandAs(as, args).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", args[0], err, out)
	}
	return nil
}

// commandAs is exec.Command as another user, where this process may be that.
func commandAs(as string, args []string) *exec.Cmd {
	if as != "" {
		args = append([]string{"setpriv", "--reuid=" + as, "--regid=" + as, "--clear-groups", "--"}, args...)
	}
	return exec.Command(args[0], args[1:]...)
}

// account returns the user to run a server as, "" for our own. Servers refuse
// to run as root.
func account(names ...string) (string, error) {
	if os.Geteuid() != 0 {
		return "", nil
	}
	for _, name := range names {
		if _, err := user.Lookup(name); err == nil {
			return name, nil
		}
	}
	return "", fmt.Errorf("this is root, and there is no user %s to run a server as", strings.Join(names, " or "))
}

// folder makes a folder that belongs to the user. Those of test binaries that
// were killed are removed.
func folder(as, prefix string) (string, error) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range left {
		if abandoned(dir) {
			unmount(dir)
			_ = os.RemoveAll(dir)
		}
	}
	return folderIn("", as, prefix)
}

// folderIn is folder in another one than that for temporary files, where none
// is swept.
func folderIn(parent, as, prefix string) (string, error) {
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, ownerFile), strconv.AppendInt(nil, int64(os.Getpid()), 10), 0o644); err != nil || as == "" {
		return dir, err
	}
	u, err := user.Lookup(as)
	if err != nil {
		return "", err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return dir, os.Chown(dir, uid, gid)
}

// ownerFile holds the number of the process that a server ends with.
const ownerFile = "owner"

// abandoned reports whether nobody can be using a folder any more: its process
// is not there, and nothing in it was written for a day, which is for those
// whose processes cannot be seen, as in another container.
func abandoned(dir string) bool {
	if text, err := os.ReadFile(filepath.Join(dir, ownerFile)); err == nil {
		pid, err := strconv.Atoi(string(text))
		if err != nil || running(pid) {
			return false
		}
	}
	used := false
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && time.Since(info.ModTime()) < 24*time.Hour {
			used = true
			return fs.SkipAll
		}
		return err
	})
	return err == nil && !used
}

// running reports whether there is a process with this number.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH)
}

// port returns a TCP port that nobody listens on.
func port() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// find returns the path of a program in PATH or in one of the folders, which
// may be patterns; "" if there is none.
func find(program string, folders ...string) string {
	if path, err := exec.LookPath(program); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
	}
	for _, folder := range folders {
		found, _ := filepath.Glob(filepath.Join(folder, program))
		if len(found) > 0 {
			return found[len(found)-1]
		}
	}
	return ""
}

// skip skips a test that needs a server which is not there, unless the
// environment says that all of them must run.
func skip(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("ASHLAR_TEST_SERVERS") == "required" {
		t.Fatal(why)
	}
	t.Skip(why)
}
