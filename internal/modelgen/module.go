package modelgen

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
)

// sameModule returns the folder of a package of the module that p belongs to.
func (p *pkg) sameModule(path string) (string, bool) {
	dir, err := filepath.Abs(p.dir)
	if err != nil {
		return "", false
	}
	for {
		if module, ok := moduleOf(filepath.Join(dir, "go.mod")); ok {
			rest, below := strings.CutPrefix(path, module+"/")
			return filepath.Join(dir, filepath.FromSlash(rest)), below
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// moduleOf reads the module's path from a go.mod file. Its other lines do not
// matter here, so no parser for them is needed.
func moduleOf(file string) (string, bool) {
	f, err := os.Open(file)
	if err != nil {
		return "", false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "module "); ok {
			return strings.Trim(strings.TrimSpace(rest), `"`), true
		}
	}
	return "", false
}
