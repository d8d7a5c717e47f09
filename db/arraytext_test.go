package db_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/internal/want"
)

// FuzzArray: what is read of an array's text is written as a text that is read
// the same, and values of any kind come back as they were.
func FuzzArray(f *testing.F) {
	for _, s := range []string{"{}", `{a,"b c",NULL}`, `[0:1]={a,b}`, `{{1},{2}}`, `{"\\\"",","}`, `{a,}`, `{"a`, "{\"\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if list, err := db.SplitArray(s); err == nil && utf8.ValidString(s) && !strings.Contains(s, "\x00") {
			again, err := db.SplitArray(db.EncodeArray(list).Text())
			want.NoErr(t, err)
			want.Equal(t, again, list)
		}
		if utf8.ValidString(s) && !strings.Contains(s, "\x00") {
			list := []string{s, "", s + `"`, `\` + s}
			again, err := db.SplitArray(db.EncodeArray(list).Text())
			want.NoErr(t, err)
			want.Equal(t, again, list)
		}
	})
}
