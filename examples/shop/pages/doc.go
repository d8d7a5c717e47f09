// Package pages answers the visitors of the shop: it stands above the packages
// of the shop's subjects (catalog, cart, order), asks them, and fills the
// templates of package web. One file a subject, one function a route.
package pages
