package cluster

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestAClusterAnswersAndLeavesNothing(t *testing.T) {
	ctx := context.Background()
	c, err := Start(ctx, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, c.Address())
	if err != nil {
		t.Fatal(err)
	}
	var folder, fsync string
	if err := conn.QueryRow(ctx, "SELECT current_setting('data_directory'), current_setting('fsync')").Scan(&folder, &fsync); err != nil {
		t.Fatal(err)
	}
	if fsync != "off" {
		t.Errorf("fsync is %s for plain tests", fsync)
	}
	if err := errors.Join(conn.Close(ctx), c.Stop(), c.Stop()); err != nil {
		t.Error(err)
	}
	gone(t, c.Address(), folder)
}

func TestADurableClusterWritesThrough(t *testing.T) {
	ctx := context.Background()
	c, err := Start(ctx, Settings{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	conn, err := pgx.Connect(ctx, c.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var fsync, commit string
	err = conn.QueryRow(ctx, "SELECT current_setting('fsync'), current_setting('synchronous_commit')").Scan(&fsync, &commit)
	if err != nil || fsync != "on" || commit != "on" {
		t.Errorf("fsync %s, synchronous_commit %s, error %v", fsync, commit, err)
	}
}

// TestAKilledProgramTakesItsClusterWithIt starts this test once more as a
// program that is killed while its cluster runs.
func TestAKilledProgramTakesItsClusterWithIt(t *testing.T) {
	if os.Getenv("GUANGYI_CLUSTER_CHILD") != "" {
		holdCluster(t)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestAKilledProgramTakesItsClusterWithIt$", "-test.v")
	child.Env = append(os.Environ(), "GUANGYI_CLUSTER_CHILD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var address, folder string
	for lines := bufio.NewScanner(out); folder == "" && lines.Scan(); {
		if at, ok := strings.CutPrefix(lines.Text(), "cluster "); ok {
			address, folder, _ = strings.Cut(at, " ")
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed
	if folder == "" {
		t.Fatal("the child has started no cluster")
	}
	gone(t, address, folder)
}

func holdCluster(t *testing.T) {
	c, err := Start(context.Background(), Settings{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(context.Background(), c.Address())
	if err != nil {
		t.Fatal(err)
	}
	var folder string
	if err := conn.QueryRow(context.Background(), "SELECT current_setting('data_directory')").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("cluster " + c.Address() + " " + folder + "\n")
	time.Sleep(time.Minute)
}

// gone waits until nothing listens and the cluster's folder is removed.
func gone(t *testing.T, address, data string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		conn, dialled := net.DialTimeout("tcp", u.Host, time.Second)
		if dialled == nil {
			conn.Close()
		}
		_, stat := os.Stat(filepath.Dir(data))
		if dialled != nil && os.IsNotExist(stat) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("still there: server %v, folder %v", dialled == nil, stat == nil)
		}
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	for name, err := range map[string]*MissingError{
		"nothing":        {},
		"an old version": {Seen: []string{"/usr/lib/postgresql/13/bin (13)"}},
	} {
		text := err.Error()
		if !strings.Contains(text, "apt-get install postgresql-15") || len(err.Seen) > 0 && !strings.Contains(text, err.Seen[0]) {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestTheFolderMustBeOpenToTheServer(t *testing.T) {
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if open(closed) || !open("/") {
		t.Errorf("a closed folder is open: %v; / is open: %v", open(closed), open("/"))
	}
}

// TestAKilledServerComesAgainWithWhatWasCommitted: kill -9 of all its processes in
// the middle of a transaction, twice.
func TestAKilledServerComesAgainWithWhatWasCommitted(t *testing.T) {
	ctx := context.Background()
	c, err := Start(ctx, Settings{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	for n := range 2 {
		conn, err := pgx.Connect(ctx, c.Address())
		if err != nil {
			t.Fatal(err)
		}
		_, err = conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS kept (n bigint); INSERT INTO kept VALUES (1)")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(ctx, "BEGIN; INSERT INTO kept VALUES (2)"); err != nil {
			t.Fatal(err)
		}
		if err := c.Kill(ctx); err != nil {
			t.Fatal(err)
		}
		if err := conn.Ping(ctx); err == nil {
			t.Error("the connection outlived the server")
		}
		_ = conn.Close(ctx) // it is dead
		again, err := pgx.Connect(ctx, c.Address())
		if err != nil {
			t.Fatal(err)
		}
		var rows, sum int
		if err := again.QueryRow(ctx, "SELECT COUNT(*), SUM(n) FROM kept").Scan(&rows, &sum); err != nil || rows != n+1 || sum != rows {
			t.Errorf("%d rows with the sum %d, error %v", rows, sum, err)
		}
		_ = again.Close(ctx)
	}
}
