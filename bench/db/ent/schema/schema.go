// Package schema describes to Ent the tables that package main describes to
// the others. Ent writes the package above from it:
//
//	cd bench/db/ent && go run -mod=mod entgo.io/ent/cmd/ent@v0.14.5 generate --target . ./schema
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Film is a row of films.
type Film struct{ ent.Schema }

// Fields are its columns.
func (Film) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("title").MaxLen(200),
		field.String("genre"),
		field.String("director").MaxLen(200).Optional().Nillable(),
		field.Int64("price"),
		field.Float("rating").Optional().Nillable(),
		field.Bool("in_shop"),
		field.Int64("added"),
		field.Int64("studio_id"),
	}
}

// Edges are its relations.
func (Film) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("studio", Studio.Type).Ref("films").Field("studio_id").Unique().Required(),
		edge.To("reviews", Review.Type),
	}
}

// Indexes are those beside the key's.
func (Film) Indexes() []ent.Index { return []ent.Index{index.Fields("genre")} }

// Studio is a row of studios.
type Studio struct{ ent.Schema }

// Fields are its columns.
func (Studio) Fields() []ent.Field {
	return []ent.Field{field.Int64("id"), field.String("name"), field.String("country")}
}

// Edges are its relations.
func (Studio) Edges() []ent.Edge { return []ent.Edge{edge.To("films", Film.Type)} }

// Review is a row of reviews.
type Review struct{ ent.Schema }

// Fields are its columns.
func (Review) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.Int64("film_id"),
		field.String("author"),
		field.Int64("stars"),
		field.String("body"),
	}
}

// Edges are its relations.
func (Review) Edges() []ent.Edge {
	return []ent.Edge{edge.From("film", Film.Type).Ref("reviews").Field("film_id").Unique().Required()}
}

// World is a row of worlds.
type World struct{ ent.Schema }

// Fields are its columns.
func (World) Fields() []ent.Field {
	return []ent.Field{field.Int64("id"), field.Int64("random_number").StructTag(`json:"random_number"`)}
}

// Fortune is a row of fortunes.
type Fortune struct{ ent.Schema }

// Fields are its columns.
func (Fortune) Fields() []ent.Field {
	return []ent.Field{field.Int64("id"), field.String("message")}
}
