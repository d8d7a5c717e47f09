// Package catalog holds the films of the shop: where they come from, what is
// kept of them, and what they cost.
//
//	report := catalog.NewReport()
//	for record, err := range catalog.Read(file, report) {
//		if err != nil {
//			return err
//		}
//		… // store the record under its slug
//	}
//	fmt.Print(report)
//
// The source is a file of real, dirty data. [Read] turns it into clean records
// one at a time and writes down in a [Report] what it dropped, what it mended
// and what it kept with doubt. The rules stand in clean.go and title.go, each
// with its reason; the shop's own inventions, price and stock, in price.go.
//
// It is not a general importer: the rules are those of this one file.
package catalog
