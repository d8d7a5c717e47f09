package config

import (
	"strings"
	"unicode"
)

// rootPrefix begins the variables of the root section.
const rootPrefix = "ASHLAR"

// snake turns a Go name into a key: PoolSize into pool_size, HTTPPort into
// http_port.
func snake(name string) string {
	runes := []rune(name)
	var b strings.Builder
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			afterLower := !unicode.IsUpper(runes[i-1]) && runes[i-1] != '_'
			beforeLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if afterLower || beforeLower && runes[i-1] != '_' {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// validName reports whether name can be a section or one step of a key: it
// has to survive the way into a variable's name and back.
func validName(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != ""
}

// variable returns the environment variable of a key: DB_POOL_SIZE for
// db.pool_size, ASHLAR_ADDR for the root section's addr.
func variable(section, key string) string {
	if section == "" {
		key = rootPrefix + "." + key
	}
	return strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// nearest returns the name among names that a person most likely meant by
// typed, or "". The first of equally near ones wins.
func nearest(typed string, names []string) string {
	plain := plainName(typed)
	limit := max(1, len(plain)/3)
	best, bestDistance := "", limit+1
	for _, name := range names {
		if d := distance(plain, plainName(name), limit); d < bestDistance {
			best, bestDistance = name, d
		}
	}
	if best != "" {
		return best
	}
	// The right name in the wrong section, or without one.
	for _, name := range names {
		if plainName(lastStep(name)) == plainName(lastStep(typed)) {
			return name
		}
	}
	return ""
}

// plainName drops what people vary without thinking: case, hyphens, lines.
func plainName(name string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
}

func lastStep(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment). Names whose
// lengths differ by more than limit are not compared.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := []int(nil), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, make([]int, len(b)+1)
	}
	return last[len(b)]
}
