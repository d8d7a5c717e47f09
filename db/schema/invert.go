package schema

import "slices"

// The inverses are asked for only after the op was applied, so what they look
// up in the schema before it is there.

func (o CreateTable) inverse(*Schema) Op { return DropTable{o.Table.Name} }

func (o DropTable) inverse(before *Schema) Op { return CreateTable{*before.Table(o.Table)} }

func (o RenameTable) inverse(*Schema) Op { return RenameTable{Table: o.To, To: o.Table} }

func (o AddColumn) inverse(*Schema) Op { return DropColumn{o.Table, o.Column.Name} }

func (o DropColumn) inverse(before *Schema) Op {
	return AddColumn{o.Table, *before.Table(o.Table).Column(o.Column)}
}

func (o RenameColumn) inverse(*Schema) Op {
	return RenameColumn{Table: o.Table, Column: o.To, To: o.Column}
}

func (o AlterColumn) inverse(before *Schema) Op {
	return AlterColumn{o.Table, *before.Table(o.Table).Column(o.Column.Name)}
}

func (o SetPrimaryKey) inverse(before *Schema) Op {
	return SetPrimaryKey{o.Table, before.Table(o.Table).PrimaryKey}
}

func (o AddIndex) inverse(*Schema) Op { return DropIndex{o.Table, o.Index.Name} }

func (o DropIndex) inverse(before *Schema) Op {
	list := before.Table(o.Table).Indexes
	return AddIndex{o.Table, list[slices.IndexFunc(list, func(ix Index) bool { return ix.Name == o.Index })]}
}

func (o AddForeignKey) inverse(*Schema) Op { return DropForeignKey{o.Table, o.ForeignKey.Name} }

func (o DropForeignKey) inverse(before *Schema) Op {
	list := before.Table(o.Table).ForeignKeys
	return AddForeignKey{o.Table, list[slices.IndexFunc(list, func(fk ForeignKey) bool { return fk.Name == o.ForeignKey })]}
}

func (o AddCheck) inverse(*Schema) Op { return DropCheck{o.Table, o.Check.Name} }

func (o DropCheck) inverse(before *Schema) Op {
	list := before.Table(o.Table).Checks
	return AddCheck{o.Table, list[slices.IndexFunc(list, func(ck Check) bool { return ck.Name == o.Check })]}
}
