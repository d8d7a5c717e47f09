package keys

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// minToken is 128 bits, which nobody guesses (ASVS 7.2.3).
const minToken = 16

// Generate returns a new secret in the text form that [Parse] reads: 32 random
// bytes in 43 characters.
func Generate() string { return Token(MinSecret) }

// Token returns n random bytes as text that may stand in a URL: 4 characters
// for every 3 bytes, without padding. Fewer than 16 bytes are guessable, so n
// under 16 is taken as 16.
func Token(n int) string {
	raw := make([]byte, max(n, minToken))
	rand.Read(raw) // never fails: the process ends instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Equal reports whether a and b are the same, in a time that tells nothing
// about either but its length. It is for comparing tokens.
func Equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
