package config

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
)

// hidden is what stands in every output where a secret was.
const hidden = "[secret]"

// A Secret is text that must not be seen: it prints as [secret] with every
// verb of package fmt, in JSON, in other text encodings, and in slog.
//
// Two places cannot be guarded, so keep secrets out of them: unexported fields,
// as package fmt cannot call the methods of their values, and the keys of maps,
// as encoding/json does not.
type Secret string

// Reveal returns the text.
func (s Secret) Reveal() string { return string(s) }

// String returns "[secret]", or "" for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format prints what [Secret.String] returns, whatever the verb: %d and %x
// would otherwise show the text.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprintf(f, "config.Secret(%q)", s.String())
		return
	}
	io.WriteString(f, s.String())
}

// MarshalText returns what [Secret.String] returns. What it writes cannot be
// read back: a secret is not meant to be stored this way.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns what [Secret.String] returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Passwords also hide in text that is no Secret: in the URL of a database
// ("postgres://app:pw@host", "app:pw@tcp(host)/db") and in its parameters.
var (
	userPassword  = regexp.MustCompile(`((?:^|[\s,])(?:[\w+.-]+://)?[^\s:@/]*:)[^\s/]\S*@`)
	slashPassword = regexp.MustCompile(`(://[^\s:@/]*:)\S+@`)
	paramPassword = regexp.MustCompile(`(?i)(\w*(?:password|passwd|pwd|secret|token|api_?key|access_?key)\w*=)[^&;\s]+`)
)

// redact hides what looks like a password inside text. The last @ ends a
// password, so that one with an unescaped @ is hidden whole.
func redact(text string) string {
	text = slashPassword.ReplaceAllString(text, "${1}"+hidden+"@")
	text = userPassword.ReplaceAllString(text, "${1}"+hidden+"@")
	return paramPassword.ReplaceAllString(text, "${1}"+hidden)
}
