package validate

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// class is what sort of type a rule is for.
type class uint8

const (
	classString class = 1 << iota
	classNumber       // integers, floats, time.Duration
	classList         // slices, arrays, maps
	classOther

	classAny = classString | classNumber | classList | classOther
)

// suffix is the end of a message's key for a single class.
func (c class) suffix() string {
	switch c {
	case classString:
		return ".string"
	case classNumber:
		return ".number"
	}
	return ".list"
}

// String names the types of one or more classes.
func (c class) String() string {
	var types []string
	if c&classString != 0 {
		types = append(types, "strings")
	}
	if c&classNumber != 0 {
		types = append(types, "numbers")
	}
	if c&classList != 0 {
		types = append(types, "slices, arrays and maps")
	}
	return strings.Join(types, ", ")
}

func classOf(t reflect.Type) class {
	switch k := t.Kind(); {
	case k == reflect.String:
		return classString
	case reflect.Int <= k && k <= reflect.Uint64, k == reflect.Float32, k == reflect.Float64:
		return classNumber
	case k == reflect.Slice, k == reflect.Array, k == reflect.Map:
		return classList
	}
	return classOther
}

// target is the place that a rule is made for.
type target struct {
	typ   reflect.Type
	class class
	owner reflect.Type // the struct around
}

// definition is a built-in rule.
type definition struct {
	on       class  // what it is for
	byClass  bool   // it means another thing, and has another message, for each class
	names    bool   // its parameter is a field
	min, max int    // how many parameters
	of       string // what it is for in words, where on says too much
	make     func(t target, params []string) (test, error)
}

// errMisfit says that a rule is not for a type.
var errMisfit = errors.New("does not fit")

const (
	anyNumber   = 1 << 10 // of parameters
	comparables = "types that == compares by value"
)

func (d definition) prepare(t target, params []string) (test, error) {
	if d.on&t.class == 0 {
		return nil, errMisfit
	}
	if err := countParams(d.min, d.max, len(params)); err != nil {
		return nil, err
	}
	return d.make(t, params)
}

func countParams(low, high, got int) error {
	switch {
	case got >= low && got <= high:
		return nil
	case high == 0:
		return errors.New("takes no parameter")
	case got < low && low == 1:
		return errors.New("takes a parameter, got none")
	case got > high && high == 1:
		return fmt.Errorf("takes one parameter, got %d: quote one that holds a space", got)
	}
	return fmt.Errorf("takes %d parameters, got %d", low, got)
}

// builtin has the rules but required, optional and each, which the planner
// knows itself. It is read only.
var builtin = map[string]definition{
	"min":     {on: classString | classNumber | classList, byClass: true, min: 1, max: 1, make: bound(atLeast)},
	"max":     {on: classString | classNumber | classList, byClass: true, min: 1, max: 1, make: bound(atMost)},
	"len":     {on: classString | classList, byClass: true, min: 1, max: 1, make: bound(exactly)},
	"between": {on: classString | classNumber | classList, byClass: true, min: 2, max: 2, make: between},
	"gt":      {on: classNumber, min: 1, max: 1, make: bound(above)},
	"gte":     {on: classNumber, min: 1, max: 1, make: bound(atLeast)},
	"lt":      {on: classNumber, min: 1, max: 1, make: bound(below)},
	"lte":     {on: classNumber, min: 1, max: 1, make: bound(atMost)},

	"oneof":   {on: classString | classNumber, min: 1, max: anyNumber, make: oneOf},
	"eqfield": {on: classAny, of: comparables, names: true, min: 1, max: 1, make: sameAs(true)},
	"nefield": {on: classAny, of: comparables, names: true, min: 1, max: 1, make: sameAs(false)},
	"unique":  {on: classList, of: "slices and arrays of " + comparables, make: unique},

	"email":    {on: classString, make: format(isEmail)},
	"url":      {on: classString, make: format(isURL)},
	"slug":     {on: classString, make: format(isSlug)},
	"alpha":    {on: classString, make: format(isAlpha)},
	"alphanum": {on: classString, make: format(isAlphanum)},
	"digits":   {on: classString, make: format(isDigits)},
	"uuid":     {on: classString, make: format(isUUID)},
	"date":     {on: classString, make: format(isDate)},
	"ip":       {on: classString, make: format(isIP)},
	"hostname": {on: classString, make: format(isHostname)},
	"text":     {on: classString, make: format(isText)},
	"line":     {on: classString, make: format(isLine)},
	"pattern":  {on: classString, min: 1, max: 1, make: pattern},
	"prefix":   {on: classString, min: 1, max: 1, make: affix(hasPrefix)},
	"suffix":   {on: classString, min: 1, max: 1, make: affix(hasSuffix)},
	"contains": {on: classString, min: 1, max: 1, make: affix(contains)},
}

// nearest returns the rule whose name is most like name, or "" if none is.
func (v *Validator) nearest(name string) string {
	best, distance := "", 3
	known := []string{"required", "optional", "each"}
	known = slices.AppendSeq(known, maps.Keys(builtin))
	known = slices.AppendSeq(known, maps.Keys(v.rules))
	slices.Sort(known) // ties go to the first in the alphabet
	for _, rule := range known {
		if d := editDistance(name, rule); d < distance && d < len(rule) {
			best, distance = rule, d
		}
	}
	return best
}

// editDistance is Levenshtein's, for short words: beyond 32 bytes it says 32.
func editDistance(a, b string) int {
	if len(a) > 32 || len(b) > 32 {
		return 32
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
