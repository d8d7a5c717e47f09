// Package mistakes has queries on one table that use another: each statement
// is reported, and compiles.
package mistakes

import (
	"context"

	"github.com/ashlar-go/ashlar/db"
	. "github.com/ashlar-go/ashlar/db/internal/reel"
)

type stat struct {
	Title string
	Stars int64
}

func mistakes(ctx context.Context, q *db.Query[*Film]) error {
	// A column of another table, with and without a relation to it.
	_, _ = Films.Where(Reviews.Stars.GTE(4)).All(ctx)
	_, _ = Films.Where(Films.Stock.GT(0), db.Or(Films.InShop.Eq(true), Orders.Total.GT(100))).Count(ctx)
	_, _ = Reviews.Where(Films.Title.Eq("Tokyo Story")).First(ctx)
	_, _ = q.If(true, Critics.Name.HasPrefix("A")).All(ctx)

	// An order.
	_, _ = Films.OrderBy(Reviews.Stars.Desc()).Limit(3).All(ctx)

	// A relation of another table, and one that is chosen by another.
	_, _ = Films.With(Reviews.Critic()).All(ctx)
	_, _ = Films.With(Films.Reviews().Where(Films.Stock.GT(0)).With(Films.Trailer())).All(ctx)

	// An update.
	_, _ = Films.Where(Films.ID.Eq(1)).Update(ctx, Reviews.Stars.Set(3))
	_, _ = Reviews.Where(Reviews.ID.Eq(1)).Update(ctx, Reviews.Film().Title.Set("Ran"), Reviews.Words.SetTo(Films.Title))

	// What is read into a struct, grouped and sorted.
	_, _ = db.Into(Films.Where(Films.Stock.GT(0)), func(d *stat) []db.Dest {
		return []db.Dest{Films.Title.To(&d.Title), Reviews.Stars.Sum().Of(Critics.Reviews()).To(new(int32))}
	}).Having(db.Count().GT(1), Reviews.Stars.Max().GT(3)).OrderBy(Reviews.Stars.Avg().Desc()).All(ctx)

	// Variables.
	good := Reviews.Stars.GTE(4)
	_, _ = Films.Where(good).All(ctx)
	conds := []db.Cond{Films.Stock.GT(0)}
	conds = append(conds, Orders.Total.GT(3))
	_, _ = Films.Where(conds...).All(ctx)
	films := Films.Where(Films.Stock.GT(0))
	_, _ = films.Where(good).All(ctx)

	// Within a condition on related rows, and within a subquery.
	_, _ = Films.Where(Films.Reviews().Any(Critics.Name.Eq("Ann"))).All(ctx)
	_, _ = Films.Where(Films.ID.InQuery(Reviews.Where(Orders.Total.GT(3)).Select(Reviews.FilmID))).All(ctx)
	_, _ = Films.Where(Reviews.FilmID.InQuery(Films.Select(Films.ID))).All(ctx)
	_, _ = Films.Where(db.Equal(Films.ID, Reviews.FilmID)).All(ctx)

	// Writing rows, and what else takes columns.
	_ = Films.Save(ctx, &Film{}, Reviews.Stars)
	_ = Films.Upsert(ctx, db.OnConflict(Tags.Name).Update(Films.Price), &Film{})
	_, _ = Films.Title.Distinct(ctx, Reviews.Stars.GT(3))
	return db.Load(ctx, []*Film{}, Reviews.Critic())
}
