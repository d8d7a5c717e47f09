// Package tools is a module of its own, so that what only the build needs
// never enters the module graph of an application. It pins staticcheck, by a
// tool directive in its go.mod, and holds tally, which reads test results.
package tools
