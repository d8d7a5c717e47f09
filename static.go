package ashlar

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/router"
)

// assetMax bounds one static file; all of them are held in memory.
const assetMax = 32 << 20

// statics are the files of all Router.Static calls. In production and tests
// they are read, hashed and compressed once, at start, so that serving one is
// a look into a map: no path of a request ever reaches a file system.
type statics struct {
	sources []staticSource
	live    bool // read again when a file changed (development)
	files   atomic.Pointer[fileSet]
	reading sync.Mutex
}

type fileSet struct {
	byPath map[string]*asset // by escaped URL path, with and without fingerprint
	byName map[string]*asset // by file name
	stamp  string            // of names, sizes and times, when live
}

type staticSource struct {
	prefix string // "/static/"
	fsys   fs.FS
	where  string
}

type asset struct {
	url, plainURL string
	contentType   string
	body, zipped  []byte
	tag           string
}

func (s *statics) load() error {
	set := &fileSet{byPath: map[string]*asset{}, byName: map[string]*asset{}}
	if s.live {
		set.stamp = s.stamp()
	}
	var problems errs.List
	for _, src := range s.sources {
		if err := src.walk(func(name string, _ fs.DirEntry) error { return set.add(src, name) }); err != nil {
			problems.Add(&errs.Setup{Code: "A1008", What: fmt.Sprintf("read static files for %q", src.prefix), Err: err, Where: src.where})
		}
	}
	s.files.Store(set)
	return problems.Err()
}

// walk calls visit for every file that is meant to be seen: what begins with a
// dot (.git, .env) is not, but for the folder that RFC 8615 names.
func (src staticSource) walk(visit func(name string, d fs.DirEntry) error) error {
	return fs.WalkDir(src.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case src.prefix+name == "/.well-known" && d.IsDir():
			return nil
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		return visit(name, d)
	})
}

