package db

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"
)

// NewUUID returns a UUID of version 7 (RFC 9562) for a row that is made at the
// time now: 36 characters, of which those that were made later sort later, to
// the millisecond, so that an index grows at its end.
func NewUUID(now time.Time) string {
	var u [16]byte
	// It never fails: crypto/rand ends the process first.
	_, _ = rand.Read(u[6:])
	ms := uint64(now.UnixMilli())
	binary.BigEndian.PutUint16(u[0:], uint16(ms>>32))
	binary.BigEndian.PutUint32(u[2:], uint32(ms))
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:])
}
