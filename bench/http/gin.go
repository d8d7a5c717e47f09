package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-contrib/requestid"
	"github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
)

func ginServer(t task) (server, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	switch t.work {
	case three:
		e.Use(ginThree()...)
	case stages:
		e.Use(ginStages()...)
	}
	if t.mounted {
		e.GET("/*path", gin.WrapH(mountable()))
		return serveStd(e, t.work), nil
	}
	e.GET("/hello", func(c *gin.Context) { c.String(http.StatusOK, "Hello, world") })
	e.GET("/json", func(c *gin.Context) { c.JSON(http.StatusOK, message{"Hello, world"}) })
	e.GET("/films", func(c *gin.Context) { c.JSON(http.StatusOK, films) })
	e.POST("/films", func(c *gin.Context) {
		var in newFilm
		if err := c.ShouldBindJSON(&in); err != nil { // by go-playground/validator, too
			c.String(http.StatusBadRequest, "%v", err)
			return
		}
		c.JSON(http.StatusOK, create(&in))
	})
	e.GET("/films/:film/reviews/:review", func(c *gin.Context) {
		rev, ok := findReview(c.Param("film"), c.Param("review"))
		if !ok {
			c.Status(http.StatusNotFound)
			return
		}
		c.JSON(http.StatusOK, rev)
	})
	return serveStd(e, t.work), nil
}

func ginThree() []gin.HandlerFunc {
	ids, log := newIDs(), accessLog(slog.LevelInfo)
	return []gin.HandlerFunc{
		func(c *gin.Context) {
			id := ids.next()
			c.Header(idField, id)
			c.Set("id", id)
			c.Next()
		},
		func(c *gin.Context) {
			start := time.Now()
			c.Next()
			line{c.GetString("id"), c.Request.Method, c.Request.URL.Path, c.Request.RemoteAddr,
				c.Writer.Status(), int64(c.Writer.Size())}.write(c.Request.Context(), log, start)
		},
		func(c *gin.Context) {
			defer func() {
				if p := recover(); p != nil {
					c.AbortWithStatus(http.StatusInternalServerError)
				}
			}()
			c.Next()
		},
	}
}

func ginStages() []gin.HandlerFunc {
	return []gin.HandlerFunc{
		requestid.New(),
		gin.LoggerWithWriter(nowhere{}),
		gin.RecoveryWithWriter(nowhere{}),
		secure.New(secure.Config{
			AllowedHosts: []string{host}, FrameDeny: true, ContentTypeNosniff: true,
			ContentSecurityPolicy: contentPolicy, ReferrerPolicy: "strict-origin-when-cross-origin",
			BadHostHandler: func(c *gin.Context) { c.AbortWithStatus(http.StatusMisdirectedRequest) },
		}),
		func(c *gin.Context) {
			c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bodyLimit)
			c.Next()
		},
		func(c *gin.Context) {
			ctx, cancel := context.WithTimeout(c.Request.Context(), wholeTime)
			defer cancel()
			c.Request = c.Request.WithContext(ctx)
			c.Next()
		},
	}
}
