package measure

import (
	"fmt"
	"os"
	"runtime/debug"
)

// Resident returns how many bytes of this process are in memory once the
// garbage is collected and given back to the system. It needs Linux.
func Resident() (int64, error) {
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what finalizers and pools had held
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0, fmt.Errorf("read /proc/self/statm: %w", err)
	}
	return resident * int64(os.Getpagesize()), nil
}
