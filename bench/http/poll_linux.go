package main

import (
	"errors"
	"fmt"
	"net/netip"
	"runtime"

	"golang.org/x/sys/unix"
)

// A poll waits for many connections at once.
type poll struct {
	fd     int
	events []unix.EpollEvent
}

func newPoll() (*poll, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create epoll: %w", err)
	}
	return &poll{fd, make([]unix.EpollEvent, 256)}, nil
}

// dial opens a connection to an address of IPv4; wait will tell of it under
// index.
func (p *poll) dial(addr string, index int) (int, error) {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return 0, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("open socket: %w", err)
	}
	err = errors.Join(
		unix.Connect(fd, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}),
		unix.SetNonblock(fd, true),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(index)}))
	if err != nil {
		return 0, errors.Join(err, unix.Close(fd))
	}
	return fd, nil
}

// wait returns how many connections can be read; index tells which. It may be
// none, after a second.
func (p *poll) wait() (int, error) {
	n, err := unix.EpollWait(p.fd, p.events, 1000)
	if errors.Is(err, unix.EINTR) {
		return 0, nil
	}
	return n, err
}

func (p *poll) index(i int) int { return int(p.events[i].Fd) }

func (p *poll) close() error { return unix.Close(p.fd) }

func closeConn(fd int) error { return unix.Close(fd) }

func writeConn(fd int, b []byte) (int, error) {
	for {
		n, err := unix.Write(fd, b)
		if err != unix.EINTR { //nolint:errorlint // an errno as it is
			return n, err
		}
	}
}

// readConn returns -1 when there is nothing to read.
func readConn(fd int, b []byte) (int, error) {
	n, err := unix.Read(fd, b)
	if err == unix.EAGAIN || err == unix.EINTR { //nolint:errorlint // an errno as it is
		return -1, nil
	}
	return n, err
}

// Where there are two cores or more, servers have one and the client has
// another: neither takes the other's caches and time.
const (
	serverCore = 0
	clientCore = 1
)

// useCore keeps the goroutine's thread, and processes that it starts, on a
// core until what it returns is called. It is a matter of less noise only, so
// a system that does not let us is none the worse.
func useCore(core int) (release func()) {
	var before, one unix.CPUSet
	if runtime.NumCPU() < 2 || unix.SchedGetaffinity(0, &before) != nil || before.Count() < 2 {
		return func() {}
	}
	one.Set(nth(&before, core))
	runtime.LockOSThread()
	_ = unix.SchedSetaffinity(0, &one)
	return func() {
		_ = unix.SchedSetaffinity(0, &before)
		runtime.UnlockOSThread()
	}
}

// nth returns the core number n of those that we may use.
func nth(set *unix.CPUSet, n int) int {
	for cpu := 0; ; cpu++ {
		if !set.IsSet(cpu) {
			continue
		}
		if n == 0 {
			return cpu
		}
		n--
	}
}
