package mariadb_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The test binary runs itself as a process that moves money until it is killed:
// childEnv then holds the URL of the database.
const childEnv = "ASHLAR_MARIADB_TEST_CHILD"

func TestMain(m *testing.M) {
	if url := os.Getenv(childEnv); url != "" {
		child(url)
	}
	os.Exit(m.Run())
}

// child moves money in four goroutines.
func child(url string) {
	d, err := db.Open(db.Config{URL: url}, mariadb.Driver)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ctx := db.NewContext(context.Background(), d)
	for i := range 4 {
		go func() {
			for n := 0; ; n++ {
				// Some are refused: an account has no more, or another transfer
				// was in the way. Those are whole as well.
				_ = transfer(ctx, (i+n)%10, (i*3+n*7+1)%10, 1+n%5)
			}
		}()
	}
	select {}
}

// TestKilledProcess kills processes that move money, some at the same time: the
// money is all there, and it was moved.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	url := realdb.MariaDB(t)
	d := open(t, db.Config{URL: url})
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	fill(t, ctx)
	self, err := os.Executable()
	want.NoErr(t, err)
	for round := range 12 {
		short, cancel := context.WithTimeout(ctx, time.Duration(60+round*15)*time.Millisecond)
		for range 2 {
			cmd := exec.CommandContext(short, self) // which kills it
			cmd.Env = append(os.Environ(), childEnv+"="+url)
			cmd.Stderr = os.Stderr
			want.NoErr(t, cmd.Start())
			defer func() { _ = cmd.Wait() }()
		}
		<-short.Done()
		cancel()
		want.Equal(t, number(t, ctx, sum), 1000)
	}
	if number(t, ctx, "SELECT count(*) FROM accounts WHERE amount <> 100") == 0 {
		t.Error("got no account changed, want transfers")
	}
}
