package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The test binary runs itself as a process that moves money in the database
// that moverEnv names, until it is killed.
const moverEnv = "ASHLAR_SQLITE_TEST_MOVER"

func moveMoney(ctx context.Context, path string) error {
	d, err := db.Open(db.Config{URL: "sqlite:" + path}, sqlite.Driver)
	if err != nil {
		return err
	}
	defer d.Close()
	ctx = db.NewContext(ctx, d)
	for i := 0; ; i++ {
		err := db.Tx(ctx, func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "UPDATE accounts SET amount = amount - 7 WHERE id = ?", i%10); err != nil {
				return err
			}
			_, err := db.Exec(ctx, "UPDATE accounts SET amount = amount + 7 WHERE id = ?", i*7%10)
			return err
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Println("moved"); err != nil {
			return err
		}
	}
}

// TestKilled kills two processes in the middle of their transfers, again and
// again: no money is made or lost, and the file is whole.
func TestKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "money.db")
	d := open(t, "sqlite:"+path)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	_, err := db.Exec(ctx, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT;"+
		"INSERT INTO accounts WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i, 100 FROM n")
	want.NoErr(t, err)
	self, err := os.Executable()
	want.NoErr(t, err)
	for round := range 20 {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				child := exec.CommandContext(ctx, self)
				child.Env = append(os.Environ(), moverEnv+"="+path)
				out, err := child.StdoutPipe()
				if err != nil {
					t.Error(err)
					return
				}
				if err := child.Start(); err != nil {
					t.Error(err)
					return
				}
				lines := bufio.NewScanner(out)
				for range 1 + round%7 {
					if !lines.Scan() || lines.Text() != "moved" {
						t.Errorf("got %q, want a transfer", lines.Text())
					}
				}
				if err := child.Process.Kill(); err != nil {
					t.Error(err)
				}
				_ = child.Wait() // it was killed
			})
		}
		both.Wait()
		sums, err := db.SQL[int](ctx, "SELECT sum(amount) FROM accounts")
		want.NoErr(t, err)
		want.Equal(t, sums[0], 1000)
	}
	changed, err := db.SQL[int](ctx, "SELECT count(*) FROM accounts WHERE amount <> 100")
	want.NoErr(t, err)
	want.Equal(t, changed[0] > 0, true)
	check, err := db.SQL[string](ctx, "PRAGMA integrity_check")
	want.NoErr(t, err)
	want.Equal(t, check, []string{"ok"})
}
