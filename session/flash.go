package session

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/keys"
)

// A Flash is a message for the next page that the visitor sees.
type Flash struct {
	Kind string `json:"k"` // such as "info" or "error", for the page's style
	Text string `json:"t"`
}

const (
	// flashPrefix begins the keys of flashes: no name of a Key holds a slash.
	// Each flash has a key of its own, so that two requests lose none.
	flashPrefix = "flash/"
	// maxFlashes is how many wait at most; the oldest make room.
	maxFlashes = 20
)

// AddFlash leaves a message for the next page that asks for [Flashes], most
// often the one that this request redirects to. Of more than 20 that nobody
// asked for the oldest are dropped. Errors are those of [Key.Set].
func AddFlash(ctx context.Context, kind, text string) error {
	s, err := use(ctx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(Flash{kind, text})
	if err != nil {
		return err
	}
	return s.addFlash(raw)
}

// Flashes returns the messages that wait, oldest first, and removes them: each
// is shown once. Those that a request took which then ended in an internal
// error wait for the next one. Outside of a request with a session, and after
// it was answered, there are none.
func Flashes(ctx context.Context) []Flash {
	s, ok := from(ctx)
	if !ok {
		return nil
	}
	return s.takeFlashes()
}

func (s *state) addFlash(raw json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := s.flashKeys()
	// By time, then by the order within the request; the rest keeps the
	// flashes of requests of the same moment apart.
	key := fmt.Sprintf("%s%014x%04x%s", flashPrefix, s.now().UnixMicro(), s.flashes, keys.Token(16)[:6])
	if err := s.setLocked(key, raw); err != nil {
		return err
	}
	s.flashes++
	for ; len(waiting) >= maxFlashes; waiting = waiting[1:] {
		s.removeLocked(waiting[0])
	}
	return nil
}

func (s *state) takeFlashes() []Flash {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read()
	if s.closed {
		return nil
	}
	var list []Flash
	for _, key := range s.flashKeys() {
		var f Flash
		if err := json.Unmarshal(s.record.Values[key], &f); err == nil {
			list = append(list, f)
		}
		s.removeLocked(key)
	}
	return list
}

// flashKeys returns the keys of the flashes that wait, oldest first.
func (s *state) flashKeys() []string {
	if s.record == nil {
		return nil
	}
	var list []string
	for key := range s.record.Values {
		if strings.HasPrefix(key, flashPrefix) {
			list = append(list, key)
		}
	}
	slices.Sort(list)
	return list
}
