package interop_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/cors"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// both registers the handler behind the middleware in two ways: as a stage of
// the app's own routes, and in a chi router that is mounted.
func both(wrap func(http.Handler) http.Handler, h http.HandlerFunc) func(*ashlar.App) {
	return func(a *ashlar.App) {
		a.Group("/stage", func(r *ashlar.Router) {
			r.Use(ashlar.Stage{Name: "wrapped", Doc: "a middleware of a library", Wrap: wrap})
			r.Get("/x", func(c *ashlar.Ctx) error { h(c.Writer(), c.Request()); return nil })
		})
		r := chi.NewRouter()
		r.Use(wrap)
		r.Get("/x", h)
		a.Mount("/chi", r)
	}
}

var bothPaths = []string{"/stage/x", "/chi/x"}

func TestChiCompressCompressesOnce(t *testing.T) {
	text := strings.Repeat("all work and no play ", 500)
	on(t, anyProto, both(middleware.Compress(5), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, text)
	}), func(t *testing.T, s *site) {
		for _, path := range bothPaths {
			res, body := s.get(t, path, "Accept-Encoding: gzip")
			want.Equal(t, res.Header["Content-Encoding"], []string{"gzip"})
			z, err := gzip.NewReader(strings.NewReader(body))
			want.NoErr(t, err)
			plain, err := io.ReadAll(z)
			want.NoErr(t, err)
			want.Equal(t, string(plain) == text, true)
			res, body = s.get(t, path, "Accept-Encoding: identity")
			want.Equal(t, res.Header.Get("Content-Encoding"), "")
			want.Equal(t, body == text, true)
		}
	})
}

func TestChiThrottleTurnsTheSecondAway(t *testing.T) {
	for _, way := range anyProto {
		for _, path := range bothPaths {
			entered, release := make(chan struct{}), make(chan struct{})
			t.Run(path[1:], func(t *testing.T) {
				on(t, []string{way}, both(middleware.Throttle(1), func(w http.ResponseWriter, _ *http.Request) {
					close(entered)
					<-release
					fmt.Fprint(w, "served")
				}), func(t *testing.T, s *site) {
					first := make(chan string, 1)
					go func() {
						res, err := s.client.Get(s.url + path)
						if err != nil {
							first <- err.Error()
							return
						}
						defer res.Body.Close()
						b, _ := io.ReadAll(res.Body)
						first <- string(b)
					}()
					<-entered
					res, _ := s.get(t, path)
					want.Equal(t, res.StatusCode, http.StatusTooManyRequests)
					close(release)
					want.Equal(t, <-first, "served")
				})
			})
		}
	}
}

func TestChiTimeoutAnswersForTheHandler(t *testing.T) {
	on(t, anyProto, both(middleware.Timeout(20*time.Millisecond), func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}), func(t *testing.T, s *site) {
		for _, path := range bothPaths {
			res, _ := s.get(t, path)
			want.Equal(t, res.StatusCode, http.StatusGatewayTimeout)
		}
	})
}

func TestChiMiddlewaresChangeWhatTheHandlerSees(t *testing.T) {
	stack := func(h http.Handler) http.Handler {
		//lint:ignore SA1019 apps behind a proxy of their own use it still
		return middleware.RequestID(middleware.RealIP(middleware.NoCache(middleware.WithValue("k", "v")(h))))
	}
	on(t, anyProto, both(stack, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.RemoteAddr, " ", middleware.GetReqID(r.Context()), " ", r.Context().Value("k"))
	}), func(t *testing.T, s *site) {
		for _, path := range bothPaths {
			res, body := s.get(t, path, "X-Real-IP: 203.0.113.9", "X-Request-Id: given")
			want.Equal(t, body, "203.0.113.9 given v")
			want.Contains(t, res.Header.Get("Cache-Control"), "no-cache")
		}
	})
}

func TestCORSAnswersPreflights(t *testing.T) {
	c := cors.New(cors.Options{AllowedOrigins: []string{"https://shop.example"}, AllowedMethods: []string{"GET", "PUT"}, AllowCredentials: true})
	on(t, anyProto, func(a *ashlar.App) {
		a.Mount("/films", c.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, r.Method, "s films")
		})), ashlar.InsecureNoCSRF())
	}, func(t *testing.T, s *site) {
		res, _ := s.send(t, "OPTIONS", "/films/", nil, "Origin: https://shop.example", "Access-Control-Request-Method: PUT")
		want.Equal(t, res.StatusCode, 204)
		want.Equal(t, res.Header.Get("Access-Control-Allow-Origin"), "https://shop.example")
		want.Equal(t, res.Header.Get("Access-Control-Allow-Methods"), "PUT")
		res, body := s.send(t, "PUT", "/films/", nil, "Origin: https://shop.example", "Sec-Fetch-Site: cross-site")
		want.Equal(t, body, "PUTs films")
		want.Equal(t, res.Header.Get("Access-Control-Allow-Credentials"), "true")
		res, _ = s.send(t, "OPTIONS", "/films/", nil, "Origin: https://evil.example", "Access-Control-Request-Method: PUT")
		want.Equal(t, res.Header.Get("Access-Control-Allow-Origin"), "")
	})
}

func TestPrometheusCountsAndIsServed(t *testing.T) {
	for _, way := range anyProto {
		t.Run("registry", func(t *testing.T) {
			reg := prometheus.NewRegistry()
			counter := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_total", Help: "Requests."}, []string{"code", "method"})
			reg.MustRegister(counter)
			on(t, []string{way}, func(a *ashlar.App) {
				a.Group("", func(r *ashlar.Router) {
					r.Use(ashlar.Stage{Name: "count", Doc: "counts requests", Wrap: func(h http.Handler) http.Handler {
						return promhttp.InstrumentHandlerCounter(counter, h)
					}})
					r.Get("/", func(c *ashlar.Ctx) error { return c.Status(418).Text("tea") })
				})
				a.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
			}, func(t *testing.T, s *site) {
				for range 3 {
					_, _ = s.get(t, "/")
				}
				res, body := s.get(t, "/metrics")
				want.Contains(t, res.Header.Get("Content-Type"), "text/plain; version=")
				want.Contains(t, body, `requests_total{code="418",method="get"} 3`)
			})
		})
	}
}

func TestOpenTelemetrySpansReachTheHandler(t *testing.T) {
	wrap := otelhttp.NewMiddleware("app", otelhttp.WithPropagators(propagation.TraceContext{}))
	on(t, anyProto, func(a *ashlar.App) {
		a.Group("", func(r *ashlar.Router) {
			r.Use(ashlar.Stage{Name: "trace", Doc: "continues the client's trace", Wrap: wrap})
			ashlar.Get(r, "/", func(ctx context.Context, _ struct{}) (string, error) {
				return trace.SpanContextFromContext(ctx).TraceID().String(), nil
			})
		})
	}, func(t *testing.T, s *site) {
		const id = "4bf92f3577b34da6a3ce929d0e0e4736"
		_, body := s.get(t, "/", "Traceparent: 00-"+id+"-00f067aa0ba902b7-01")
		want.Contains(t, body, id)
	})
}
