package validate

// MessageKeys returns the key of each built-in rule for each class of type that
// it is for, so that a test can ask for all of their messages.
func MessageKeys() []string {
	keys := []string{"required", "utf8", "depth", "elements"}
	for name, def := range builtin {
		if !def.byClass {
			keys = append(keys, name)
			continue
		}
		for _, c := range []class{classString, classNumber, classList} {
			if def.on&c != 0 {
				keys = append(keys, name+c.suffix())
			}
		}
	}
	return keys
}

// ParseTag lets the fuzz test read tags without a struct.
var ParseTag = parseTag
