package keys

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

const (
	// MinSecret is the fewest bytes that a secret may have.
	MinSecret = 32
	// MaxSecret is the most bytes that a secret may have.
	MaxSecret = 1024
	// MaxSecrets is the most secrets that a ring may hold.
	MaxSecrets = 16
	// MaxSealed is the most bytes that [Ring.Seal] takes.
	MaxSealed = 1 << 20
)

// ErrInvalid says that a text was not signed or sealed by this ring for this
// purpose and this data, or was changed since. It is of kind errs.Malformed.
var ErrInvalid = errs.Malformed.Wrap(errors.New("keys: not signed or sealed by this ring for this use"), "")

// A Ring holds secrets: the first signs and seals, all of them verify and
// open. It is safe for concurrent use, and so are its copies, which share what
// they derived. A Ring prints, marshals and logs as the ids of its secrets,
// never as the secrets. The zero Ring is empty: nothing verifies or opens.
type Ring struct {
	secrets []*secret
}

// New returns a ring of the given secrets, of MinSecret to MaxSecret random
// bytes each. The secrets may be overwritten afterwards. The error is a
// *errs.Setup and does not quote them.
func New(secrets ...[]byte) (*Ring, error) {
	if len(secrets) == 0 || len(secrets) > MaxSecrets {
		return nil, &errs.Setup{
			Code: "A1420",
			What: fmt.Sprintf("keys: a ring needs 1 to %d secrets, got %d", MaxSecrets, len(secrets)),
			Mend: "give it at least one; keys.Generate makes one",
		}
	}
	ring := new(Ring)
	for i, bytes := range secrets {
		if len(bytes) < MinSecret || len(bytes) > MaxSecret {
			return nil, &errs.Setup{
				Code: "A1420",
				What: fmt.Sprintf("keys: secret %d has %d bytes, not %d to %d", i+1, len(bytes), MinSecret, MaxSecret),
				Mend: "make one with keys.Generate; a password or a phrase is not a secret",
			}
		}
		s, err := newSecret(bytes)
		if err != nil {
			return nil, fmt.Errorf("keys: derive from secret %d: %w", i+1, err)
		}
		ring.secrets = append(ring.secrets, s)
	}
	return ring, nil
}

// Parse returns the ring of a comma-separated list of secrets in base64, in
// either alphabet, padded or not, as [Generate] makes them. Spaces and line
// ends around a secret do not count. The error is a *errs.Setup and does not
// quote the list.
func Parse(list string) (*Ring, error) {
	var secrets [][]byte
	for i, text := range strings.Split(list, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			return nil, unreadable(i, "is empty")
		}
		bytes, err := decodeSecret(text)
		if err != nil {
			return nil, unreadable(i, "is not base64") // err would quote a part of it
		}
		secrets = append(secrets, bytes)
	}
	return New(secrets...)
}

func unreadable(i int, why string) error {
	return &errs.Setup{
		Code: "A1421",
		What: fmt.Sprintf("keys: secret %d of the list %s", i+1, why),
		Mend: "write secrets as base64 with commas between them, the newest first",
	}
}

func decodeSecret(text string) ([]byte, error) {
	text = strings.TrimRight(text, "=")
	text = strings.NewReplacer("+", "-", "/", "_").Replace(text)
	return base64.RawURLEncoding.DecodeString(text)
}

// UnmarshalText reads what [Parse] reads, so a Ring can be a field of a
// configuration. It must not be called while the ring is in use.
func (r *Ring) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	r.secrets = parsed.secrets
	return nil
}

// writer returns the secret that signs and seals.
func (r Ring) writer() *secret {
	if len(r.secrets) == 0 {
		panic("keys: the ring is empty: make it with keys.New or keys.Parse")
	}
	return r.secrets[0]
}
