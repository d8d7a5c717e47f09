package config

import (
	"encoding"
	"fmt"
	"net/url"
	"reflect"
	"strings"
)

// format returns a setting's value as people read it, with secrets hidden.
func format(v reflect.Value) string {
	t := v.Type()
	switch {
	case scalar(t):
		return redact(formatScalar(v))
	case t.Kind() == reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return format(v.Elem())
	}
	var items []string
	if t.Kind() == reflect.Slice {
		for i := range v.Len() {
			items = append(items, format(v.Index(i)))
		}
		return strings.Join(items, ",")
	}
	for _, key := range sortedKeys(v) {
		items = append(items, key.String()+"="+format(v.MapIndex(key)))
	}
	return strings.Join(items, ",")
}

func formatScalar(v reflect.Value) string {
	if u, ok := v.Interface().(url.URL); ok {
		return u.String()
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if text, err := m.MarshalText(); err == nil {
			return string(text)
		}
	}
	if v.CanAddr() {
		if m, ok := v.Addr().Interface().(encoding.TextMarshaler); ok {
			if text, err := m.MarshalText(); err == nil {
				return string(text)
			}
		}
	}
	return fmt.Sprint(v.Interface())
}
