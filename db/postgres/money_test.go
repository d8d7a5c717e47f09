package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The test binary runs itself as a process that moves money between the
// accounts of the database that childEnv names, until it is killed.
const childEnv = "ASHLAR_POSTGRES_TEST_CHILD"

func TestMain(m *testing.M) {
	if url := os.Getenv(childEnv); url != "" {
		if err := moveMoney(url); err != nil {
			fmt.Println(err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func moveMoney(url string) error {
	d, err := db.Open(db.Config{URL: url}, postgres.Driver)
	if err != nil {
		return err
	}
	ctx := db.NewContext(context.Background(), d)
	for {
		from, to := rand.IntN(10)+1, rand.IntN(10)+1
		err := db.Tx(ctx, func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "UPDATE notes SET n = n - 7 WHERE id = ?", min(from, to)); err != nil {
				return err
			}
			_, err := db.Exec(ctx, "UPDATE notes SET n = n + 7 WHERE id = ?", max(from, to))
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println("moved")
	}
}

// TestKilled kills a process in the middle of its transfers, again and again:
// no money is made or lost.
func TestKilled(t *testing.T) {
	t.Parallel()
	url := realdb.Postgres(t)
	ctx := fixture(t, url)
	run(t, ctx, "INSERT INTO notes (id, n) SELECT i, 100 FROM generate_series(1, 10) AS i")
	self, err := os.Executable()
	want.NoErr(t, err)
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	for round := range rounds {
		child := exec.CommandContext(t.Context(), self)
		child.Env = append(os.Environ(), childEnv+"="+url)
		out, err := child.StdoutPipe()
		want.NoErr(t, err)
		want.NoErr(t, child.Start())
		lines := bufio.NewScanner(out)
		for range 1 + round%7 {
			want.Equal(t, lines.Scan(), true)
			want.Equal(t, lines.Text(), "moved")
		}
		want.NoErr(t, child.Process.Kill())
		_ = child.Wait()
		want.Equal(t, one(t, ctx, "SELECT sum(n) FROM notes"), 1000)
	}
}
