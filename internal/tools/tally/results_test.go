package main

import (
	"strings"
	"testing"
)

const first = `{"Action":"start","Package":"m/a"}
{"Action":"output","Package":"m/a","Test":"TestTable/one","Output":"=== RUN   TestTable/one\n"}
{"Action":"pass","Package":"m/a","Test":"TestTable/one"}
{"Action":"output","Package":"m/a","Test":"TestTable/two","Output":"    a_test.go:9: got 1, want 2\n"}
{"Action":"fail","Package":"m/a","Test":"TestTable/two"}
{"Action":"fail","Package":"m/a","Test":"TestTable"}
{"Action":"output","Package":"m/a","Test":"TestBrowser","Output":"    a_test.go:3: no browser\n"}
{"Action":"output","Package":"m/a","Test":"TestBrowser","Output":"--- SKIP: TestBrowser (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestBrowser"}
{"Action":"skip","Package":"m/a","Test":"TestSilent"}
{"Action":"fail","Package":"m/a"}
{"Action":"skip","Package":"m/none"}
{"ImportPath":"m/b [m/b.test]","Action":"build-output","Output":"b.go:1: undefined: x\n"}
{"Action":"fail","Package":"m/b","FailedBuild":"m/b [m/b.test]"}
go: something that is not JSON
`

const second = `{"Action":"pass","Package":"m/a","Test":"TestBrowser"}
`

func TestSummary(t *testing.T) {
	for _, tt := range []struct {
		name, step string
		files      []string
		want       string
	}{
		{"one file", "", []string{first},
			"skipped m/a TestBrowser: a_test.go:3: no browser\nskipped m/a TestSilent: no reason given\n1 passed, 2 failed, 2 skipped\n"},
		{"another step ran what was skipped", "race", []string{second, first},
			"skipped m/a TestSilent: no reason given\nstopped at the step \"race\"\n2 passed, 2 failed, 1 skipped\n"},
		{"a step without tests failed", "vet", nil, "stopped at the step \"vet\"\n0 passed, 1 failed, 0 skipped\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var r results
			for _, f := range tt.files {
				if err := r.read(strings.NewReader(f)); err != nil {
					t.Fatal(err)
				}
			}
			var got strings.Builder
			r.printSummary(&got, tt.step)
			if got.String() != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), tt.want)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	var r results
	if err := r.read(strings.NewReader(first)); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	r.printFailures(&got)
	const want = "go: something that is not JSON\n" +
		"--- m/a TestTable/two\n    a_test.go:9: got 1, want 2\n" +
		"--- m/b \nb.go:1: undefined: x\n"
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}
