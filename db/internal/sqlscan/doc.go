// Package sqlscan cuts SQL text into tokens and scripts into statements. It
// knows just enough for that: strings, quoted names, comments, numbers, and
// the BEGIN … END of a trigger, whose semicolons end nothing.
//
//	statements, err := sqlscan.Split(script, 1)
//	for _, s := range statements {
//		fmt.Println(s.Line, s.Text)
//	}
//
// It is not a parser of SQL, and does not know the strings that belong to one
// engine only, such as PostgreSQL's $$ … $$.
package sqlscan
