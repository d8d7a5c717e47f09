// Package validate checks structs by the rules in their fields' tags.
//
//	type OrderIn struct {
//		Email string   `json:"email" validate:"required,max=254,email"`
//		Note  string   `json:"note"  validate:"optional,max=500,text"`
//		Lines []Line   `json:"lines" validate:"min=1,max=50"`
//		Tags  []string `json:"tags"  validate:"max=5,unique,each(slug,max=20)"`
//	}
//
//	func (in *OrderIn) Validate(ctx context.Context) error { … } // what takes more than a field
//
//	var v validate.Validator
//	err := v.Struct(ctx, &in)
//	if errors.Is(err, errs.Invalid) { … err.(validate.Errors).For("lines[2].quantity") … }
//
// # Tags
//
// Rules stand between commas; a parameter follows "=", several are separated by
// spaces. A parameter with a comma, space, parenthesis or quote in it stands in
// single quotes, in which a quote is written twice: `pattern='[a-z]{2,4}'`. A
// field says the first rule that it breaks. A tag is read once, when its struct
// is planned, and a mistake in it is found then.
//
//	required             not the zero value; a pointer: not nil; a slice or map: not empty
//	optional             the zero value keeps all other rules
//	min=1 max=9 len=5    numbers: the value (not len); strings: characters; slices, maps: elements
//	between=1 9          both at once
//	gt=0 gte=0 lt=9 lte=9  numbers; durations are written as 1m30s
//	oneof=draft live     strings and numbers
//	eqfield=Password     like another field of the same struct; nefield is the opposite
//	unique               no element of a slice twice
//	each(…)              rules for each element of a slice, array or map
//	text line            no control characters; text may have lines and tabs
//	alpha alphanum       letters of any alphabet; and digits
//	digits slug          0-9; a-z, 0-9 and single hyphens
//	email url hostname ip uuid date   as the functions in formats.go say
//	pattern='[A-Z]\\d+'  RE2, for the whole string
//	prefix=a suffix=b contains=c
//	-                    nothing: not even what is inside is looked at
//
// Without optional, an empty string is checked like any other: it is no email.
// A nil pointer breaks no rule but required. Strings are always checked for
// being UTF-8 without NUL, in fields without a tag, in slices and in maps too.
// Values in interface fields are not looked at.
//
// # Nesting
//
// Structs, pointers to them, slices, arrays and maps of them are followed, to
// the limits in [Config]. Fields are named as [FieldName] says; fields of an
// embedded struct as if they were its outer struct's.
//
// # Validate methods
//
// A type with a method Validate(context.Context) error checks itself, once its
// rules, and those of everything in it, hold; it may rely on them. It returns
// [Fail], [Errors], several of them joined, or any other error, which ends the
// check and is returned as it is. A method that an embedded struct lends to
// the one around it is called once.
//
// The package is not for changing values (trimming, defaults), and not for
// rules that need a database: those belong into a Validate method.
package validate
