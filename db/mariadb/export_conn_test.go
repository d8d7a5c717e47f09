package mariadb

import (
	"context"
	"database/sql/driver"
	"errors"
)

var noContext = context.Background()

// noConnection is a connection to nowhere.
type noConnection struct{ connection }

var errNowhere = errors.New("no server")

func (noConnection) Prepare(string) (driver.Stmt, error) { return nil, errNowhere }
