package modelgen

import (
	"errors"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// File is the name of the generated file.
const File = "models_gen.go"

// ErrNoModels says that no struct of a package is marked //ashlar:model.
var ErrNoModels = errors.New("no struct is marked //ashlar:model")

// Generate returns the text of models_gen.go for the package in dir. It
// returns ErrNoModels if there is nothing to generate, and all mistakes at once
// if there are any, each with its file and line.
func Generate(dir string) ([]byte, error) {
	p, err := readPackage(dir)
	if err != nil {
		return nil, err
	}
	if len(p.marked) == 0 && len(p.bad) == 0 {
		return nil, ErrNoModels
	}
	var models []*model
	for _, m := range p.marked {
		models = append(models, p.model(m))
	}
	if len(p.bad) == 0 {
		p.relate(models)
	}
	if len(p.bad) == 0 {
		p.checkNames(models)
		p.checkReferences(models)
	}
	if err := p.bad.Err(); err != nil {
		return nil, err
	}
	return p.write(models)
}

// problem notes a mistake in the user's source.
func (p *pkg) problem(code string, pos token.Pos, mend, format string, args ...any) {
	at := p.fset.Position(pos)
	p.bad.Add(&errs.Setup{
		Code: code, What: fmt.Sprintf(format, args...), Mend: mend,
		Where: fmt.Sprintf("%s:%d", filepath.ToSlash(at.Filename), at.Line),
	})
}

// checkNames reports names that the generated file would declare and that
// something else has, and tables and indexes of one name.
func (p *pkg) checkNames(models []*model) {
	declared := map[string]string{}
	declare := func(m *model, name string) {
		if pos, ok := p.declared[name]; ok {
			p.problem("A1522", pos, "rename it", "%s is a name that the generated code of model %s needs", name, m.name)
		} else if other, ok := declared[name]; ok {
			p.problem("A1522", m.pos, "rename one of them", "models %s and %s both give %s", other, m.name, name)
		}
		declared[name] = m.name
	}
	inDatabase := map[string]string{}
	for i, m := range models {
		if i == 0 {
			declare(m, "Models")
		}
		for _, name := range m.names() {
			declare(m, name)
		}
		for _, f := range m.relations() {
			if p.methods[m.name+".Loaded"+f.name] {
				p.problem("A1522", f.pos, "rename the method", "%s.Loaded%s is a method that the generated code needs", m.name, f.name)
			}
		}
		names := []string{m.table}
		t := schema.Table{Name: m.table}
		for _, index := range m.indexes {
			names = append(names, t.IndexName(index))
		}
		for _, name := range names {
			if other, ok := inDatabase[name]; ok {
				p.problem("A1522", m.pos, "rename one of them in its tag", "%s and %s both make %q in the database", other, m.name, name)
			}
			inDatabase[name] = m.name
		}
	}
}

// checkReferences reports references to columns that a model of this package
// does not have. Tables of other packages are checked by migrations.
func (p *pkg) checkReferences(models []*model) {
	for _, m := range models {
		for _, f := range m.fields {
			i := slices.IndexFunc(models, func(to *model) bool { return to.table == f.refTable })
			if f.refTable == "" || i < 0 {
				continue
			}
			if !slices.ContainsFunc(models[i].columns(), func(c *field) bool { return c.column == f.refColumn }) {
				p.problem("A1523", f.pos, "name the column that the key points at",
					"%s.%s: table %s has no column %s", m.name, f.name, f.refTable, f.refColumn)
			}
		}
	}
}
