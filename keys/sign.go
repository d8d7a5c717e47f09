package keys

import (
	"crypto/hmac"
	"crypto/sha256"
)

// Sign returns a signature of data for purpose: 48 characters that may stand
// in a URL, a cookie or a header. The data is not part of it and is not hidden
// by it. Purposes are constants of the program, such as "download". Sign
// panics on an empty ring.
func (r Ring) Sign(purpose string, data []byte) string {
	s := r.writer()
	return encode(s.sign(purpose, data))
}

// Verify returns nil when signature is what a secret of the ring signs data
// with for purpose, else [ErrInvalid]. The comparison takes the same time
// wherever the difference is.
func (r Ring) Verify(purpose string, data []byte, signature string) error {
	raw, ok := decode(signature, idSize+sha256.Size)
	if !ok || len(raw) != idSize+sha256.Size {
		return ErrInvalid
	}
	for _, s := range r.secrets {
		if [idSize]byte(raw) == s.id && hmac.Equal(raw, s.sign(purpose, data)) {
			return nil
		}
	}
	return ErrInvalid
}

// sign returns the id of the secret, so that a reader knows which one to try,
// and the code.
func (s *secret) sign(purpose string, data []byte) []byte {
	h := hmac.New(sha256.New, s.of(purpose).mac)
	h.Write(data)
	return h.Sum(append(make([]byte, 0, idSize+sha256.Size), s.id[:]...))
}
