package mariadb

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

var _ engine.Replica = (*session)(nil)

// Lag asks a replica how far behind it is. The server counts whole seconds,
// and the next one has begun. Its user needs the privilege REPLICA MONITOR, on
// MySQL REPLICATION CLIENT.
func (s *session) Lag(ctx context.Context) (time.Duration, error) {
	const ask = "SHOW REPLICA STATUS"
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	stop := s.watch(ctx)
	status, err := s.record(ask)
	if err := s.unwatch(ctx, stop, ask, err); err != nil {
		return 0, err
	}
	if status == nil {
		return 0, errors.New("mariadb: the server is no replica")
	}
	behind := status["Seconds_Behind_Master"] + status["Seconds_Behind_Source"]
	seconds, err := strconv.Atoi(behind)
	if err != nil {
		return 0, errors.New("mariadb: the replica is cut off, or its replication has stopped")
	}
	return time.Duration(seconds+1) * time.Second, nil
}

// record returns the first row of what a statement answers by the names of its
// columns, nil if there is none. NULLs are left out.
func (s *session) record(sql string) (map[string]string, error) {
	rows, err := s.conn.Query(sql, nil)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(rows.Columns())
	values := make([]driver.Value, len(names))
	var found map[string]string
	for {
		if err = rows.Next(values); err != nil {
			break
		}
		if found != nil {
			continue
		}
		found = map[string]string{}
		for i, v := range values {
			if v != nil {
				found[names[i]] = text(v)
			}
		}
	}
	if err != io.EOF {
		return nil, errors.Join(err, rows.Close())
	}
	return found, rows.Close()
}
