package interop_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/pprof"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestTimeoutHandlerAnswersInPlaceOfALateHandler(t *testing.T) {
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("GET /{kind}", http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.PathValue("kind") == "late" {
				<-r.Context().Done()
			}
			fmt.Fprint(w, "in time")
		}), 200*time.Millisecond, "too late"))
	}, func(t *testing.T, s *site) {
		res, body := s.get(t, "/soon")
		want.Equal(t, fmt.Sprint(res.StatusCode, body), "200in time")
		res, body = s.get(t, "/late")
		want.Equal(t, fmt.Sprint(res.StatusCode, body), "503too late")
	})
}

func TestMaxBytesHandlerBoundsTheBody(t *testing.T) {
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("POST /", http.MaxBytesHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
				return
			}
			fmt.Fprint(w, len(b))
		}), 1000), ashlar.InsecureNoCSRF())
	}, func(t *testing.T, s *site) {
		res, body := s.send(t, "POST", "/", strings.NewReader(strings.Repeat("x", 1000)))
		want.Equal(t, fmt.Sprint(res.StatusCode, body), "2001000")
		res, body = s.send(t, "POST", "/", strings.NewReader(strings.Repeat("x", 1001)))
		want.Equal(t, fmt.Sprint(res.StatusCode, body), "413http: request body too large\n")
	})
}

var changed = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestFileServerServesRanges(t *testing.T) {
	on(t, anyProto, func(a *ashlar.App) {
		files := http.FileServerFS(fstest.MapFS{"a.txt": {Data: []byte("0123456789"), ModTime: changed}})
		a.Handle("/files/", http.StripPrefix("/files/", files))
		a.Mount("/mounted", files)
	}, func(t *testing.T, s *site) {
		for _, path := range []string{"/files/a.txt", "/mounted/a.txt"} {
			res, body := s.get(t, path)
			want.Equal(t, fmt.Sprint(res.StatusCode, body), "2000123456789")
			res, body = s.get(t, path, "Range: bytes=2-4")
			want.Equal(t, fmt.Sprint(res.StatusCode, body, res.Header.Get("Content-Range")), "206234bytes 2-4/10")
			res, body = s.get(t, path, "Range: bytes=0-0,-1")
			want.Equal(t, res.StatusCode, 206)
			want.Contains(t, res.Header.Get("Content-Type"), "multipart/byteranges; boundary=")
			want.Equal(t, strings.Count(body, "Content-Range: bytes "), 2)
			res, _ = s.get(t, path, "Range: bytes=10-")
			want.Equal(t, res.StatusCode, 416)
			res, _ = s.get(t, path, "If-Modified-Since: "+changed.Format(http.TimeFormat))
			want.Equal(t, res.StatusCode, 304)
			res, body = s.send(t, "HEAD", path, nil)
			want.Equal(t, fmt.Sprint(res.StatusCode, body, res.ContentLength), "20010")
		}
	})
}

func TestServeContentHonoursConditions(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 100_000)
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("GET /", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Etag", `"v1"`)
			http.ServeContent(w, r, "a.bin", changed, bytes.NewReader(content))
		}))
	}, func(t *testing.T, s *site) {
		res, body := s.get(t, "/")
		want.Equal(t, fmt.Sprint(res.StatusCode, res.ContentLength, body == string(content)), "200 1000000 true")
		res, body = s.get(t, "/", `If-None-Match: "v1"`)
		want.Equal(t, fmt.Sprint(res.StatusCode, body), "304")
		res, body = s.get(t, "/", "Range: bytes=999995-", `If-Range: "v1"`)
		want.Equal(t, fmt.Sprint(res.StatusCode, body), "20656789")
		res, _ = s.get(t, "/", "Range: bytes=999995-", `If-Range: "v0"`)
		want.Equal(t, res.StatusCode, 200)
		res, _ = s.get(t, "/", `If-Match: "v0"`)
		want.Equal(t, res.StatusCode, 412)
	})
}

func TestPprofIsServed(t *testing.T) {
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("/debug/pprof/", http.HandlerFunc(pprof.Index))
		a.Handle("/debug/pprof/cmdline", http.HandlerFunc(pprof.Cmdline))
		a.Handle("/debug/pprof/symbol", http.HandlerFunc(pprof.Symbol), ashlar.InsecureNoCSRF())
	}, func(t *testing.T, s *site) {
		_, body := s.get(t, "/debug/pprof/")
		want.Contains(t, body, "Types of profiles available", "goroutine")
		_, body = s.get(t, "/debug/pprof/goroutine?debug=1")
		want.Contains(t, body, "goroutine profile: total ")
		res, body := s.get(t, "/debug/pprof/heap")
		want.Equal(t, res.Header.Get("Content-Type"), "application/octet-stream")
		want.Equal(t, body[:2], "\x1f\x8b") // gzip, as the tool wants it
		_, body = s.send(t, "POST", "/debug/pprof/symbol", strings.NewReader("0x1"))
		want.Contains(t, body, "num_symbols: 1")
	})
}

func TestMultipartUploadOfFiveMegabytes(t *testing.T) {
	file := bytes.Repeat([]byte("0123456789abcdef"), 5<<20/16)
	on(t, anyProto, func(a *ashlar.App) {
		h := func(w http.ResponseWriter, r *http.Request) {
			f, head, err := r.FormFile("film")
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			defer f.Close()
			sum := sha256.New()
			n, err := io.Copy(sum, f)
			fmt.Fprintf(w, "%s %s %d %x %v", r.FormValue("title"), head.Filename, n, sum.Sum(nil), err)
		}
		a.Handle("POST /mounted", http.HandlerFunc(h), ashlar.InsecureNoCSRF(), ashlar.BodyLimit(6<<20))
		a.Post("/called", func(c *ashlar.Ctx) error {
			h(c.Writer(), c.Request())
			return nil
		}, ashlar.InsecureNoCSRF(), ashlar.BodyLimit(6<<20))
	}, func(t *testing.T, s *site) {
		for _, path := range []string{"/mounted", "/called"} {
			var form bytes.Buffer
			m := multipart.NewWriter(&form)
			want.NoErr(t, m.WriteField("title", "Metropolis"))
			part, err := m.CreateFormFile("film", "metropolis.bin")
			want.NoErr(t, err)
			_, err = part.Write(file)
			want.NoErr(t, err)
			want.NoErr(t, m.Close())
			res, body := s.send(t, "POST", path, &form, "Content-Type: "+m.FormDataContentType())
			want.Equal(t, res.StatusCode, 200)
			want.Equal(t, body, fmt.Sprintf("Metropolis metropolis.bin %d %x <nil>", len(file), sha256.Sum256(file)))
		}
	})
}
