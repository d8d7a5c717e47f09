package main

// allocations are those of a request in the whole process, by task and
// contender. They are exact: change one only with the code that changes it.
var allocations = map[string]map[string]int{
	"hello":     {"ashlar-action": 4, "ashlar-ctx": 3, "ashlar-ctx-std": 21, "ashlar-mount": 12},
	"json":      {"ashlar-action": 4, "ashlar-ctx": 3, "ashlar-ctx-std": 21, "ashlar-mount": 11},
	"route":     {"ashlar-action": 7, "ashlar-ctx": 6, "ashlar-ctx-std": 25, "ashlar-mount": 17},
	"stages":    {"ashlar-action": 8, "ashlar-ctx": 7, "ashlar-ctx-std": 31, "ashlar-mount": 18},
	"pipelined": {"ashlar-action": 4, "ashlar-ctx": 3, "ashlar-ctx-std": 21, "ashlar-mount": 12},
	"browser":   {"ashlar-action": 4, "ashlar-ctx": 3, "ashlar-ctx-std": 43, "ashlar-mount": 17},
	"list":      {"ashlar-action": 4, "ashlar-ctx": 4, "ashlar-ctx-std": 23, "ashlar-mount": 12},
	"post":      {"ashlar-action": 36, "ashlar-ctx": 48, "ashlar-ctx-std": 67, "ashlar-mount": 86},
	"mount":     {"ashlar-mount": 14},
}
