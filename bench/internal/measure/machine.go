package measure

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// A Machine is where and when numbers were made. What the system does not tell
// is "".
type Machine struct {
	CPU    string
	Cores  int
	System string // operating system, architecture and kernel
	Go     string
	Load   string // average load of the last minute, before the run
	Date   time.Time
}

// Now describes this machine at the time now.
func Now(now time.Time) Machine {
	return Machine{
		CPU:    field("/proc/cpuinfo", "model name"),
		Cores:  runtime.NumCPU(),
		System: strings.TrimSpace(runtime.GOOS + "/" + runtime.GOARCH + " " + read("/proc/sys/kernel/osrelease")),
		Go:     runtime.Version(),
		Load:   Load(),
		Date:   now,
	}
}

// String returns the machine as the items of a Markdown list.
func (m Machine) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- Date: %s\n", m.Date.UTC().Format("2006-01-02 15:04 UTC"))
	fmt.Fprintf(&b, "- Machine: %d cores", m.Cores)
	if m.CPU != "" {
		fmt.Fprintf(&b, " (%s)", m.CPU)
	}
	fmt.Fprintf(&b, ", %s, %s\n", m.System, m.Go)
	if m.Load != "" {
		fmt.Fprintf(&b, "- Load average of the minute before: %s\n", m.Load)
	}
	return b.String()
}

// Load returns the average number of processes that wanted to run in the last
// minute, "" where the system does not tell.
func Load() string {
	load, _, _ := strings.Cut(read("/proc/loadavg"), " ")
	return load
}

// Version returns the version of a module that is part of this program, ""
// when it is none.
func Version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, d := range info.Deps {
		if d.Path == module {
			return d.Version
		}
	}
	return ""
}

func read(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "" // not every system has it
	}
	return strings.TrimSpace(string(text))
}

func field(file, name string) string {
	for line := range strings.Lines(read(file)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
