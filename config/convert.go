package config

import (
	"encoding"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// parseScalar reads one value. The error, where there is one, is for people
// and may be nil although the text does not fit.
func parseScalar(t reflect.Type, text string) (reflect.Value, bool, error) {
	v := reflect.New(t).Elem()
	var err error
	switch {
	case hasText(t):
		err = v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
		return v, err == nil, err
	case t == urlType:
		u, err := url.Parse(text)
		if err == nil {
			v.Set(reflect.ValueOf(*u))
		}
		return v, err == nil, nil // the parser's error would repeat a password
	case t == durationType:
		d, err := time.ParseDuration(text)
		v.SetInt(int64(d))
		return v, err == nil, nil
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text == "true")
		return v, text == "true" || text == "false", nil
	case reflect.Float32, reflect.Float64:
		var f float64
		f, err = strconv.ParseFloat(text, t.Bits())
		v.SetFloat(f)
		return v, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var n int64
		n, err = strconv.ParseInt(text, 10, t.Bits())
		v.SetInt(n)
	default:
		var n uint64
		n, err = strconv.ParseUint(text, 10, t.Bits())
		v.SetUint(n)
	}
	return v, err == nil, nil
}

// A misfit is text or a node that cannot become a setting's value.
type misfit struct {
	line int    // in a file, when it is not the setting's own line
	got  string // redacted, ready to print
	want string
	why  error // what UnmarshalText said; may be nil
}

func (s *setting) unfit(t reflect.Type, text string, why error) *misfit {
	got := fmt.Sprintf("%q", redact(text))
	if s.secret {
		got = hidden
	}
	if s.secret || redact(text) != text || t == sizeType { // the last would only repeat what is wanted
		why = nil
	}
	return &misfit{got: got, want: wanted(t), why: why}
}

// fromText reads text in the syntax of variables and flags.
func (s *setting) fromText(text string) (reflect.Value, *misfit) {
	t := s.field.Type()
	if scalar(t) {
		v, ok, why := parseScalar(t, text)
		if !ok {
			return v, s.unfit(t, text, why)
		}
		return v, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		v, ok, why := parseScalar(t.Elem(), text)
		if !ok {
			return v, s.unfit(t, text, why)
		}
		return addressOf(t, v), nil
	case reflect.Map:
		return s.mapFromText(text)
	}
	list := reflect.MakeSlice(t, 0, 0)
	for _, item := range splitList(text) {
		v, ok, why := parseScalar(t.Elem(), item)
		if !ok {
			return list, s.unfit(t.Elem(), item, why)
		}
		list = reflect.Append(list, v)
	}
	return list, nil
}

func (s *setting) mapFromText(text string) (reflect.Value, *misfit) {
	t := s.field.Type()
	m := reflect.MakeMap(t)
	for _, pair := range splitList(text) {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			wrong := s.unfit(t, pair, nil)
			wrong.want = "pairs such as k=v,k2=v2"
			return m, wrong
		}
		setPair(m, strings.TrimSpace(key), strings.TrimSpace(value))
	}
	return m, nil
}

func setPair(m reflect.Value, key, value string) {
	t := m.Type()
	m.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), reflect.ValueOf(value).Convert(t.Elem()))
}

// splitList splits at commas and trims; empty text has no items.
func splitList(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	items := strings.Split(text, ",")
	for i, item := range items {
		items[i] = strings.TrimSpace(item)
	}
	return items
}

func addressOf(t reflect.Type, v reflect.Value) reflect.Value {
	p := reflect.New(t.Elem())
	p.Elem().Set(v)
	return p
}

// fromNode reads a value of a file, where kinds have to fit: "8080" is no
// number there.
func (s *setting) fromNode(n Node) (reflect.Value, *misfit) {
	t := s.field.Type()
	if scalar(t) {
		return s.scalarNode(t, n)
	}
	switch {
	case t.Kind() == reflect.Pointer && n.Kind == Null:
		return reflect.Zero(t), nil
	case t.Kind() == reflect.Pointer:
		v, wrong := s.scalarNode(t.Elem(), n)
		if wrong != nil {
			return v, wrong
		}
		return addressOf(t, v), nil
	case t.Kind() == reflect.Slice && n.Kind == Array:
		list := reflect.MakeSlice(t, 0, len(n.Items))
		for _, item := range n.Items {
			v, wrong := s.scalarNode(t.Elem(), item)
			if wrong != nil {
				return list, wrong
			}
			list = reflect.Append(list, v)
		}
		return list, nil
	case t.Kind() == reflect.Map && n.Kind == Table:
		m := reflect.MakeMap(t)
		for _, item := range n.Items {
			if item.Kind != String {
				return m, s.unfitNode(t, item)
			}
			setPair(m, item.Key, item.Text)
		}
		return m, nil
	}
	return reflect.Zero(t), s.unfitNode(t, n)
}

func (s *setting) scalarNode(t reflect.Type, n Node) (reflect.Value, *misfit) {
	if !fits(t, n.Kind) {
		return reflect.Zero(t), s.unfitNode(t, n)
	}
	v, ok, why := parseScalar(t, n.Text)
	if !ok {
		wrong := s.unfit(t, n.Text, why)
		wrong.line = n.Line
		if n.Kind == Number && !s.secret {
			wrong.got = n.Text
		}
		return v, wrong
	}
	return v, nil
}

func (s *setting) unfitNode(t reflect.Type, n Node) *misfit {
	wrong := &misfit{line: n.Line, got: n.Kind.describe(), want: wanted(t)}
	if (n.Kind == String || n.Kind == Number || n.Kind == Bool) && !s.secret {
		wrong.got = "the " + strings.TrimPrefix(strings.TrimPrefix(n.Kind.describe(), "a "), "an ") + " "
		if n.Kind == String {
			wrong.got += fmt.Sprintf("%q", redact(n.Text))
		} else {
			wrong.got += n.Text
		}
	}
	return wrong
}
