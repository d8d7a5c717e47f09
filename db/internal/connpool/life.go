package connpool

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"
)

// A Life is what a [Lane] notes of a connection, which embeds it.
type Life struct {
	timer *time.Timer
	over  atomic.Bool // it has been open for long enough
}

// Held returns l.
func (l *Life) Held() *Life { return l }

// begin starts the connection's life. Connections that were opened together,
// as after a restart of the server, do not end together.
func (l *Life) begin(lifetime time.Duration) {
	if lifetime > 0 {
		l.timer = time.AfterFunc(lifetime-upTo(lifetime/10), func() { l.over.Store(true) })
	}
}

func (l *Life) end() {
	if l.timer != nil {
		l.timer.Stop()
	}
}

// upTo returns a random duration of 0 to d.
func upTo(d time.Duration) time.Duration {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // it never fails: crypto/rand ends the process first
	return time.Duration(binary.LittleEndian.Uint64(raw[:]) % uint64(d+1))
}
