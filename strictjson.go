package ashlar

import (
	"errors"
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/strictjson"
)

// jsonDepth bounds how deep a JSON body may nest.
const jsonDepth = 64

// checkJSON refuses what encoding/json lets pass although two readers could
// understand it differently: a key that an object holds twice, also in other
// letter case, bytes that are not UTF-8, and nesting beyond jsonDepth. What is
// no JSON at all (RFC 8259) is refused as well, with the place.
func checkJSON(b []byte) error {
	err := strictjson.Check(b, jsonDepth)
	if err == nil {
		return nil
	}
	var e *strictjson.Error
	errors.As(err, &e) // Check has no other
	switch e.Fault {
	case strictjson.NotUTF8:
		return errs.Malformed.New("The JSON body is not UTF-8.")
	case strictjson.TooDeep:
		return errs.Malformed.Errorf("The JSON body nests deeper than %d levels.", jsonDepth)
	case strictjson.KeyTwice:
		return errs.Malformed.Errorf("The JSON body holds the key %q twice.", printable(e.Key))
	}
	return errs.Malformed.Wrap(err, fmt.Sprintf("The body is no valid JSON: %s.", err))
}
