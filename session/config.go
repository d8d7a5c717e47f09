package session

import (
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/errs"
)

// Config is the configuration of the module, section "session".
type Config struct {
	// Idle ends a session that no request came for. Defaults to 7 days.
	Idle time.Duration `default:"168h" min:"1m" doc:"time without a request after which a session ends"`

	// Absolute ends a session that long after it began, however busy it is.
	// Defaults to 30 days.
	Absolute time.Duration `default:"720h" min:"1m" doc:"time after which a session ends in any case"`

	// Touch is how often, at most, a request that changes nothing writes down
	// that the session is in use: a session may end that much too early.
	// Defaults to 1 min.
	Touch time.Duration `default:"1m" min:"1s" doc:"least time between two notes that a session is in use"`
}

// Validate reports what does not fit together.
func (c *Config) Validate() error {
	var problems errs.List
	if c.Absolute < c.Idle {
		problems.Add(fmt.Errorf("absolute: must be idle (%v) or more, got %v", c.Idle, c.Absolute))
	}
	if c.Touch >= c.Idle {
		problems.Add(fmt.Errorf("touch: must be less than idle (%v), got %v", c.Idle, c.Touch))
	}
	return problems.Err()
}

// expires returns when a session ends that began at created and was in use at
// seen.
func (c *Config) expires(created, seen time.Time) time.Time {
	idle, absolute := seen.Add(c.Idle), created.Add(c.Absolute)
	if absolute.Before(idle) {
		return absolute
	}
	return idle
}
