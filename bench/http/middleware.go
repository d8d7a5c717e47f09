package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v5"
)

// The three middlewares of the peers, written by hand and the same for all:
// each does what Ashlar's stage of that name does. Echo's have its own form.

// accessLog is the log that the tasks with middlewares write to: formatted as
// in production, and thrown away.
func accessLog(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: level}))
}

// ids makes the ids of requests.
type ids struct {
	prefix string
	n      atomic.Uint64
}

func newIDs() *ids { return &ids{prefix: rand.Text()[:8] + "-"} }

func (i *ids) next() string { return i.prefix + strconv.FormatUint(i.n.Add(1), 32) }

type idKey struct{}

// wrap puts the three around an http.Handler.
func wrap(h http.Handler) http.Handler {
	return requestID(newIDs(), logged(accessLog(slog.LevelInfo), recovered(h)))
}

func requestID(ids *ids, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := ids.next()
		w.Header().Set("X-Request-Id", id)
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
		logRequest(log, r, id, rec.status, rec.bytes, time.Since(start))
	})
}

func logRequest(log *slog.Logger, r *http.Request, id string, status int, bytes int64, took time.Duration) {
	log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("id", id), slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.Int("status", status), slog.Int64("bytes", bytes), slog.Duration("took", took),
		slog.String("remote", r.RemoteAddr))
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

func echoMiddlewares() []echo.MiddlewareFunc {
	ids, log := newIDs(), accessLog(slog.LevelInfo)
	return []echo.MiddlewareFunc{
		func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c *echo.Context) error {
				id := ids.next()
				c.Response().Header().Set("X-Request-Id", id)
				c.Set("id", id)
				return next(c)
			}
		},
		func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c *echo.Context) error {
				start := time.Now()
				err := next(c)
				res, status := echo.ResolveResponseStatus(c.Response(), err)
				id, _ := c.Get("id").(string)
				logRequest(log, c.Request(), id, status, res.Size, time.Since(start))
				return err
			}
		},
		func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c *echo.Context) (err error) {
				defer func() {
					if p := recover(); p != nil {
						err = fmt.Errorf("panic: %v", p)
					}
				}()
				return next(c)
			}
		},
	}
}
