package main

import (
	"context"
	"log/slog"
	"net"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/helmet"
	"github.com/gofiber/fiber/v3/middleware/logger"
	recovery "github.com/gofiber/fiber/v3/middleware/recover"
	"github.com/gofiber/fiber/v3/middleware/requestid"
)

type fiberApp struct{ *fiber.App }

func (a fiberApp) Serve(l net.Listener) error {
	return a.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
}

func (a fiberApp) Shutdown(ctx context.Context) error { return a.ShutdownWithContext(ctx) }

func fiberServer(t task) (server, error) {
	cfg := fiber.Config{StructValidator: structValidator{newValidator()}}
	if t.work == stages {
		cfg.BodyLimit, cfg.ReadBufferSize = bodyLimit, headLimit
		cfg.ReadTimeout, cfg.WriteTimeout, cfg.IdleTimeout = wholeTime, wholeTime, idleTime
	}
	a := fiber.New(cfg)
	switch t.work {
	case three:
		fiberThree(a)
	case stages:
		fiberStages(a)
	}
	if t.mounted {
		a.Use(adaptor.HTTPHandler(mountable()))
		return fiberApp{a}, nil
	}
	a.Get("/hello", func(c fiber.Ctx) error { return c.SendString("Hello, world") })
	a.Get("/json", func(c fiber.Ctx) error { return c.JSON(message{"Hello, world"}) })
	a.Get("/films", func(c fiber.Ctx) error { return c.JSON(films) })
	a.Post("/films", func(c fiber.Ctx) error {
		var in newFilm
		if err := c.Bind().Body(&in); err != nil { // by the validator, too
			return fiber.NewError(fiber.StatusBadRequest, err.Error())
		}
		return c.JSON(create(&in))
	})
	a.Get("/films/:film/reviews/:review", func(c fiber.Ctx) error {
		rev, ok := findReview(c.Params("film"), c.Params("review"))
		if !ok {
			return fiber.ErrNotFound
		}
		return c.JSON(rev)
	})
	return fiberApp{a}, nil
}

func fiberThree(a *fiber.App) {
	ids, log := newIDs(), accessLog(slog.LevelInfo)
	a.Use(func(c fiber.Ctx) error {
		id := ids.next()
		c.Set(idField, id)
		c.Locals("id", id)
		return c.Next()
	})
	a.Use(func(c fiber.Ctx) error {
		start := time.Now()
		err := c.Next()
		id, _ := c.Locals("id").(string)
		line{id, c.Method(), c.Path(), remote(c.RequestCtx().RemoteAddr()), c.Response().StatusCode(),
			int64(len(c.Response().Body()))}.write(context.Background(), log, start)
		return err
	})
	a.Use(func(c fiber.Ctx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fiber.ErrInternalServerError
			}
		}()
		return c.Next()
	})
}

func fiberStages(a *fiber.App) {
	a.Use(requestid.New())
	a.Use(logger.New(logger.Config{Stream: nowhere{}}))
	a.Use(helmet.New(helmet.Config{ContentSecurityPolicy: contentPolicy, XFrameOptions: "DENY",
		ReferrerPolicy: "strict-origin-when-cross-origin"}))
	a.Use(recovery.New())
	a.Use(func(c fiber.Ctx) error {
		if c.Host() != host {
			return fiber.ErrMisdirectedRequest
		}
		return c.Next()
	})
	a.Use(func(c fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.Context(), wholeTime)
		defer cancel()
		c.SetContext(ctx)
		return c.Next()
	})
}
