package httpd_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// heap returns the bytes in use on the heap after what is no longer needed, in
// pools too, was collected.
func heap() int64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// hold has another process open n connections to addr, each of which sends
// raw and reads the answer to each request in it, and keep them. So both sides
// have descriptors of their own. It returns when all have been answered; the
// connections are closed with the test.
func hold(t testing.TB, addr string, n int, raw string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestHolder$")
	cmd.Env = append(os.Environ(), "HTTPD_HOLD="+addr, "HTTPD_HOLD_COUNT="+strconv.Itoa(n), "HTTPD_HOLD_RAW="+raw)
	in, err := cmd.StdinPipe()
	want.NoErr(t, err)
	out, err := cmd.StdoutPipe()
	want.NoErr(t, err)
	want.NoErr(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // it has nothing to say
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	want.NoErr(t, err)
	switch {
	case strings.Contains(line, "too many open files"):
		t.Skipf("the limit of open files is too low for %d connections", n)
	case line != "holding\n":
		t.Fatalf("hold %d connections: %s", n, line)
	}
}

// TestHolder is the other process.
func TestHolder(t *testing.T) {
	addr := os.Getenv("HTTPD_HOLD")
	if addr == "" {
		t.Skip("it is run by tests that need many connections")
	}
	n, _ := strconv.Atoi(os.Getenv("HTTPD_HOLD_COUNT"))
	raw := os.Getenv("HTTPD_HOLD_RAW")
	var kept []net.Conn
	for range n {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			_, err = io.WriteString(c, raw)
		}
		if err == nil && strings.HasSuffix(raw, "\r\n\r\n") {
			_, err = c.Read(make([]byte, 1024))
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		kept = append(kept, c)
	}
	fmt.Println("holding")
	_, _ = io.Copy(io.Discard, os.Stdin)
	for _, c := range kept {
		_ = c.Close()
	}
}

func answersNow(t *testing.T, addr string) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	res, err := client.Get("http://" + addr + "/")
	want.NoErr(t, err)
	want.NoErr(t, res.Body.Close())
	client.CloseIdleConnections()
}

func TestManySlowConnectionsDoNotStopService(t *testing.T) {
	if testing.Short() {
		t.Skip("short: it opens 2,000 connections")
	}
	_, addr := serve(t, helloNative(), httpd.Config{})
	hold(t, addr, 1000, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
	hold(t, addr, 1000, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
	for range 20 {
		answersNow(t, addr)
	}
}

// TestIdleConnections holds 10,000 connections that have had an answer, and
// gates what each of them costs beside its goroutine's stack.
func TestIdleConnections(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it opens 10,000 connections, and the race detector changes what they cost")
	}
	const n = 10_000
	measure := func(t *testing.T, addr string) int64 {
		heapBefore, stackBefore := heap(), stacks()
		hold(t, addr, n, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		waitUntilLean(heapBefore, n)
		perConn := (heap() - heapBefore) / n
		t.Logf("an idle connection takes %d bytes of heap and %d of stack", perConn, (stacks()-stackBefore)/n)
		answersNow(t, addr)
		return perConn
	}
	t.Run("engine", func(t *testing.T) {
		_, addr := serve(t, helloNative(), httpd.Config{})
		if perConn := measure(t, addr); perConn > 4<<10 {
			t.Errorf("got %d bytes, want at most 4 KiB beside the stack", perConn)
		}
	})
	t.Run("net/http, to compare", func(t *testing.T) { measure(t, serveStd(t, helloStd())) })
}

func stacks() int64 {
	runtime.GC() // also shrinks stacks
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.StackInuse)
}

// waitUntilLean waits until the connections have given their buffers back, at
// most a few seconds.
func waitUntilLean(before int64, n int64) {
	deadline := time.NewTimer(5 * time.Second)
	defer deadline.Stop()
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for (heap()-before)/n > 1280 {
		select {
		case <-deadline.C:
			return
		case <-look.C:
		}
	}
}
