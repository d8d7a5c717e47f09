// Package httpd is an HTTP/1.1 server. It serves any [http.Handler], with all
// that net/http promises to one, and handlers of its own kind for less work.
//
//	srv := &httpd.Server{Handler: mux, Config: httpd.Config{IdleTimeout: time.Minute}}
//	l, err := net.Listen("tcp", ":8080")
//	…
//	go srv.Serve(l)
//	…
//	err = srv.Shutdown(ctx) // running requests finish
//
// A native [Handler] gets an [Exchange], which is made for one request and may
// be kept. It becomes an *http.Request and an http.ResponseWriter only when
// somebody asks for them:
//
//	func (h hello) ServeExchange(x *httpd.Exchange) {
//		x.SetField("Content-Type", "text/plain")
//		x.Send(200, []byte("Hello, "+x.Field("User-Agent")))
//	}
//
// Fields that many answers have are checked and formatted once, as a [Preset]:
// see [Exchange.SetFields]. [Exchange.SetDeadlines] bounds one exchange, or
// lifts the server's timeouts for a stream. A handler that needs memory of its own
// for each request has it made together with the Exchange: see [Maker].
//
// # How it works
//
// Each connection has a goroutine, in conn.go: read a head, run the handler,
// end the answer. The parser (head.go, framing.go, target.go) goes over the
// head once and notes offsets; the one copy of the head that an Exchange keeps
// is what all its strings are parts of. Field lines that are those of the request
// before are not read again, and their copy is shared. Answers are appended to the
// connection's buffer, which is flushed when no pipelined request is left, or
// soon after when its handler takes long. An idle connection has no buffers.
// Timeouts need no timers: see sweep.go. The client's leaving is watched for
// those who ask, see [Exchange.Context].
//
// # Strictness
//
// Requests are read by the letter of RFC 9110 and RFC 9112, with none of the
// leniencies that they allow but one: an empty line may stand before a request.
// What two servers could read in different ways is refused with 400 and the end
// of the connection: bare LF, folded lines, repeated or odd lengths, a length
// beside chunks, bad characters in Host. All that this server accepts net/http
// accepts too, and reads in the same way; FuzzHead checks it, and
// testdata/differences.txt lists what net/http accepts besides.
//
// Characters in a target that RFC 3986 would have encoded, such as "|", are let
// through, as browsers send them, and so is a stray % in a query. CONNECT is
// 501, and "OPTIONS *" is answered here; all other methods are the handler's,
// TRACE among them.
//
// # Where net/http does otherwise
//
// Beside the strictness: limits and timeouts are on by default. A client that
// is too slow with its head gets 408. The status line says HTTP/1.1 to
// HTTP/1.0, too, and 1xx answers are not sent there. 100 Continue is left out
// when the body is there already. Reading the body while answering needs no
// EnableFullDuplex. A body whose chunks are malformed makes the answer 400 even
// if the handler does not care. A handler that panics before its answer has
// left gives 500. A Content-Length that is no number is dropped.
//
// # What it is not for
//
// It does not route, log requests, compress or speak HTTP/2: package ashlar and
// Config.NextProto see to these. It is an origin server, not a proxy, though
// net/http/httputil's works on it.
package httpd
