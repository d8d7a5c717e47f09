package view

import (
	"context"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
)

// Module joins templates to an app. Pages find them through the context.
func Module(cfg Config) ashlar.Module {
	if cfg.Layout == "" {
		cfg.Layout = "layout.html"
	}
	return ashlar.Module{
		Name: "view",
		Doc:  "HTML pages from templates",
		Setup: func(s *ashlar.Setup) error {
			if cfg.FS == nil {
				return &errs.Setup{Code: "A1601", What: "view.Config.FS is not set", Mend: "embed the folder of the templates and give it here"}
			}
			cfg.FS = ashlar.Live(s.Env(), cfg.Live, cfg.FS)
			v := &Views{cfg: cfg, live: s.Env() == ashlar.Development}
			s.Provide(func(app *ashlar.App) *Views {
				v.helpers = &helpers{app: app, funcs: cfg.Funcs}
				return v
			})
			s.Add(func(v *Views) ashlar.ContextValue { return ashlar.ContextValue{Key: viewsKey{}, Value: v} })
			if cfg.Errors != "" {
				s.Add(ashlar.ErrorPage(v.errorPage))
			}
			s.Check("templates", func(context.Context) error {
				if err := v.load(); err != nil {
					return err
				}
				return v.checkNames()
			})
			return nil
		},
	}.At(errs.Caller(0))
}

func (v *Views) errorPage(c *ashlar.Ctx, p ashlar.Problem) error {
	return (&Filled{name: v.cfg.Errors, data: p, status: p.Status}).Respond(c)
}
