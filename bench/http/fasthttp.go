package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"
)

// fasthttp with a router by hand: a switch. The other ones, fiber's and Hertz',
// live off the same kind of context.

type fastServer struct{ *fasthttp.Server }

func (s fastServer) Shutdown(ctx context.Context) error { return s.ShutdownWithContext(ctx) }

func fasthttpServer(t task) (server, error) {
	h := fastRouter()
	if t.mounted {
		h = fasthttpadaptor.NewFastHTTPHandler(mountable())
	}
	s := &fasthttp.Server{}
	switch t.work {
	case three:
		h = fastRequestID(newIDs(), fastLogged(accessLog(slog.LevelInfo), fastRecovered(h)))
	case stages:
		h = fastRequestID(newIDs(), fastLogged(accessLog(slog.LevelInfo), fastSecured(fastRecovered(fastOnHost(h)))))
		s.MaxRequestBodySize, s.ReadBufferSize = bodyLimit, headLimit
		s.ReadTimeout, s.WriteTimeout, s.IdleTimeout = wholeTime, wholeTime, idleTime
	}
	s.Handler = h
	return fastServer{s}, nil
}

func fastRouter() fasthttp.RequestHandler {
	post := fastPost()
	return func(c *fasthttp.RequestCtx) {
		switch path := string(c.Path()); {
		case path == "/films" && c.IsPost():
			post(c)
		case !c.IsGet():
			c.Error("method not allowed", fasthttp.StatusMethodNotAllowed)
		case path == "/hello":
			c.SetContentType("text/plain; charset=utf-8")
			c.SetBodyString("Hello, world")
		case path == "/json":
			fastJSON(c, message{"Hello, world"})
		case path == "/films":
			fastJSON(c, films)
		default:
			fastReview(c, path)
		}
	}
}

func fastReview(c *fasthttp.RequestCtx, path string) {
	rest, ok := strings.CutPrefix(path, "/films/")
	film, number, is := strings.Cut(rest, "/reviews/")
	rev, found := findReview(film, number)
	if !ok || !is || !found {
		c.Error("not found", fasthttp.StatusNotFound)
		return
	}
	fastJSON(c, rev)
}

func fastJSON(c *fasthttp.RequestCtx, v any) {
	c.SetContentType("application/json")
	_ = json.NewEncoder(c).Encode(v) // the types can be encoded
}

func fastPost() fasthttp.RequestHandler {
	v := newValidator()
	return func(c *fasthttp.RequestCtx) {
		var in newFilm
		if err := decodeStrictly(bytes.NewReader(c.PostBody()), &in); err != nil {
			c.Error(err.Error(), fasthttp.StatusBadRequest)
			return
		}
		if err := v.Struct(&in); err != nil {
			c.Error(err.Error(), fasthttp.StatusUnprocessableEntity)
			return
		}
		fastJSON(c, create(&in))
	}
}

func fastRequestID(ids *ids, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		id := ids.next()
		c.Response.Header.Set(idField, id)
		c.SetUserValue("id", id)
		next(c)
	}
}

func fastLogged(log *slog.Logger, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		start := time.Now()
		next(c)
		id, _ := c.UserValue("id").(string)
		line{id, string(c.Method()), string(c.Path()), remote(c.RemoteAddr()), c.Response.StatusCode(),
			int64(len(c.Response.Body()))}.write(context.Background(), log, start)
	}
}

func remote(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func fastRecovered(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		defer func() {
			if p := recover(); p != nil {
				c.Error("internal error", fasthttp.StatusInternalServerError)
			}
		}()
		next(c)
	}
}

func fastSecured(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		for _, f := range securityFields {
			c.Response.Header.Set(f[0], f[1])
		}
		next(c)
	}
}

func fastOnHost(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		if string(c.Host()) != host {
			c.Error("unknown host", fasthttp.StatusMisdirectedRequest)
			return
		}
		next(c)
	}
}
