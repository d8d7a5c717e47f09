package config

import (
	"encoding"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"time"
)

var (
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	durationType = reflect.TypeFor[time.Duration]()
	secretType   = reflect.TypeFor[Secret]()
	sizeType     = reflect.TypeFor[Size]()
	urlType      = reflect.TypeFor[url.URL]()
)

func hasText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textType) }

// scalar reports whether one piece of text fills a value of type t.
func scalar(t reflect.Type) bool {
	if hasText(t) || t == urlType {
		return true
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}

// supported reports whether t can be a setting.
func supported(t reflect.Type) bool {
	if scalar(t) {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer:
		return scalar(t.Elem())
	case reflect.Slice:
		return scalar(t.Elem()) && t.Elem().Kind() != reflect.Uint8
	case reflect.Map:
		return t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String &&
			!hasText(t.Key()) && scalar(t.Elem())
	}
	return false
}

// core returns the scalar type inside t: of a pointer, a slice or a map.
func core(t reflect.Type) reflect.Type {
	if !scalar(t) {
		return t.Elem()
	}
	return t
}

// fits lists the kinds of nodes that a scalar of type t is read from.
func fits(t reflect.Type, kind Kind) bool {
	switch {
	case hasText(t):
		return kind == String || kind == Number || kind == Bool
	case t == urlType || t == durationType || t.Kind() == reflect.String:
		return kind == String
	case t.Kind() == reflect.Bool:
		return kind == Bool
	}
	return kind == Number
}

// wanted says in words what a value of type t looks like.
func wanted(t reflect.Type) string {
	switch {
	case t == durationType:
		return `a duration with a unit, such as "30s" or "1h30m"`
	case t == sizeType:
		return `a size in bytes, such as 4096, "512KB" or "10MiB"`
	case t == urlType:
		return "a URL"
	case hasText(t):
		return "text that " + t.String() + " reads"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if t.Bits() == 64 {
			return "a whole number"
		}
		top := int64(math.MaxInt64) >> (64 - t.Bits())
		return fmt.Sprintf("a whole number from %d to %d", -top-1, top)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if t.Bits() == 64 {
			return "a whole number, 0 or more"
		}
		return fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64)>>(64-t.Bits()))
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.Slice:
		return "an array, each item " + wanted(t.Elem())
	}
	return "a table of strings"
}
