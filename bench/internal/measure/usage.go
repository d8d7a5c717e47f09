package measure

import (
	"runtime"
	"syscall"
	"time"
)

// Usage is what a process has used since it began, or between two moments.
type Usage struct {
	CPU    time.Duration // in user and kernel mode
	Allocs uint64        // objects on the heap
	Bytes  uint64        // their size
}

// Used returns what this process has used so far. The kernel is asked for the
// utime and stime that stand, rounded to hundredths of a second, in
// /proc/<pid>/stat too.
func Used() (Usage, error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return Usage{}, err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Usage{time.Duration(r.Utime.Nano() + r.Stime.Nano()), m.Mallocs, m.TotalAlloc}, nil
}

// Add returns the sum of u and v.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.CPU + v.CPU, u.Allocs + v.Allocs, u.Bytes + v.Bytes}
}

// Sub returns what was used between v and u.
func (u Usage) Sub(v Usage) Usage {
	return Usage{u.CPU - v.CPU, u.Allocs - v.Allocs, u.Bytes - v.Bytes}
}
