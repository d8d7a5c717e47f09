package config_test

import (
	"math"
	"testing"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestSize(t *testing.T) {
	t.Parallel()
	for text, size := range map[string]config.Size{
		"0": 0, "4096": 4096, "1B": 1, "512KB": 512_000, "512kB": 512_000, "10MiB": 10 << 20,
		"1 GiB": 1 << 30, " 2tib ": 2 << 40, "3MB": 3_000_000, "4GB": 4_000_000_000, "1TB": 1_000_000_000_000,
		"9223372036854775807": math.MaxInt64, "8388607TiB": 8388607 << 40,
	} {
		var got config.Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != size {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, size)
		}
		back, err := got.MarshalText()
		want.NoErr(t, err)
		var again config.Size
		want.NoErr(t, again.UnmarshalText(back))
		want.Equal(t, again, got)
	}
	for _, text := range []string{"", "B", "KB", "-1", "1.5MiB", "10M", "10K", "1e3", "1KiBB", "0x10", "1_000",
		"9223372036854775808", "8388608TiB", "9007199254740992KiB", "١"} {
		var got config.Size
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got %d, want an error", text, got)
		}
	}
}

func TestSizeString(t *testing.T) {
	t.Parallel()
	for size, text := range map[config.Size]string{
		0: "0B", 1000: "1000B", config.KiB: "1KiB", 1536 * config.KiB: "1536KiB",
		10 * config.MiB: "10MiB", config.GiB: "1GiB", 5 * config.TiB: "5TiB",
	} {
		want.Equal(t, size.String(), text)
	}
}
