// Package sqlscan cuts SQL text into tokens and scripts into statements. It
// knows just enough for that: strings, quoted names, comments, numbers, and
// the BEGIN … END of a trigger, whose semicolons end nothing.
//
//	statements, err := sqlscan.Split(script, 1)
//	for _, s := range statements {
//		fmt.Println(s.Line, s.Text)
//	}
//
// It is not a parser of SQL. Of what belongs to one engine only it knows
// PostgreSQL's strings E'…' and $$ … $$, which mean nothing elsewhere.
package sqlscan