// stamp tells two states of the files apart.
func (s *statics) stamp() string {
	h := sha256.New()
	for _, src := range s.sources {
		_ = src.walk(func(name string, d fs.DirEntry) error {
			if info, err := d.Info(); err == nil {
				fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return string(h.Sum(nil))
}

// current returns the files as they are now.
func (s *statics) current() *fileSet {
	set := s.files.Load()
	if !s.live {
		return set
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	if set = s.files.Load(); s.stamp() != set.stamp {
		_ = s.load() // a file that cannot be read is then missing, as on disk
		set = s.files.Load()
	}
	return set
}

func (s *fileSet) add(src staticSource, name string) error {
	if old := s.byName[name]; old != nil {
		return fmt.Errorf("file %q stands under %q, too: their names in {{asset}} are the same", name, old.plainURL)
	}
	body, err := readBounded(src.fsys, name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	print := hex.EncodeToString(sum[:5])
	ext := path.Ext(name)
	a := &asset{body: body, tag: `"` + print + `"`, contentType: mediaType(ext, body)}
	a.plainURL = (&url.URL{Path: src.prefix + name}).EscapedPath()
	a.url = (&url.URL{Path: src.prefix + strings.TrimSuffix(name, ext) + "." + print + ext}).EscapedPath()
	if compressible(a.contentType) && len(body) >= compressFrom {
		a.zipped = zipBest(body)
	}
	s.byName[name], s.byPath[a.url], s.byPath[a.plainURL] = a, a, a
	return nil
}

func readBounded(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, assetMax+1))
	if err == nil && len(b) > assetMax {
		err = fmt.Errorf("file %q is over %d MiB: serve it with Ctx.File", name, assetMax>>20)
	}
	return b, err
}

// zipBest returns the gzip form of body, nil when that is no smaller.
func zipBest(body []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil || out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

// mediaType does not ask the machine's own table first for the types of the
// web: it differs between machines.
func mediaType(ext string, body []byte) string {
	switch strings.ToLower(ext) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".map":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	case ".ico":
		return "image/x-icon"
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return http.DetectContentType(body)
}

// find returns the file at an escaped path, nil when there is none.
func (s *statics) find(escaped string) *asset {
	for _, src := range s.sources {
		if strings.HasPrefix(escaped, src.prefix) {
			set := s.current()
			if a := set.byPath[escaped]; a != nil {
				return a
			}
			return set.byPath[respell(escaped)]
		}
	}
	return nil
}

// respell writes an escaped path as the files' own paths are: a client may
// leave "(" as it is, or escape a letter. An escaped slash is no slash here.
func respell(escaped string) string {
	path, err := url.PathUnescape(escaped)
	if err != nil || strings.Count(path, "/") != strings.Count(escaped, "/") {
		return ""
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// notForFiles answers a request for a file by a method that files do not take: a
// route of the same path may.
func (c *Ctx) notForFiles() error {
	allow := []string{http.MethodGet, http.MethodHead, http.MethodOptions}
	var params router.Params
	switch m := c.app.tree.Match(c.wire.method(), c.Host(), c.wire.path(), &params); m.Status {
	case router.Found:
		return c.next()
	case router.MethodNotAllowed:
		allow = append(allow, m.Allow...)
		slices.Sort(allow)
		allow = slices.Compact(allow)
	}
	return c.notAllowed(allow)
}

// serve answers with the file. A URL with a fingerprint never changes its
// content, so a browser need not ask again for a year; a plain one is asked
// for each time and mostly answered 304.
func (a *asset) serve(c *Ctx) error {
	f := &c.answer.fields
	f.set("Content-Type", a.contentType)
	f.set("Etag", a.tag)
	if c.wire.path() == a.url && c.app.cfg.Env == Production {
		f.set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		f.set("Cache-Control", "no-cache")
	}
	if a.zipped != nil {
		c.varyBy("Accept-Encoding")
	}
	if c.wire.field("Range") != "" {
		return c.serveRange(a)
	}
	if matchesTag(c.wire.list("If-None-Match"), a.tag) {
		c.answer.status = http.StatusNotModified
		f.del("Content-Type")
		return c.Bytes("", nil)
	}
	body := a.body
	if a.zipped != nil && acceptsGzip(c.wire.list("Accept-Encoding")) {
		body = a.zipped
		f.set("Content-Encoding", "gzip")
		c.weakenETag()
	}
	return c.Bytes("", body)
}

// serveRange leaves ranges to net/http, but at most one of them: many small,
// overlapping ones multiply the work.
func (c *Ctx) serveRange(a *asset) error {
	if strings.Contains(c.wire.field("Range"), ",") {
		c.answer.fields.set("Content-Range", "bytes */"+strconv.Itoa(len(a.body)))
		c.answer.status = http.StatusRequestedRangeNotSatisfiable
		return c.Bytes("", nil)
	}
	http.ServeContent(c.Writer(), c.Request(), a.plainURL, c.app.started, bytes.NewReader(a.body))
	return nil
}

// Asset returns the URL of a file given to [Router.Static], with a fingerprint
// of its content in the name, so that it may be cached for ever.
func (c *Ctx) Asset(name string) (string, error) { return c.app.Asset(name) }

// Asset is [Ctx.Asset] outside of a request.
func (a *App) Asset(name string) (string, error) {
	set := a.static.current()
	if set == nil {
		return "", fmt.Errorf("ashlar: asset %q: the app has not been checked yet", name)
	}
	if s := set.byName[name]; s != nil {
		return s.url, nil
	}
	return "", fmt.Errorf("ashlar: asset %q: no such file under Router.Static: %w", name, errAsset)
}

var errAsset = errors.New("unknown asset")

// Live returns the folder dir of the operating system in development, when it
// is there, so that changed files show without a new build, and embedded
// everywhere else:
//
//	files := ashlar.Live(s.Env(), "web/static", sub)
func Live(env, dir string, embedded fs.FS) fs.FS {
	if env != Development || dir == "" {
		return embedded
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return embedded
	}
	return os.DirFS(dir)
}
