package sessiontest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/session"
)

func roundTrip(s *suite) {
	c := fresh("a", `1`, "b", `{"text":"\u0000 é \\ \" 日本"}`)
	cookie := s.save("", c)
	same(s, s.load(cookie), c.Record)
	s.holds(cookie, `{"a":1,"b":{"text":"\u0000 é \\ \" 日本"}}`)

	other := s.save("", fresh("a", `2`))
	if other == cookie {
		s.Error("two sessions got the same cookie")
	}
	s.holds(cookie, `{"a":1,"b":{"text":"\u0000 é \\ \" 日本"}}`)
	s.holds(other, `{"a":2}`)
	s.holds(s.save("", fresh()), `{}`)
}

func unknown(s *suite) {
	cookie := s.save("", fresh("a", `1`))
	for what, text := range map[string]string{
		"nothing": "", "a word": "admin", "the first half": cookie[:len(cookie)/2], "one byte less": cookie[:len(cookie)-1],
		"one byte more": cookie + "A", "twice": cookie + cookie, "a padded one": cookie + "=", "one with a space": cookie + " ",
		"one in upper case": strings.ToUpper(cookie), "SQL": "' OR 1=1 --", "no UTF-8": "\xff\xfe", "NUL": "\x00",
		"43 characters": strings.Repeat("A", 43), "a long one": strings.Repeat("A", 8000),
	} {
		s.none(what, text, now)
	}
	s.holds(cookie, `{"a":1}`)
}

func altered(s *suite) {
	cookie := s.save("", fresh("a", `1`))
	for i := range len(cookie) {
		for _, b := range []byte{'A', 'B', cookie[i] ^ 1, cookie[i] ^ 0x20} {
			if b == cookie[i] {
				continue
			}
			text := cookie[:i] + string(rune(b)) + cookie[i+1:]
			s.none(fmt.Sprintf("with byte %d %q", i, b), text, now)
		}
	}
	s.holds(cookie, `{"a":1}`)
}

func expiry(s *suite) {
	c := fresh("a", `1`)
	cookie := s.save("", c)
	if _, err := s.Load(s.ctx, cookie, c.Record.Expires.Add(-time.Microsecond)); err != nil {
		s.Errorf("just before it expires: got error %v, want none", err)
	}
	s.none("at its end", cookie, c.Record.Expires)
	s.none("long after its end", cookie, c.Record.Expires.AddDate(10, 0, 0))

	later := with(c)
	later.Record.Seen, later.Record.Expires = now.Add(time.Minute), c.Record.Expires.Add(time.Hour)
	moved := s.save(cookie, later)
	same(s, s.load(moved), later.Record)
	s.holds(moved, `{"a":1}`)
	if _, err := s.Load(s.ctx, moved, c.Record.Expires); err != nil {
		s.Errorf("at its old end: got error %v, want none", err)
	}
	s.none("at its new end", moved, later.Record.Expires)
}

func change(s *suite) {
	c := fresh("a", `1`, "b", `2`)
	cookie := s.save("", c)
	c = with(c, "a", `"one"`, "b", "", "c", `[3]`, "gone", "")
	cookie = s.save(cookie, c)
	s.holds(cookie, `{"a":"one","c":[3]}`)
	same(s, s.load(cookie), c.Record)
	c = with(c, "a", "", "c", "")
	s.holds(s.save(cookie, c), `{}`)
}

func rotate(s *suite) {
	c := fresh("a", `1`)
	cookie := s.save("", c)
	c = with(c, "b", `2`)
	c.Rotate, c.Record.CSRF = true, []byte("another secret..")
	next := s.save(cookie, c)
	if next == cookie {
		s.Error("the cookie did not change")
	}
	same(s, s.load(next), c.Record)
	s.holds(next, `{"a":1,"b":2}`)
}

func limit(s *suite) {
	most := s.Limit()
	if most < 1<<10 {
		s.Errorf("got limit %d, want 1 KiB or more", most)
	}
	fill := func(size int) session.Change {
		c := fresh("big", `""`)
		pad := size - c.Record.Values.Size()
		return with(c, "big", `"`+strings.Repeat("x", pad)+`"`)
	}
	c := fill(most)
	cookie := s.save("", c)
	s.holds(cookie, `{"big":`+string(c.Record.Values["big"])+`}`)

	for _, to := range []string{"", cookie} {
		var tooLarge *session.LimitError
		_, err := s.Save(s.ctx, to, fill(most+1), now)
		if !errors.As(err, &tooLarge) || tooLarge.Key != "big" || tooLarge.Got != most+1 || tooLarge.Limit != most {
			s.Errorf("one byte more: got error %v, want a *LimitError that names the key", err)
		}
	}
	s.holds(cookie, `{"big":`+string(c.Record.Values["big"])+`}`)
}

// untouched: a driver does not change what it is given.
func untouched(s *suite) {
	c := fresh("a", `1`)
	cookie := s.save("", c)
	before, err := json.Marshal(c)
	if err != nil {
		s.Fatal(err)
	}
	loaded := s.load(cookie)
	loaded.Values["b"] = json.RawMessage(`2`) // the caller's to change
	s.save(cookie, c)
	after, err := json.Marshal(c)
	if err != nil {
		s.Fatal(err)
	}
	if string(after) != string(before) {
		s.Errorf("got %s, want %s", after, before)
	}
	s.holds(cookie, `{"a":1}`)
}
