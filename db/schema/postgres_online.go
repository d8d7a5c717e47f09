package schema

// online reports whether plans let others work meanwhile.
func (d Postgres) online() bool { return d.Online }

// The statements of the online way. What is NOT VALID holds for new rows at
// once; VALIDATE reads the rows that are there while others write.

func (d Postgres) foreignKeyOnline(t *Table, fk ForeignKey) []string {
	alter := "ALTER TABLE " + d.Quote(t.Name)
	return []string{alter + " ADD " + d.foreignKey(fk) + " NOT VALID", alter + " VALIDATE CONSTRAINT " + d.Quote(fk.Name)}
}

func (d Postgres) checkOnline(t *Table, ck Check) []string {
	alter := "ALTER TABLE " + d.Quote(t.Name)
	return []string{alter + " ADD " + d.check(t, ck) + " NOT VALID", alter + " VALIDATE CONSTRAINT " + d.Quote(ck.Name)}
}

// notNullOnline makes a column NOT NULL by way of a check, which spares the
// server to read the rows under the lock.
func (d Postgres) notNullOnline(t *Table, c Column) []string {
	alter := "ALTER TABLE " + d.Quote(t.Name)
	name := d.Quote(joinName(t.Name, []string{c.Name}, "not_null"))
	return []string{
		alter + " ADD CONSTRAINT " + name + " CHECK (" + d.Quote(c.Name) + " IS NOT NULL) NOT VALID",
		alter + " VALIDATE CONSTRAINT " + name,
		alter + " ALTER COLUMN " + d.Quote(c.Name) + " SET NOT NULL",
		alter + " DROP CONSTRAINT " + name,
	}
}

func (d Postgres) dropIndex(name string) string {
	if d.Online {
		return "DROP INDEX CONCURRENTLY " + d.Quote(name)
	}
	return "DROP INDEX " + d.Quote(name)
}
