package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// What the peers have beside the answer. At the task "route" these are three
// middlewares that do what Ashlar's stages of that name do, written by hand and
// the same for all, in the form that each framework has for them:
//
//	request id    a prefix and a number that is counted up
//	access log    one line of slog in JSON, to nowhere
//	recover       a panic is answered with 500
//
// At the task "stages" they have their own collection's, where that has one:
//
//	         headers          request id       log               recover          host     body limit       time limit
//	net/http by hand          by hand          by hand (slog)    by hand          by hand  MaxBytesHandler  by hand
//	chi      SetHeader        RequestID        RequestLogger     Recoverer        by hand  RequestSize      Timeout
//	Gin      contrib/secure   contrib/requestid Logger           Recovery         contrib/secure  by hand   by hand
//	Echo     Secure           RequestID        RequestLogger     Recover          by hand  BodyLimit        ContextTimeout
//	Hertz    by hand          by hand          by hand (slog)    recovery         by hand  option           by hand
//	fasthttp by hand          by hand          by hand (slog)    by hand          by hand  option           –
//	fiber    helmet           requestid        logger            recover          by hand  option           by hand
//
// A time limit is a deadline in the request's context, which is what Ashlar,
// chi and Echo have. The middlewares of net/http, fasthttp and fiber for it do
// more, and pay for a goroutine per request, so they are left out; fasthttp has
// no context to put a deadline in, and goes without. What no peer has, and
// Ashlar does at this task: entity tags, compression (which these answers are
// too small for), a CSRF check, error pages.

// The limits that Ashlar has by default.
const (
	headTime  = 10 * time.Second
	idleTime  = 2 * time.Minute
	wholeTime = 30 * time.Second
	headLimit = 32 << 10
	bodyLimit = 1 << 20
)

// nowhere takes the logs. It is not io.Discard, which some loggers know and
// save themselves the work for.
type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

// accessLog is the log that the tasks with middlewares write to: formatted as
// in production, and thrown away.
func accessLog(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(nowhere{}, &slog.HandlerOptions{Level: level}))
}

// ids makes the ids of requests.
type ids struct {
	prefix string
	n      atomic.Uint64
}

func newIDs() *ids { return &ids{prefix: rand.Text()[:8] + "-"} }

func (i *ids) next() string { return i.prefix + strconv.FormatUint(i.n.Add(1), 32) }

const idField = "X-Request-Id"

// A line is what the access log tells of a request.
type line struct {
	id, method, path, remote string
	status                   int
	bytes                    int64
}

func (l line) write(ctx context.Context, log *slog.Logger, start time.Time) {
	log.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.String("id", l.id), slog.String("method", l.method), slog.String("path", l.path),
		slog.Int("status", l.status), slog.Int64("bytes", l.bytes), slog.Duration("took", time.Since(start)),
		slog.String("remote", l.remote))
}

// securityFields are those that Ashlar sets on every answer.
var securityFields = [...][2]string{
	{"Content-Security-Policy", contentPolicy},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "strict-origin-when-cross-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
}

const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// The middlewares of net/http, for chi too.

func withThree(h http.Handler) http.Handler {
	return requestID(newIDs(), logged(accessLog(slog.LevelInfo), recovered(h)))
}

func withStages(h http.Handler) http.Handler {
	h = http.MaxBytesHandler(timed(h), bodyLimit)
	return requestID(newIDs(), logged(accessLog(slog.LevelInfo), secured(recovered(onHost(h)))))
}

type idKey struct{}

func requestID(ids *ids, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := ids.next()
		w.Header().Set(idField, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), idKey{}, id)))
	})
}

// recorder remembers what was answered, for the log.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		id, _ := r.Context().Value(idKey{}).(string)
		line{id, r.Method, r.URL.Path, r.RemoteAddr, rec.status, rec.bytes}.write(r.Context(), log, start)
	})
}

func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				http.Error(w, "internal error", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, f := range securityFields {
			h.Set(f[0], f[1])
		}
		next.ServeHTTP(w, r)
	})
}

func onHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host {
			http.Error(w, "unknown host", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), wholeTime)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
