package main

// allocations are those of a request in the whole process, by task and
// contender. They are exact: change one only with the code that changes it.
var allocations = map[string]map[string]int{
	"hello":     {"ashlar-action": 3, "ashlar-ctx": 2, "ashlar-ctx-std": 21, "ashlar-mount": 8},
	"json":      {"ashlar-action": 3, "ashlar-ctx": 2, "ashlar-ctx-std": 21, "ashlar-mount": 8},
	"route":     {"ashlar-action": 7, "ashlar-ctx": 5, "ashlar-ctx-std": 25, "ashlar-mount": 14},
	"stages":    {"ashlar-action": 8, "ashlar-ctx": 7, "ashlar-ctx-std": 31, "ashlar-mount": 16},
	"pipelined": {"ashlar-action": 3, "ashlar-ctx": 2, "ashlar-ctx-std": 21, "ashlar-mount": 8},
	"browser":   {"ashlar-action": 3, "ashlar-ctx": 2, "ashlar-ctx-std": 43, "ashlar-mount": 14},
	"list":      {"ashlar-action": 3, "ashlar-ctx": 3, "ashlar-ctx-std": 23, "ashlar-mount": 9},
	"post":      {"ashlar-action": 33, "ashlar-ctx": 45, "ashlar-ctx-std": 67, "ashlar-mount": 83},
	"mount":     {"ashlar-mount": 8},
}
