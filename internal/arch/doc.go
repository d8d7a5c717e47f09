// Package arch holds the house rules of this module as tests. It ships
// nothing: its tests read the source tree, the papers under docs/ and the
// lists beside this file, and name every place that breaks a rule, why the
// rule is there, and the mend.
//
//	go test ./internal/arch             # all rules, on the whole module
//	go test ./internal/arch -run Rules/seams
//	go test ./internal/arch -run Deps   # what the smallest app pulls in
//	go test ./internal/arch -v          # with the warnings: what nears its budget
//
// The lists are the rules' input, and each line in them gives its reason:
//
//	floors.txt   which floor a package stands on, and the sideways imports
//	doors.txt    which package may import which third-party module
//	budget.txt   what may be larger than the budget allows
//	seams.txt    which file may read the clock, the environment, …
//
// A line that is no longer needed fails like a broken rule does, so the lists
// stay true. Every rule is itself tested on a small tree that breaks it
// (testdata/*.txt), so that no rule can pass by finding nothing at all.
//
// It is not a linter for style: gofmt, go vet and staticcheck are.
package arch
