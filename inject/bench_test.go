package inject_test

import (
	"context"
	"testing"

	"github.com/ashlar-go/ashlar/inject"
)

// The benchmark's 343 providers are one generic type under 7 × 7 × 7 type
// arguments. Each needs the first of all and the one before it.
type (
	d0                struct{}
	d1                struct{}
	d2                struct{}
	d3                struct{}
	d4                struct{}
	d5                struct{}
	d6                struct{}
	cell[A, B, C any] struct{ before any }
	first             struct{ _ int }
)

func declareCell[A, B, C, Before any](m *inject.Module) {
	m.Provide(func(_ *first, before *Before) *cell[A, B, C] { return &cell[A, B, C]{before} })
}

func declareRow[A, B, Before any](m *inject.Module) {
	declareCell[A, B, d0, Before](m)
	declareCell[A, B, d1, cell[A, B, d0]](m)
	declareCell[A, B, d2, cell[A, B, d1]](m)
	declareCell[A, B, d3, cell[A, B, d2]](m)
	declareCell[A, B, d4, cell[A, B, d3]](m)
	declareCell[A, B, d5, cell[A, B, d4]](m)
	declareCell[A, B, d6, cell[A, B, d5]](m)
}

func declareLayer[A, Before any](g *inject.Graph) {
	m := g.Module("layer", "main.go:1").At("layer/module.go:1")
	declareRow[A, d0, Before](m)
	declareRow[A, d1, cell[A, d0, d6]](m)
	declareRow[A, d2, cell[A, d1, d6]](m)
	declareRow[A, d3, cell[A, d2, d6]](m)
	declareRow[A, d4, cell[A, d3, d6]](m)
	declareRow[A, d5, cell[A, d4, d6]](m)
	declareRow[A, d6, cell[A, d5, d6]](m)
	m.Need(new(*cell[A, d6, d6]))
}

// layers declares 1 + 343 providers in 8 modules.
func layers() *inject.Graph {
	g := inject.New(nil)
	g.Module("first", "main.go:1").At("first/module.go:1").Provide(func() *first { return &first{} })
	declareLayer[d0, first](g)
	declareLayer[d1, cell[d0, d6, d6]](g)
	declareLayer[d2, cell[d1, d6, d6]](g)
	declareLayer[d3, cell[d2, d6, d6]](g)
	declareLayer[d4, cell[d3, d6, d6]](g)
	declareLayer[d5, cell[d4, d6, d6]](g)
	declareLayer[d6, cell[d5, d6, d6]](g)
	return g
}

func BenchmarkStart344Providers(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := layers().Build(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck344Providers(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		g := layers()
		b.StartTimer()
		if err := g.Check(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScoped(b *testing.B) {
	g := inject.New(nil)
	m := g.Module("cart", "")
	m.Provide(newDB)
	m.Provide(newCart, inject.PerRequest)
	var cart inject.Scoped[*Cart]
	m.Need(&cart)
	if err := g.Build(); err != nil {
		b.Fatal(err)
	}
	b.Run("first ask", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ctx, scope := g.Scope(context.Background())
			if _, err := cart(ctx); err != nil {
				b.Fatal(err)
			}
			_ = scope.Close()
		}
	})
	b.Run("later ask", func(b *testing.B) {
		b.ReportAllocs()
		ctx, scope := g.Scope(context.Background())
		defer scope.Close()
		for b.Loop() {
			if _, err := cart(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}
