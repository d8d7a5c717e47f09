package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/app/middlewares/server/recovery"
	hertz "github.com/cloudwego/hertz/pkg/app/server"
	"github.com/cloudwego/hertz/pkg/common/adaptor"
	"github.com/cloudwego/hertz/pkg/common/config"
	"github.com/cloudwego/hertz/pkg/common/hlog"
)

// hertzApp is made when its listener is known: Hertz wants it first.
type hertzApp struct {
	task task
	made chan *hertz.Hertz
}

func hertzServer(t task) (server, error) { return &hertzApp{t, make(chan *hertz.Hertz, 1)}, nil }

func (a *hertzApp) Serve(l net.Listener) error {
	hlog.SetLevel(hlog.LevelFatal) // it tells of every start and stop
	options := []config.Option{hertz.WithListener(l), hertz.WithDisablePrintRoute(true)}
	if a.task.work == stages {
		options = append(options, hertz.WithMaxRequestBodySize(bodyLimit), hertz.WithReadTimeout(wholeTime),
			hertz.WithWriteTimeout(wholeTime), hertz.WithIdleTimeout(idleTime))
	}
	h := hertz.New(options...)
	switch a.task.work {
	case three:
		h.Use(append(hertzIDAndLog(), hertzRecovered)...)
	case stages:
		h.Use(hertzStages()...)
	}
	hertzRoutes(h, a.task)
	a.made <- h
	return h.Run()
}

func (a *hertzApp) Shutdown(ctx context.Context) error { return (<-a.made).Shutdown(ctx) }

func hertzRoutes(h *hertz.Hertz, t task) {
	if t.mounted {
		h.GET("/*path", adaptor.HertzHandler(mountable()))
		return
	}
	v := newValidator()
	h.GET("/hello", func(_ context.Context, c *app.RequestContext) { c.String(http.StatusOK, "Hello, world") })
	h.GET("/json", func(_ context.Context, c *app.RequestContext) { c.JSON(http.StatusOK, message{"Hello, world"}) })
	h.GET("/films", func(_ context.Context, c *app.RequestContext) { c.JSON(http.StatusOK, films) })
	h.POST("/films", func(_ context.Context, c *app.RequestContext) {
		var in newFilm
		if err := decodeStrictly(bytes.NewReader(c.Request.Body()), &in); err != nil {
			c.String(http.StatusBadRequest, "%v", err)
			return
		}
		if err := v.Struct(&in); err != nil {
			c.String(http.StatusUnprocessableEntity, "%v", err)
			return
		}
		c.JSON(http.StatusOK, create(&in))
	})
	h.GET("/films/:film/reviews/:review", func(_ context.Context, c *app.RequestContext) {
		rev, ok := findReview(c.Param("film"), c.Param("review"))
		if !ok {
			c.SetStatusCode(http.StatusNotFound)
			return
		}
		c.JSON(http.StatusOK, rev)
	})
}

func hertzIDAndLog() []app.HandlerFunc {
	ids, log := newIDs(), accessLog(slog.LevelInfo)
	return []app.HandlerFunc{
		func(ctx context.Context, c *app.RequestContext) {
			id := ids.next()
			c.Header(idField, id)
			c.Set("id", id)
			c.Next(ctx)
		},
		func(ctx context.Context, c *app.RequestContext) {
			start := time.Now()
			c.Next(ctx)
			line{c.GetString("id"), string(c.Method()), string(c.Path()), remote(c.RemoteAddr()), c.Response.StatusCode(),
				int64(len(c.Response.Body()))}.write(ctx, log, start)
		},
	}
}

func hertzRecovered(ctx context.Context, c *app.RequestContext) {
	defer func() {
		if p := recover(); p != nil {
			c.AbortWithStatus(http.StatusInternalServerError)
		}
	}()
	c.Next(ctx)
}

func hertzStages() []app.HandlerFunc {
	return append(hertzIDAndLog(),
		func(ctx context.Context, c *app.RequestContext) {
			for _, f := range securityFields {
				c.Header(f[0], f[1])
			}
			c.Next(ctx)
		},
		recovery.Recovery(),
		func(ctx context.Context, c *app.RequestContext) {
			if string(c.Host()) != host {
				c.AbortWithStatus(http.StatusMisdirectedRequest)
				return
			}
			c.Next(ctx)
		},
		func(ctx context.Context, c *app.RequestContext) {
			ctx, cancel := context.WithTimeout(ctx, wholeTime)
			defer cancel()
			c.Next(ctx)
		})
}
