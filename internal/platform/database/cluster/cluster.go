// Package cluster starts a private PostgreSQL server for tests and benchmarks:
// on a free port of the loopback address, with its own folder and password, as
// an unprivileged user also when the caller is root. The server ends and its
// folder goes when the program that started it ends, however it ends.
package cluster

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Variable names the environment variable that holds the address of a running
// cluster's maintenance database.
const Variable = "GUANGYI_TEST_POSTGRES"

const (
	owner        = "guangyi" // the superuser of the private cluster
	startSeconds = 60
	attempts     = 3 // a free port may be taken before the server binds it
)

// Settings choose how the server runs.
type Settings struct {
	// Durable keeps fsync and full page writes on, as a real site has them.
	// Measurements need it; tests are several times faster without.
	Durable bool
}

// Cluster is a running server.
type Cluster struct {
	address  string
	folder   string
	guardian *exec.Cmd
	leash    io.Closer
	ended    chan struct{}
	output   *bytes.Buffer
	stop     sync.Once
}

// guard runs the server and watches its standard input, whose other end the
// starting program holds: it closes when that program ends, by whatever cause. A
// server that was killed (128 + SIGKILL) starts again on what it left behind.
const guard = `
folder=$1 program=$2; shift 2
exec 3<&0
status=137
while [ "$status" = 137 ]; do
  "$program" "$@" >>"$folder/log" 2>&1 3<&- </dev/null &
  server=$!
  ( cat <&3; kill -QUIT "$server" ) >/dev/null 2>&1 &
  watch=$!
  wait "$server"
  status=$?
  kill "$watch" 2>/dev/null
  [ "$status" != 137 ] || sleep 0.3
done
tail -n 12 "$folder/log" >&2
rm -rf -- "$folder"
`

// Start finds the server's programs, makes a cluster and waits until it
// answers. A *MissingError tells what to install.
func Start(ctx context.Context, settings Settings) (*Cluster, error) {
	programs, err := Find(ctx)
	if err != nil {
		return nil, err
	}
	who, err := unprivileged()
	if err != nil {
		return nil, err
	}
	for range attempts {
		var c *Cluster
		if c, err = start(ctx, programs, who, settings); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func start(ctx context.Context, programs string, who *syscall.Credential, settings Settings) (*Cluster, error) {
	folder, err := makeFolder(who)
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	if err := initialise(ctx, programs, folder, password, who); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	c := &Cluster{folder: folder, ended: make(chan struct{}), output: &bytes.Buffer{}}
	c.address = (&url.URL{Scheme: "postgres", User: url.UserPassword(owner, password),
		Host: fmt.Sprintf("127.0.0.1:%d", port), Path: "/postgres", RawQuery: "sslmode=disable"}).String()
	arguments := append([]string{"-c", guard, "guard", folder, filepath.Join(programs, "postgres")}, options(folder, port, settings)...)
	c.guardian = as(who, folder, exec.Command("/bin/sh", arguments...))
	c.guardian.Stderr = c.output
	if c.leash, err = c.guardian.StdinPipe(); err == nil {
		err = c.guardian.Start()
	}
	if err != nil {
		os.RemoveAll(folder)
		return nil, fmt.Errorf("PostgreSQL cannot be started: %w", err)
	}
	go func() {
		_ = c.guardian.Wait()
		close(c.ended)
	}()
	if err := c.await(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// initialise makes the files of an empty cluster.
func initialise(ctx context.Context, programs, folder, password string, who *syscall.Credential) error {
	secret := filepath.Join(folder, "password")
	err := os.WriteFile(secret, []byte(password+"\n"), 0o600)
	if err == nil && who != nil {
		err = os.Chown(secret, int(who.Uid), int(who.Gid))
	}
	if err != nil {
		return err
	}
	run := as(who, folder, exec.CommandContext(ctx, filepath.Join(programs, "initdb"), "--pgdata="+filepath.Join(folder, "data"),
		"--username="+owner, "--pwfile="+secret, "--auth=password", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"))
	if said, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb made no cluster in %s: %w\n%s", folder, err, said)
	}
	return os.Remove(secret)
}

func options(folder string, port int, settings Settings) []string {
	chosen := []string{"listen_addresses=127.0.0.1", fmt.Sprintf("port=%d", port), "unix_socket_directories=",
		"max_connections=400", "shared_buffers=128MB", "timezone=UTC", "log_timezone=UTC"}
	if !settings.Durable {
		chosen = append(chosen, "fsync=off", "full_page_writes=off", "synchronous_commit=off")
	}
	arguments := []string{"-D", filepath.Join(folder, "data")}
	for _, option := range chosen {
		arguments = append(arguments, "-c", option)
	}
	return arguments
}

// await returns when the server answers or has ended.
func (c *Cluster) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startSeconds*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.address)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.ended:
			return fmt.Errorf("PostgreSQL ended while it started:\n%s", strings.TrimSpace(c.output.String()))
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not answer within %d seconds: %w", startSeconds, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Address is the maintenance database's, as postgres://….
func (c *Cluster) Address() string { return c.address }

// Kill ends all processes of the server at once by SIGKILL, as far as a power cut
// can be had, and returns when it answers again on what it had written.
func (c *Cluster) Kill(ctx context.Context) error {
	raw, err := os.ReadFile(filepath.Join(c.folder, "data", "postmaster.pid"))
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	first, err := strconv.Atoi(line)
	if err != nil {
		return fmt.Errorf("postmaster.pid: %w", err)
	}
	children, err := childrenOf(first)
	if err != nil {
		return err
	}
	// The first process goes first: it would begin to mend what its children leave.
	for _, pid := range append([]int{first}, children...) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("PostgreSQL cannot be killed: %w", err)
		}
	}
	return c.await(ctx)
}

// childrenOf reads /proc: killing is for tests, which run on Linux.
func childrenOf(parent int) (out []int, err error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // it ended meanwhile
		}
		// pid (name) state parent: the name may hold anything
		f := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		if len(f) > 1 && f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			out = append(out, pid)
		}
	}
	return out, err
}

// Stop ends the server and removes its folder. A second call does nothing.
func (c *Cluster) Stop() error {
	var err error
	c.stop.Do(func() {
		_ = c.leash.Close() // closed already when the guardian has ended
		select {
		case <-c.ended:
		case <-time.After(20 * time.Second):
			err = fmt.Errorf("PostgreSQL did not stop: %w", syscall.Kill(-c.guardian.Process.Pid, syscall.SIGKILL))
		}
	})
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("no free port on 127.0.0.1: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
