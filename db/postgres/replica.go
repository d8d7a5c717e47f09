package postgres

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

var _ engine.Replica = (*session)(nil)

// A standby that is connected and has replayed all that it received is not
// behind. Else the age of the last transaction that it replayed says how far it
// is behind at most: while nobody writes, that age grows without meaning it.
const askLag = `SELECT pg_is_in_recovery(), CASE
	WHEN EXISTS (SELECT FROM pg_stat_wal_receiver) AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
	ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END::float8`

// Lag asks a standby how far behind it is.
func (s *session) Lag(ctx context.Context) (time.Duration, error) {
	c, err := s.Query(ctx, askLag, nil)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	row := make([]engine.Value, 2)
	if err := c.Next(ctx, row); err != nil {
		return 0, err
	}
	switch {
	case row[0].Int() == 0:
		return 0, errors.New("postgres: the server is no replica: it is not in recovery")
	case row[1].Kind() == engine.KindNull:
		return 0, errors.New("postgres: the replica does not say how far behind it is: it is cut off, and has replayed nothing")
	}
	return time.Duration(math.Ceil(row[1].Float()*1e3)) * time.Millisecond, nil
}
