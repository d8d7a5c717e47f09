package pages

import (
	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/view"
)

const errorPage = view.Page[web.ErrorPage]("errors/error.html")

// showProblem shows every failure in the look of the shop. The cart is not
// asked for: what failed may be the database.
func showProblem(c *ashlar.Ctx, p ashlar.Problem) error {
	data := web.ErrorPage{Shell: web.Shell{CartCount: -1}, Status: p.Status, Message: p.Detail, RequestID: p.ID}
	for _, e := range p.Errors {
		data.Fields = append(data.Fields, web.FieldProblem{Name: e.Field, Message: e.Message})
	}
	return errorPage.With(data).Status(p.Status).Respond(c)
}
