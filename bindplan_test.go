package ashlar_test

import (
	"context"
	"mime/multipart"
	"regexp"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/golden"
)

var place = regexp.MustCompile(`[^\s(]+/([a-z0-9_]+\.go):\d+`)

// unplaced takes folders and line numbers out of a text: they move.
func unplaced(text string) string { return place.ReplaceAllString(text, "$1:0") }

func nothing[I any](context.Context, I) (string, error) { return "", nil }

func TestInputMistakes(t *testing.T) {
	t.Parallel()
	golden.Equal(t, "input_mistakes.txt", unplaced(checked(ashlar.Config{}, func(a *ashlar.App) {
		r := a.Router
		ashlar.Get(r, "/scalar", nothing[string])
		ashlar.Get(r, "/pointer", nothing[*paging])
		ashlar.Get(r, "/channel", nothing[struct {
			C chan int `query:"c"`
		}])
		ashlar.Get(r, "/bytes", nothing[struct {
			B []byte `query:"b"`
		}])
		ashlar.Get(r, "/nested", nothing[struct {
			P paging `query:"p"`
		}])
		ashlar.Get(r, "/unnamed", nothing[struct {
			A string `query:""`
		}])
		ashlar.Get(r, "/films/{id}", nothing[struct {
			ID int `path:"film"`
		}])
		ashlar.Get(r, "/default", nothing[struct {
			N int8 `query:"n" default:"200"`
		}])
		ashlar.Get(r, "/default/json", nothing[struct {
			N int `json:"n" default:"2"`
		}])
		ashlar.Post(r, "/default/file", nothing[struct {
			F *multipart.FileHeader `file:"f" default:"x"`
		}])
		ashlar.Post(r, "/file", nothing[struct {
			F string `file:"f"`
		}])
		ashlar.Post(r, "/rule", nothing[struct {
			F string `form:"f" validate:"requird"`
		}])
		ashlar.Post(r, "/form", nothing[ashlar.Form[struct {
			F func() `form:"f"`
		}]])
		ashlar.Post(r, "/twice", nothing[struct {
			Loose
			GiftWrap bool
		}])
	})))
}
