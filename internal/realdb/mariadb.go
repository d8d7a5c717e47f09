package realdb

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// MariaDBEnv names the variable with the URL of a MariaDB server, such as
// "mariadb://root@127.0.0.1:3306/": its user may make databases.
const MariaDBEnv = "ASHLAR_TEST_MARIADB_URL"

// mariaDB starts the server of this process at the first call, and holds on to
// it: a server that is forgotten ends.
var mariaDB = sync.OnceValues(func() (*MariaDBServer, error) {
	if text := os.Getenv(MariaDBEnv); text != "" {
		u, err := url.Parse(text)
		return &MariaDBServer{URL: u}, err
	}
	return StartMariaDB()
})

var mariaNames atomic.Int64 // of databases

// MariaDB returns the URL of an empty database for one test.
func MariaDB(t testing.TB) string {
	t.Helper()
	server, err := mariaDB()
	if err != nil {
		skip(t, fmt.Sprintf("no MariaDB: %v; install mariadb-server or set %s", err, MariaDBEnv))
	}
	name := fmt.Sprintf("ashlar_%d_%d", os.Getpid(), mariaNames.Add(1))
	query := func(sql string) {
		if err := mariaExec(server.URL, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	query("CREATE DATABASE " + name + " CHARACTER SET utf8mb4")
	t.Cleanup(func() { query("DROP DATABASE " + name) })
	u := *server.URL
	u.Path = "/" + name
	return u.String()
}

// mariaExec runs a statement with the server's own client.
func mariaExec(server *url.URL, statement string) error {
	client := find("mariadb", "/usr/bin")
	if client == "" {
		return errors.New("the program mariadb is not installed")
	}
	args := []string{"--no-defaults", "--user=" + server.User.Username(), "--execute=" + statement}
	if socket := server.Query().Get("socket"); socket != "" {
		args = append(args, "--socket="+socket)
	} else {
		port := server.Port()
		if port == "" {
			port = "3306"
		}
		args = append(args, "--protocol=tcp", "--host="+server.Hostname(), "--port="+port)
	}
	cmd := exec.Command(client, args...)
	password, _ := server.User.Password()
	cmd.Env = append(os.Environ(), "MYSQL_PWD="+password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// A MariaDBServer is a server of a test's own, to be stopped and started again.
type MariaDBServer struct {
	URL *url.URL // without a database

	dir     string
	as      string // the user that it runs as
	command []string
	cmd     *exec.Cmd
	hold    io.WriteCloser
}

// StartMariaDB makes a server with its files in a folder of its own and starts
// it, with settings such as "--log-bin". It ends, and its files go, when this
// process does.
func StartMariaDB(settings ...string) (*MariaDBServer, error) {
	return startMariaDB(func(as string) (string, error) { return folder(as, "ashlar-mariadb-") }, settings)
}

func startMariaDB(folder func(as string) (string, error), settings []string) (*MariaDBServer, error) {
	install := find("mariadb-install-db", "/usr/bin")
	program := find("mariadbd", "/usr/sbin", "/usr/libexec")
	if install == "" || program == "" {
		return nil, errors.New("mariadb-install-db or mariadbd is not installed")
	}
	as, err := account("mysql", "nobody")
	if err != nil {
		return nil, err
	}
	dir, err := folder(as)
	if err != nil {
		return nil, err
	}
	number, err := port()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	err = run(as, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
	if err != nil {
		return nil, err
	}
	s := &MariaDBServer{
		URL: &url.URL{Scheme: "mariadb", User: url.User("root"), Host: "127.0.0.1:" + strconv.Itoa(number)},
		dir: dir, as: as,
		command: []string{program, "--no-defaults", "--datadir=" + data, "--socket=" + dir + "/s.sock", "--pid-file=" + dir + "/pid",
			"--tmpdir=" + dir, "--log-error=" + dir + "/log.err", "--bind-address=127.0.0.1", "--port=" + strconv.Itoa(number),
			"--skip-name-resolve", "--max-connections=500", "--innodb-buffer-pool-size=64M"},
	}
	s.command = append(s.command, settings...)
	return s, s.Start()
}

// Query runs statements as the server's first user.
func (s *MariaDBServer) Query(statements string) error { return mariaExec(s.URL, statements) }

// mariaWatch is the script that runs a server until its standard input ends,
// and then removes the folder unless it was told to keep it.
const mariaWatch = `dir=$1; shift; "$@" </dev/null & pid=$!; read -r word; kill -9 $pid; wait $pid 2>/dev/null; test "$word" = keep || rm -rf "$dir"`

// Start starts the server and waits until it takes connections.
func (s *MariaDBServer) Start() error {
	cmd := commandAs(s.as, append([]string{"sh", "-c", mariaWatch, "server", s.dir}, s.command...))
	hold, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd, s.hold = cmd, hold
	for range 800 { // 20 s
		if err = mariaExec(s.URL, "SELECT 1"); err == nil {
			return nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	log, _ := os.ReadFile(s.dir + "/log.err")
	s.Close()
	return fmt.Errorf("the server did not start: %w\n%s", err, strings.TrimSpace(string(log)))
}

// Kill ends the server as a power cut does. Its files stay for Start.
func (s *MariaDBServer) Kill() error {
	if _, err := io.WriteString(s.hold, "keep\n"); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// Close ends the server and removes its files.
func (s *MariaDBServer) Close() {
	_ = s.hold.Close()
	_ = s.cmd.Wait()
}
