package httpd_test

import (
	"bytes"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The temporary files of a form are gone when the request has been answered.
func TestUploadedFilesAreRemoved(t *testing.T) {
	t.Parallel()
	names := make(chan string, 1)
	srv, addr := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		want.NoErr(t, r.ParseMultipartForm(1))
		f, err := r.MultipartForm.File["photo"][0].Open()
		want.NoErr(t, err)
		defer f.Close()
		onDisk, ok := f.(*os.File)
		want.Equal(t, ok, true)
		names <- onDisk.Name()
	}), httpd.Config{})
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("photo", "a.png")
	want.NoErr(t, err)
	_, err = part.Write([]byte(strings.Repeat("x", 1<<20)))
	want.NoErr(t, err)
	want.NoErr(t, m.Close())
	res, err := http.Post("http://"+addr, m.FormDataContentType(), &body)
	want.NoErr(t, err)
	_ = res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	want.NoErr(t, srv.Shutdown(t.Context())) // waits for the request's end, which may come after the answer
	_, err = os.Stat(<-names)
	want.Err(t, err, fs.ErrNotExist)
}
