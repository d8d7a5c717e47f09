package main

import (
	"bytes"
	"strconv"
)

// Work is what a server does beside the answer.
type work int

const (
	bare   work = iota // nothing
	three              // recover, request id, access log
	stages             // what Ashlar does by default
)

// String says what the contenders do, for the page.
func (w work) String() string {
	switch w {
	case three:
		return "Everyone has recover, a request id and an access log in JSON to nowhere; the peers' are written by hand, alike for all."
	case stages:
		return "Ashlar has all stages that it has by default; the peers have what comes nearest in their own collections (see middleware.go)."
	}
	return "The peers run bare."
}

// A task is what a server is asked to do. Every contender gives the same
// status, media type and body for it, but for a line's end.
type task struct {
	name, title string
	method      string
	path        string
	body        string // of the request
	fields      string // of the request, beside Host, User-Agent and Accept
	pipelined   int    // requests in one write
	media       string // how the answer's Content-Type begins
	answer      string
	work        work
	mounted     bool // the handler is an http.Handler made elsewhere
	ours        []string
	std, fast   float64 // what Ashlar is to reach against net/http and Gin, against fiber and fasthttp
}

// host is the host that the client asks for.
const host = "films.example"

const reviewPath = "/films/42/reviews/7"

var (
	handlers = []string{"ashlar-ctx", "ashlar-action"}

	tasks = [...]task{
		{name: "hello", title: "Plaintext", path: "/hello", media: "text/plain", answer: "Hello, world",
			ours: handlers, std: 2.2, fast: 1.10},
		{name: "json", title: "JSON, a small message", path: "/json", media: "application/json", answer: encode(message{"Hello, world"}),
			ours: handlers, std: 2.2, fast: 1.10},
		{name: "route", title: "Two parameters, three middlewares", path: reviewPath, media: "application/json", answer: encode(reviewOf(42, 7)),
			work: three, ours: handlers, std: 2.2, fast: 1.15},
		{name: "stages", title: "The same with all default stages", path: reviewPath, media: "application/json", answer: encode(reviewOf(42, 7)),
			work: stages, ours: handlers, std: 1.8, fast: 1.0},
		{name: "pipelined", title: "Plaintext, 16 pipelined", path: "/hello", media: "text/plain", answer: "Hello, world", pipelined: 16,
			ours: handlers, std: 12, fast: 2},
		{name: "browser", title: "Plaintext, a browser's 16 fields", path: "/hello", media: "text/plain", answer: "Hello, world", fields: browserFields,
			ours: handlers, std: 2.8, fast: 1.25},
		{name: "list", title: "JSON, a list of 100 rows", path: "/films", media: "application/json", answer: encode(films),
			ours: handlers, std: 2.7, fast: 2.4},
		{name: "post", title: "POST of 1 KiB JSON: bind, validate, answer", method: "POST", path: "/films", body: order(1953),
			fields: "Content-Type: application/json\r\n", media: "application/json", answer: encode(created{4711, "Tokyo Story"}),
			ours: []string{"ashlar-action"}, std: 1.3, fast: 1.0},
		{name: "mount", title: "A mounted http.Handler: ServeMux, plaintext", path: "/hello", media: "text/plain", answer: "Hello, world", mounted: true,
			ours: []string{"ashlar-mount"}, std: 1.6},
	}
)

// idleTask is the name of what idle.go measures.
const idleTask = "idle"

// browserFields make 16 together with Host, User-Agent and Accept.
const browserFields = "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Cache-Control: max-age=0\r\n" +
	"Connection: keep-alive\r\n" +
	"Cookie: theme=dark; visit=b9b2d7f2a65e4a1c8d03\r\n" +
	"Priority: u=0, i\r\n" +
	"Referer: https://films.example/shelves/classics?page=2\r\n" +
	"Sec-CH-UA: \"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\"\r\n" +
	"Sec-CH-UA-Mobile: ?0\r\n" +
	"Sec-CH-UA-Platform: \"Linux\"\r\n" +
	"Sec-Fetch-Mode: navigate\r\n" +
	"Sec-Fetch-Site: same-origin\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n"

// request is what the client sends at once.
func (t task) request() []byte {
	method, agent, length := t.method, "bench", ""
	if method == "" {
		method = "GET"
	}
	if t.fields == browserFields {
		agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	}
	if t.body != "" {
		length = "Content-Length: " + strconv.Itoa(len(t.body)) + "\r\n"
	}
	one := method + " " + t.path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: " + agent + "\r\nAccept: */*\r\n" +
		t.fields + length + "\r\n" + t.body
	return bytes.Repeat([]byte(one), t.answers())
}

// answers is how many a request brings.
func (t task) answers() int { return max(1, t.pipelined) }
