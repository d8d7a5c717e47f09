package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"sync"
)

const (
	idSize  = 4
	keySize = 32

	// maxPurposes bounds the cache of a secret. Purposes are constants of the
	// program; should one be built from a request, memory still does not grow.
	maxPurposes = 256
)

// A secret is the input of all derivations, and what was derived so far.
type secret struct {
	id  [idSize]byte // derived too, so it tells nothing about the secret
	prk []byte       // HKDF's pseudorandom key

	mu      sync.RWMutex
	derived map[string]subkeys // by purpose
}

// subkeys serve one purpose of one secret. Both fit concurrent use.
type subkeys struct {
	mac  []byte
	aead cipher.AEAD
}

func newSecret(bytes []byte) (*secret, error) {
	prk, err := hkdf.Extract(sha256.New, bytes, []byte("ashlar/keys/v1"))
	if err != nil {
		return nil, err
	}
	s := &secret{prk: prk, derived: map[string]subkeys{}}
	id, err := hkdf.Expand(sha256.New, prk, "id", idSize)
	if err != nil {
		return nil, err
	}
	copy(s.id[:], id)
	// What can fail fails now: no derivation for a purpose differs from this one.
	if _, err := s.derive(""); err != nil {
		return nil, err
	}
	return s, nil
}

// of returns the keys for purpose. It panics only where newSecret would have
// returned an error.
func (s *secret) of(purpose string) subkeys {
	s.mu.RLock()
	k, ok := s.derived[purpose]
	s.mu.RUnlock()
	if ok {
		return k
	}
	k, err := s.derive(purpose)
	if err != nil {
		panic("keys: derive: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.derived) < maxPurposes {
		s.derived[purpose] = k
	}
	return k
}

func (s *secret) derive(purpose string) (subkeys, error) {
	mac, err := hkdf.Expand(sha256.New, s.prk, "sign/"+purpose, keySize)
	if err != nil {
		return subkeys{}, err
	}
	key, err := hkdf.Expand(sha256.New, s.prk, "seal/"+purpose, keySize)
	if err != nil {
		return subkeys{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return subkeys{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return subkeys{mac: mac, aead: aead}, err
}
