package realdb

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A Disk is a small file system in memory, of which a test can see what a
// server does when it is full.
type Disk struct {
	dir     string // where it is mounted
	ballast string
}

// SmallDisk makes a disk for one test, which is skipped where none can be
// mounted: that takes Linux and root.
func SmallDisk(t testing.TB, megabytes int) *Disk {
	t.Helper()
	outer, err := folder("", "ashlar-disk-")
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	d := &Disk{dir: filepath.Join(outer, mountedAt)}
	if err := errors.Join(os.Chmod(outer, 0o755), os.Mkdir(d.dir, 0o755)); err != nil {
		t.Fatalf("realdb: %v", err)
	}
	t.Cleanup(func() {
		unmount(outer)
		_ = os.RemoveAll(outer)
	})
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "tmpfs", d.dir).CombinedOutput()
	if err != nil {
		t.Skipf("realdb: no small disk: mount: %v: %s; run as root on Linux", err, strings.TrimSpace(string(out)))
	}
	d.ballast = filepath.Join(d.dir, "ballast")
	return d
}

// mountedAt is where a disk is in its folder.
const mountedAt = "disk"

// unmount takes away the disk in a folder, if there is one.
func unmount(dir string) {
	if _, err := os.Stat(filepath.Join(dir, mountedAt)); err == nil {
		_ = exec.Command("umount", "--lazy", filepath.Join(dir, mountedAt)).Run()
	}
}

// Fill takes all room that is left but some megabytes.
func (d *Disk) Fill(t testing.TB, left int) {
	t.Helper()
	f, err := os.Create(d.ballast)
	if err != nil {
		t.Fatalf("realdb: %v", err)
	}
	defer f.Close()
	size, block := int64(0), make([]byte, 64<<10)
	for {
		n, err := f.Write(block)
		size += int64(n)
		if err != nil {
			break // no room
		}
	}
	if err := f.Truncate(max(0, size-int64(left)<<20)); err != nil {
		t.Fatalf("realdb: %v", err)
	}
}

// Free gives back what Fill took.
func (d *Disk) Free(t testing.TB) {
	t.Helper()
	if err := os.Remove(d.ballast); err != nil {
		t.Fatalf("realdb: %v", err)
	}
}

// Postgres starts a server that has all of its files on the disk.
func (d *Disk) Postgres(t testing.TB) *PostgresServer {
	t.Helper()
	s, err := startPostgres(d.folder)
	if err != nil {
		skip(t, "realdb: no PostgreSQL to start: "+err.Error()+"; install postgresql")
	}
	t.Cleanup(s.Close)
	return s
}

// MariaDB starts a server that has all of its files on the disk.
func (d *Disk) MariaDB(t testing.TB) *MariaDBServer {
	t.Helper()
	s, err := startMariaDB(d.folder, []string{"--innodb-log-file-size=4M"})
	if err != nil {
		skip(t, "realdb: no MariaDB to start: "+err.Error()+"; install mariadb-server")
	}
	t.Cleanup(s.Close)
	return s
}

func (d *Disk) folder(as string) (string, error) { return folderIn(d.dir, as, "server-") }
