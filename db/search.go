package db

import (
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/search"
)

// A finding is a full-text search of the table at the end of a way.
type finding struct {
	at *path
	q  search.Query
}

// Search, for generated code, is true for the rows at the end of v whose texts
// hold what text says; see package search for its language.
func Search(v Via, text string) Cond {
	f := &finding{at: v.p, q: search.Parse(text)}
	return Cond{kind: holds, x: &expr{name: "search of " + v.p.String(), found: f, write: func(b *builder) { b.found(f) }}}
}

// Relevance is a number that is greater the better a row fits c, which is a
// search; it is for OrderBy:
//
//	found := Films.Search(words)
//	films, err := Films.Where(found).OrderBy(found.Relevance().Desc()).Limit(20).All(ctx)
//
// How it is computed is the engine's affair. Rarer words count more, words in
// columns of more weight too.
func (c Cond) Relevance() Num[float64] {
	return Num[float64]{Column{x: &expr{name: "relevance", write: func(b *builder) {
		if c.x == nil || c.x.found == nil {
			b.fail(misuse("A1506", "db: Relevance of a condition that is no search", "ask what the table's Search returned"))
			return
		}
		b.relevance(c.x.found)
	}}}}
}

// searched returns the table at the end of p and what stands before its
// columns' names.
func (b *builder) searched(p *path) (*table, string) {
	s := b.lookup(p)
	if s == nil {
		b.fail(misuse("A1504", fmt.Sprintf("db: search of %s used in a query on %s", p, b.about()),
			"search "+b.about()+", or query the table that is searched"))
		return nil, ""
	}
	t := p.end()
	if t.def.Search == nil {
		b.fail(misuse("A1506", "db: search of "+t.def.Name+", which has none", "tag texts of the model with `db:\"search\"` and generate again"))
		return nil, ""
	}
	if !b.named {
		b.again = b.again || p.from != nil
		return t, ""
	}
	return t, b.join(s, p) + "."
}

// engine returns the name of the engine that b spells for.
func (b *builder) engine() string {
	if b.d == nil {
		return "sqlite"
	}
	return b.d.Name
}

// found writes the condition of a search.
func (b *builder) found(f *finding) {
	t, table := b.searched(f.at)
	if t == nil {
		return
	}
	if f.q.Empty() {
		b.write("1 = 0")
		return
	}
	switch b.engine() {
	case "sqlite":
		index := quote(t.def.SearchTable())
		b.write(table, t.quoted[t.key[0]], " IN (SELECT rowid FROM ", index, " WHERE ", index, " MATCH ")
		b.arg(engine.Text(ftsQuery(f.q)))
		b.write(")")
	case "postgres":
		b.write(table, t.def.Search.Column(), " @@ ")
		b.tsquery(t, f.q)
	default:
		outer := f.at.outer()
		if outer { // MATCH of no row would be false, and NOT of that true
			b.write("CASE WHEN ", table, t.quoted[t.key[0]], " IS NOT NULL THEN ")
		}
		b.matches(table+t.def.Search.Column(), f.q)
		if outer {
			b.write(" END")
		}
	}
}

// relevance writes how well the rows that a search found fit it.
func (b *builder) relevance(f *finding) {
	t, table := b.searched(f.at)
	if t == nil {
		return
	}
	if f.q.Empty() {
		b.write("(0.0 + 0.0)") // a constant alone is no term of an ORDER BY
		return
	}
	switch b.engine() {
	case "sqlite":
		if b.again = true; b.named {
			b.write("coalesce(-", b.ranks(b.lookup(f.at), f), ".rank, 0)")
		}
	case "postgres":
		b.write("coalesce(ts_rank(", table, t.def.Search.Column(), ", ")
		b.tsquery(t, f.q)
		b.write(")::float8, 0)")
	default:
		b.maria(t, table, f.q)
	}
}

// ranks returns the name of the rows that a search finds, with their ranks,
// which are joined to a scope.
func (b *builder) ranks(s *scope, f *finding) string {
	for _, j := range s.joins {
		if j.found == f {
			return j.name
		}
	}
	b.join(s, f.at)
	j := joined{p: f.at, name: b.alias(), found: f}
	s.joins = append(s.joins, j)
	return j.name
}

// joinRanked writes the join of [builder.ranks]. The LIMIT keeps SQLite from
// asking for the rank of each row by itself, which takes the square of the
// time.
func (b *builder) joinRanked(s *scope, j joined) {
	t := j.p.end()
	index := quote(t.def.SearchTable())
	b.write(" LEFT JOIN (SELECT rowid AS id, rank FROM ", index, " WHERE ", index, " MATCH ")
	b.arg(engine.Text(ftsQuery(j.found.q)))
	b.write(" LIMIT -1) AS ", j.name, " ON ", j.name, ".id = ", s.nameOf(j.p), ".", t.quoted[t.key[0]])
}

// ftsQuery spells q for FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax).
func ftsQuery(q search.Query) string {
	term := func(t search.Term) string {
		s := `"` + strings.Join(t.Words, " ") + `"`
		if t.Prefix {
			s += " *"
		}
		return s
	}
	return spell(q, term, " AND ", " NOT (", " OR ", ")", " OR ")
}

// tsquery writes q for PostgreSQL.
func (b *builder) tsquery(t *table, q search.Query) {
	term := func(t search.Term) string {
		s := "('" + strings.Join(t.Words, "' <-> '") + "'"
		if t.Prefix {
			s += ":*"
		}
		return s + ")"
	}
	b.write("to_tsquery('", t.def.Search.Config(), "', ")
	b.arg(engine.Text(spell(q, term, " & ", " & !(", " | ", ")", " | ")))
	b.write(")")
}

// spell joins the terms of q by the words of a language.
func spell(q search.Query, term func(search.Term) string, and, without, nor, end, or string) string {
	groups := make([]string, len(q.Groups))
	for i, g := range q.Groups {
		s := "(" + joinTerms(g.Want, term, and) + ")"
		if len(g.Without) > 0 {
			s += without + joinTerms(g.Without, term, nor) + end
		}
		groups[i] = "(" + s + ")"
	}
	return strings.Join(groups, or)
}

func joinTerms(terms []search.Term, term func(search.Term) string, word string) string {
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = term(t)
	}
	return strings.Join(list, word)
}
