// Package broken does not compile.
package broken

import (
	"github.com/ashlar-go/ashlar/db/internal/reel"
)

var _ = reel.Fims.Where(reel.Films.Stock.GT(0))
