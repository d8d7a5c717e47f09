package validate_test

import (
	"context"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

type sixFields struct {
	Title string   `json:"title" validate:"required,max=200,line"`
	Email string   `json:"email" validate:"required,email"`
	Link  string   `json:"link" validate:"optional,url"`
	Year  int      `json:"year" validate:"between=1880 2100"`
	Price *float64 `json:"price" validate:"gt=0"`
	Tags  []string `json:"tags" validate:"max=5,unique,each(slug,max=20)"`
}

func newSixFields() *sixFields {
	return &sixFields{
		Title: "Die Büchse der Pandora", Email: "lulu@example.org", Link: "https://example.org/films/7?s=1",
		Year: 1929, Price: ptr(9.5), Tags: []string{"silent", "drama"},
	}
}

func (s *sixFields) Validate(context.Context) error { return nil }

// Not parallel: AllocsPerRun counts what other tests allocate as well.
func TestValidCostsNoAllocation(t *testing.T) {
	var v validate.Validator
	in, ctx := newSixFields(), t.Context()
	want.NoErr(t, v.Struct(ctx, in))
	got := testing.AllocsPerRun(200, func() {
		if err := v.Struct(ctx, in); err != nil {
			t.Fatal(err)
		}
	})
	want.Equal(t, got, 0.0)
}

func BenchmarkValid(b *testing.B) {
	var v validate.Validator
	in, ctx := newSixFields(), b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if err := v.Struct(ctx, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvalid(b *testing.B) {
	var v validate.Validator
	in, ctx := &sixFields{Tags: []string{"A", "b"}}, b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if err := v.Struct(ctx, in); err == nil {
			b.Fatal("got no error, want some")
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var v validate.Validator
		if err := v.Struct(b.Context(), newSixFields()); err != nil {
			b.Fatal(err)
		}
	}
}
