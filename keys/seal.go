package keys

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// Sealed text is base64url, without padding, of
//
//	version (1 byte) | id of the secret (4) | nonce (12) | ciphertext | tag (16)
//
// and version, id and the caller's context are authenticated with it.
const (
	version    = 1
	headerSize = 1 + idSize
	overhead   = headerSize + 12 + 16
)

var errTooLong = errors.New("keys: seal: plaintext is over keys.MaxSealed bytes")

// Seal encrypts plaintext for purpose and returns it as text that may stand in
// a URL, a cookie or a header: 44 characters, and 4 for every 3 bytes. The same
// plaintext gives another text each time. [Ring.Open] gives the plaintext back
// to whoever names the same purpose and the same context: what the text belongs
// to, such as the user's id; it may be nil, and is not part of the text. The
// length of the plaintext is not hidden.
//
// The error is of kind errs.TooLarge: the plaintext is over MaxSealed bytes.
// Seal panics on an empty ring.
func (r Ring) Seal(purpose string, plaintext, context []byte) (string, error) {
	if len(plaintext) > MaxSealed {
		return "", errs.TooLarge.Wrap(errTooLong, "")
	}
	s := r.writer()
	text := make([]byte, headerSize, overhead+len(plaintext))
	text[0] = version
	copy(text[1:], s.id[:])
	data := authenticated(text, context)
	return encode(s.of(purpose).aead.Seal(text, nil, plaintext, data)), nil
}

// Open returns the plaintext of what [Ring.Seal] returned for the same purpose
// and context, under any secret of the ring, else [ErrInvalid].
func (r Ring) Open(purpose, text string, context []byte) ([]byte, error) {
	raw, ok := decode(text, overhead+MaxSealed)
	if !ok || len(raw) < overhead || raw[0] != version {
		return nil, ErrInvalid
	}
	header, sealed := raw[:headerSize], raw[headerSize:]
	data := authenticated(header, context)
	for _, s := range r.secrets {
		if [idSize]byte(header[1:]) != s.id {
			continue
		}
		// Two secrets may share an id by chance, hence the loop goes on.
		if plaintext, err := s.of(purpose).aead.Open(nil, nil, sealed, data); err == nil {
			return plaintext, nil
		}
	}
	return nil, ErrInvalid
}

func authenticated(header, context []byte) []byte {
	return append(append(make([]byte, 0, len(header)+len(context)), header...), context...)
}

// encoding is strict: no two texts stand for the same bytes.
var encoding = base64.RawURLEncoding.Strict()

func encode(raw []byte) string { return encoding.EncodeToString(raw) }

// decode refuses what stands for more than limit bytes before it allocates.
func decode(text string, limit int) ([]byte, bool) {
	if len(text) > encoding.EncodedLen(limit) || strings.ContainsAny(text, "\r\n") {
		return nil, false // base64 would skip line ends
	}
	raw, err := encoding.DecodeString(text)
	return raw, err == nil
}
