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
	if err := os.Mkdir(filepath.Join(folder, "shop"), 0o755); err != nil {
		return nil, err
	}
	if err := s.write(map[string]string{"go.mod": mod, "models.go": b.String(), "shop/shop.go": s.user()}); err != nil {
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

// used is how many models the package asks that uses them.
const used = 20

// user returns the package that uses the models: two queries for each of used.
func (s *sample) user() string {
	var b strings.Builder
	b.WriteString("// Package shop asks the models.\npackage shop\n\nimport (\n\t\"context\"\n\n\t\"sample\"\n)\n")
	for i := range min(used, s.models) {
		fmt.Fprintf(&b, `
// Dear%[1]d returns the dear ones of a studio, and their partners.
func Dear%[1]d(ctx context.Context, studio string) ([]*sample.Product%[1]d, error) {
	t := sample.Product%[1]ds
	return t.Where(t.Price.GT(100), t.Studio().Title.Eq(studio)).OrderBy(t.Title.Asc()).With(t.Partner()).Limit(20).All(ctx)
}

// Raise%[1]d makes those in the shop dearer.
func Raise%[1]d(ctx context.Context, by int64) (int64, error) {
	t := sample.Product%[1]ds
	return t.Where(t.InShop.Eq(true)).Update(ctx, t.Price.Add(by))
}
`, i)
	}
	return b.String()
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
	cpu, wall time.Duration
	peak      int64 // bytes of its largest process
}

// build compiles a package, and those that it imports, where they changed since
// the last time.
func (s *sample) build(ctx context.Context, name string) (cost, error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=mod", name)
	cmd.Dir = s.folder
	start := time.Now()
	if text, err := cmd.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("build the models: %w\n%s", err, text)
	}
	c := cost{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall: time.Since(start)}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = u.Maxrss << 10 // Linux counts in KiB
	}
	return c, nil
}

// results are the costs of some builds: of the models, after a change of their
// package; of the package that uses them, after a change of its own; and of
// nothing, which tells what the go command needs for itself.
type results struct {
	sample             *sample
	models, user, idle []cost
}

func (s *sample) measure(ctx context.Context, rounds int) (*results, error) {
	r := &results{sample: s}
	if _, err := s.build(ctx, "./..."); err != nil { // and what the packages import
		return nil, err
	}
	for i := range rounds {
		// A text that no build cache has seen.
		changed := fmt.Sprintf("\n\n// Round is %d.\nconst Round = %d\n", i, time.Now().UnixNano())
		for _, step := range []struct {
			list       *[]cost
			build      string
			file, text string
		}{
			{&r.models, ".", "round.go", "package sample" + changed},
			{nil, "./...", "", ""}, // who imports what changed is compiled again
			{&r.user, "./...", "shop/round.go", "package shop" + changed},
			{&r.idle, "./...", "", ""},
		} {
			if step.file != "" {
				if err := s.write(map[string]string{step.file: step.text}); err != nil {
					return nil, err
				}
			}
			c, err := s.build(ctx, step.build)
			if err != nil {
				return nil, err
			}
			if step.list != nil {
				*step.list = append(*step.list, c)
			}
		}
	}
	return r, nil
}

// page returns the results as a Markdown page.
func (r *results) page(machine measure.Machine, args []string) string {
	var b strings.Builder
	b.WriteString(measure.Page("Build", machine, "go -C bench run ./build", args,
		fmt.Sprintf("%d models of 12 columns and 2 relations, %d generated lines, generated in %v",
			r.sample.models, r.sample.lines, r.sample.generate.Round(time.Millisecond)),
		fmt.Sprintf("a package that makes two queries on each of %d of them", min(used, r.sample.models))) + "\n")
	b.WriteString("| round | the models changed: CPU seconds | seconds | peak memory, MB | only their user changed: CPU seconds | seconds | nothing changed: CPU seconds |\n" +
		"|--:|--:|--:|--:|--:|--:|--:|\n")
	var columns [6][]float64
	row := func(name string, at func(column int) float64) {
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.0f | %.2f | %.2f | %.2f |\n", name, at(0), at(1), at(2), at(3), at(4), at(5))
	}
	for i, c := range r.models {
		for n, v := range []float64{c.cpu.Seconds(), c.wall.Seconds(), float64(c.peak) / 1e6,
			r.user[i].cpu.Seconds(), r.user[i].wall.Seconds(), r.idle[i].cpu.Seconds()} {
			columns[n] = append(columns[n], v)
		}
		row(fmt.Sprint(i+1), func(n int) float64 { return columns[n][i] })
	}
	row("median", func(n int) float64 { return measure.Median(columns[n]) })
	return b.String()
}
