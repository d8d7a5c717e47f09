// Package keys signs and seals small pieces of text, such as cookies, links
// and form tokens, with a ring of secrets that can be changed while old text is
// still about.
//
//	ring, err := keys.Parse(config.Secrets) // "new,old": the first writes, all read
//	…
//	mac := ring.Sign("download", []byte("films/7"))
//	err = ring.Verify("download", []byte("films/7"), mac)
//
//	text, err := ring.Seal("session", state, []byte(userID))
//	state, err := ring.Open("session", text, []byte(userID))
//
// Every purpose has keys of its own, derived from the secret with HKDF-SHA256
// (RFC 5869), so what was made for one purpose is worthless for another. A
// signature is HMAC-SHA256 (RFC 2104). Sealed text is AES-256-GCM with a random
// nonce of 96 bits: nobody without the ring can read it or change it. Whatever
// does not verify or open is [ErrInvalid] and nothing else, so that an answer
// tells an attacker nothing.
//
// To rotate, put a new secret first and keep the old one until everything that
// it wrote has expired. One secret may seal 2^32 texts for one purpose (NIST SP
// 800-38D, section 8.3): at a thousand texts a second that is 49 days, so a
// purpose that is that busy needs a rotation a month.
//
// Nothing here expires by itself: put the time into what is signed or sealed.
// The package is not for passwords (hash those), for files and other
// large data, or for text that a third party must verify (that takes a public
// key).
package keys
