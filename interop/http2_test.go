package interop_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// One connection carries many requests at once: each of these is answered only
// when all of them have come.
func TestHTTP2CarriesManyStreamsAtOnce(t *testing.T) {
	const streams = 100
	for _, way := range http2 {
		var entered sync.WaitGroup
		entered.Add(streams)
		t.Run("all", func(t *testing.T) {
			on(t, []string{way}, func(a *ashlar.App) {
				a.Get("/first", func(c *ashlar.Ctx) error { return c.Text("here") })
				a.Get("/", func(c *ashlar.Ctx) error {
					entered.Done()
					entered.Wait()
					return c.Text("all here")
				})
			}, func(t *testing.T, s *site) {
				_, _ = s.get(t, "/first") // which makes the connection
				var connections atomic.Int32
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{ConnectStart: func(string, string) { connections.Add(1) }})
				var all sync.WaitGroup
				for range streams {
					all.Go(func() {
						r, _ := http.NewRequestWithContext(ctx, "GET", s.url, nil)
						res, err := s.client.Do(r)
						if err != nil {
							t.Error(err)
							return
						}
						defer res.Body.Close()
						b, _ := io.ReadAll(res.Body)
						want.Equal(t, string(b), "all here")
						want.Equal(t, res.Proto, "HTTP/2.0")
					})
				}
				all.Wait()
				want.Equal(t, connections.Load(), int32(0))
			})
		})
	}
}

// A gRPC server is an http.Handler, and an app that serves HTTP/2 serves it,
// streams and trailers included.
func TestGRPCIsServed(t *testing.T) {
	for _, way := range http2 {
		checks := health.NewServer()
		t.Run("health", func(t *testing.T) {
			on(t, []string{way}, func(a *ashlar.App) {
				rpc := grpc.NewServer()
				healthpb.RegisterHealthServer(rpc, checks)
				a.Handle("POST /grpc.health.v1.Health/", rpc, ashlar.InsecureNoCSRF(), ashlar.Timeout(0), ashlar.BodyLimit(0))
			}, func(t *testing.T, s *site) {
				conn, err := grpc.NewClient(s.addr, grpc.WithTransportCredentials(credentials.NewTLS(s.tls)))
				want.NoErr(t, err)
				defer conn.Close()
				client := healthpb.NewHealthClient(conn)
				res, err := client.Check(t.Context(), &healthpb.HealthCheckRequest{})
				want.NoErr(t, err)
				want.Equal(t, res.Status, healthpb.HealthCheckResponse_SERVING)
				_, err = client.Check(t.Context(), &healthpb.HealthCheckRequest{Service: "none"})
				want.Equal(t, status.Code(err), codes.NotFound) // which comes in a trailer

				ctx, leave := context.WithCancel(t.Context())
				watch, err := client.Watch(ctx, &healthpb.HealthCheckRequest{})
				want.NoErr(t, err)
				for _, now := range []healthpb.HealthCheckResponse_ServingStatus{
					healthpb.HealthCheckResponse_SERVING, healthpb.HealthCheckResponse_NOT_SERVING} {
					checks.SetServingStatus("", now)
					got, err := watch.Recv()
					want.NoErr(t, err)
					want.Equal(t, got.Status, now)
				}
				leave()
				_, err = watch.Recv()
				want.Equal(t, status.Code(err), codes.Canceled)
			})
		})
	}
}
