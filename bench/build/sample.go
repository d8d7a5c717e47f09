package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
	"github.com/ashlar-go/ashlar/internal/modelgen"
)

// A sample is a module with a package of models.
type sample struct {
	folder   string
	models   int
	lines    int           // of the generated file
	generate time.Duration // how long it took to generate
}

// fields are the 12 columns of every model, of all kinds that are common.
const fields = `	ID        int64  ` + "`db:\"pk\"`" + `
	Title     string ` + "`db:\"size=200,index\"`" + `
	Slug      string ` + "`db:\"unique\"`" + `
	Genre     *string
	Price     int64 ` + "`db:\"check=price >= 0\"`" + `
	StudioID  int64
	Rating    *float64
	InShop    bool
	Poster    []byte
	Released  *time.Time
	CreatedAt time.Time
	PartnerID *int64
`

// newSample writes the module. root is Ashlar's own folder.
func newSample(root string, models int) (*sample, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "ashlar-build-")
	if err != nil {
		return nil, err
	}
	s := &sample{folder: folder, models: models}
	mod := "module sample\n\ngo 1.26.0\n\nrequire github.com/ashlar-go/ashlar v0.0.0\n\nreplace github.com/ashlar-go/ashlar => " + root + "\n"
	var b strings.Builder
	b.WriteString("// Package sample has models.\npackage sample\n\nimport \"time\"\n")
	for i := range models {
		fmt.Fprintf(&b, "\n// Product%d is a model.\n//\n//ashlar:model\ntype Product%d struct {\n%s", i, i, fields)
		fmt.Fprintf(&b, "\tStudio *Product%d\n\tPartner *Product%d\n}\n", (i+1)%models, (i*7+3)%models)
	}
	if err := s.write(map[string]string{"go.mod": mod, "models.go": b.String()}); err != nil {
		return nil, err
	}
	start := time.Now()
	text, err := modelgen.Generate(folder)
	if err != nil {
		return nil, err
	}
	s.generate, s.lines = time.Since(start), bytes.Count(text, []byte("\n"))
	return s, s.write(map[string]string{modelgen.File: string(text)})
}

func (s *sample) write(files map[string]string) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (s *sample) remove() error { return os.RemoveAll(s.folder) }

// A cost is what a run of the go command, with all that it started, needed.
type cost struct {
	cpu  time.Duration
	peak int64 // bytes of its largest process
}

// build compiles the package where it changed since the last time.
func (s *sample) build(ctx context.Context) (cost, error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=mod", ".")
	cmd.Dir = s.folder
	if text, err := cmd.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("build the models: %w\n%s", err, text)
	}
	c := cost{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = u.Maxrss << 10 // Linux counts in KiB
	}
	return c, nil
}

// results are the costs of some builds of the package, and of as many that had
// nothing to compile: those tell what the go command needs for itself.
type results struct {
	sample      *sample
	build, idle []cost
}

func (s *sample) measure(ctx context.Context, rounds int) (*results, error) {
	r := &results{sample: s}
	if _, err := s.build(ctx); err != nil { // and what the package imports
		return nil, err
	}
	for i := range rounds {
		// A text that no build cache has seen.
		changed := fmt.Sprintf("package sample\n\n// Round is %d.\nconst Round = %d\n", i, time.Now().UnixNano())
		if err := s.write(map[string]string{"round.go": changed}); err != nil {
			return nil, err
		}
		for _, list := range []*[]cost{&r.build, &r.idle} {
			c, err := s.build(ctx)
			if err != nil {
				return nil, err
			}
			*list = append(*list, c)
		}
	}
	return r, nil
}

// page returns the results as a Markdown page.
func (r *results) page(machine measure.Machine, args []string) string {
	var b strings.Builder
	b.WriteString(measure.Page("Build", machine, "go -C bench run ./build", args,
		fmt.Sprintf("%d models of 12 columns and 2 relations, %d generated lines, generated in %v",
			r.sample.models, r.sample.lines, r.sample.generate.Round(time.Millisecond))) + "\n")
	b.WriteString("| round | CPU seconds | of these the go command itself | peak memory, MB |\n|--:|--:|--:|--:|\n")
	var cpu, idle, peak []float64
	for i, c := range r.build {
		cpu, idle, peak = append(cpu, c.cpu.Seconds()), append(idle, r.idle[i].cpu.Seconds()), append(peak, float64(c.peak)/1e6)
		fmt.Fprintf(&b, "| %d | %.2f | %.2f | %.0f |\n", i+1, cpu[i], idle[i], peak[i])
	}
	fmt.Fprintf(&b, "| median | %.2f | %.2f | %.0f |\n", measure.Median(cpu), measure.Median(idle), measure.Median(peak))
	return b.String()
}
