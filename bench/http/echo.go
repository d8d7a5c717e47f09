package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
)

func echoServer(t task) (server, error) {
	e := echo.New()
	e.Validator = structValidator{newValidator()}
	switch t.work {
	case three:
		e.Use(echoThree()...)
	case stages:
		e.Use(echoStages()...)
	}
	if t.mounted {
		e.Any("/*", echo.WrapHandler(mountable()))
		return serveStd(e, t.work), nil
	}
	e.GET("/hello", func(c *echo.Context) error { return c.String(http.StatusOK, "Hello, world") })
	e.GET("/json", func(c *echo.Context) error { return c.JSON(http.StatusOK, message{"Hello, world"}) })
	e.GET("/films", func(c *echo.Context) error { return c.JSON(http.StatusOK, films) })
	e.POST("/films", func(c *echo.Context) error {
		var in newFilm
		if err := c.Bind(&in); err != nil {
			return err
		}
		if err := c.Validate(&in); err != nil {
			return echo.NewHTTPError(http.StatusUnprocessableEntity, err.Error())
		}
		return c.JSON(http.StatusOK, create(&in))
	})
	e.GET("/films/:film/reviews/:review", func(c *echo.Context) error {
		rev, ok := findReview(c.Param("film"), c.Param("review"))
		if !ok {
			return echo.ErrNotFound
		}
		return c.JSON(http.StatusOK, rev)
	})
	return serveStd(e, t.work), nil
}

// structValidator has the form in which echo and fiber want a validator.
type structValidator struct{ v *validator.Validate }

func (s structValidator) Validate(in any) error { return s.v.Struct(in) }

func echoThree() []echo.MiddlewareFunc {
	ids, log := newIDs(), accessLog(slog.LevelInfo)
	return []echo.MiddlewareFunc{
		func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c *echo.Context) error {
				id := ids.next()
				c.Response().Header().Set(idField, id)
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
				r := c.Request()
				line{id, r.Method, r.URL.Path, r.RemoteAddr, status, res.Size}.write(r.Context(), log, start)
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

func echoStages() []echo.MiddlewareFunc {
	log := accessLog(slog.LevelInfo)
	return []echo.MiddlewareFunc{
		middleware.RequestID(),
		middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
			LogLatency: true, LogRemoteIP: true, LogMethod: true, LogURIPath: true, LogRequestID: true, LogStatus: true,
			LogResponseSize: true,
			LogValuesFunc: func(c *echo.Context, v middleware.RequestLoggerValues) error {
				line{v.RequestID, v.Method, v.URIPath, v.RemoteIP, v.Status, v.ResponseSize}.write(c.Request().Context(), log, v.StartTime)
				return nil
			},
		}),
		middleware.SecureWithConfig(middleware.SecureConfig{
			ContentTypeNosniff: "nosniff", XFrameOptions: "DENY", ContentSecurityPolicy: contentPolicy,
			ReferrerPolicy: "strict-origin-when-cross-origin",
		}),
		middleware.Recover(),
		func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c *echo.Context) error {
				if c.Request().Host != host {
					return echo.NewHTTPError(http.StatusMisdirectedRequest, "unknown host")
				}
				return next(c)
			}
		},
		middleware.BodyLimit(bodyLimit),
		middleware.ContextTimeout(wholeTime),
	}
}
