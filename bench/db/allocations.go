package main

// allocations are those of a call of Ashlar's, in the whole process, by engine
// and task. Change one only with the code that changes it.
var allocations = map[string]map[string]int{
	"sqlite":   {"get": 10, "list": 533, "related": 3089, "aggregate": 43, "update": 7, "insert": 17, "insert-many": 2242, "web-query": 7, "web-queries": 393, "web-fortunes": 211, "web-updates": 654},
	"postgres": {"get": 13, "list": 371, "related": 2933, "aggregate": 48, "update": 13, "insert": 22, "insert-many": 4678, "web-query": 19, "web-queries": 570, "web-fortunes": 223, "web-updates": 992},
	"mariadb":  {"get": 25, "list": 1019, "related": 4650, "aggregate": 63, "update": 16, "insert": 34, "insert-many": 8739, "web-query": 27, "web-queries": 696, "web-fortunes": 240, "web-updates": 1171},
}
