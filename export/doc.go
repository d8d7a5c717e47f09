// Package export writes rows as files that other programs read: CSV, JSON and
// NDJSON.
//
//	err := export.CSV(w, Films.Where(Films.Stock.GT(0)).Each(ctx))
//
//	sales, err := db.Into(…).All(ctx)
//	err = export.NDJSON(w, export.Rows(sales))
//
// Rows are any iter.Seq2 of values and errors, such as the Each of a query:
// they are written while they are read, in little memory however many there
// are. CSV is safe to open in a spreadsheet, see [CSV].
//
// It is not a reader, and it has no dialects: files with semicolons, byte order
// marks or other encodings are for the programs that want them. To answer a
// request in these forms, return the rows from an action; package ashlar does
// the rest.
package export
