// Package web is what a visitor of the shop sees: the templates, the style
// sheet, and the data that each page is given.
//
//	views := web.Templates() // layout.html, films/index.html, …
//	files := web.Static()    // shop.css, shop.js, posters.svg
//
//	page := web.FilmsPage{Total: 3200, Cards: cards, Pages: web.Paginate(2, 134, link)}
//
// The templates hold no logic beyond if and range, and the structs hold no
// behaviour beyond how a value is written, so a page can be drawn, and tested,
// without a shop behind it. What a page is filled with is decided by the
// packages that own the data.
package web
