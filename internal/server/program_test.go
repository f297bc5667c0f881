package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guangyi/internal/platform/config"
)

// folder of the built program; TestMain removes it.
var builtIn string

func TestMain(m *testing.M) {
	code := m.Run()
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// built makes the program once for all tests of this process.
var built = sync.OnceValues(func() (string, error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(root, "views", "assets", "dist", "manifest.json")); err != nil {
		return "", errors.New("views/assets/dist is empty: run `make assets` first")
	}
	if builtIn, err = os.MkdirTemp("", "guangyi-built-"); err != nil {
		return "", err
	}
	binary := filepath.Join(builtIn, "guangyi")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "./cmd/guangyi")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the program does not build: %w\n%s", err, out)
	}
	return binary, nil
})

func theProgram(t testing.TB) string {
	t.Helper()
	binary, err := built()
	must(t, err)
	return binary
}

// environment gives the settings as the program reads them. Nothing of the
// test's own environment that the program would read gets through.
func environment(s config.Settings, at time.Time) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "GUANGYI_DATA=" + s.Data, "DATABASE_URL=" + s.Database, "GUANGYI_LISTEN=" + s.Listen,
		"GUANGYI_RATE_LIMIT=" + s.RateLimit, "GUANGYI_CHALLENGE=" + s.Challenge, "GUANGYI_PAGE_CACHE=" + s.PageCache, "GUANGYI_LANG=" + s.Language,
		"GUANGYI_TIMEZONE=" + s.TimeZone}
	if !at.IsZero() {
		env = append(env, "GUANGYI_CLOCK="+at.Format(time.RFC3339Nano))
	}
	return env
}

// outcome is what a command left behind.
type outcome struct {
	out, errs string
	code      int
}

func (o outcome) String() string { return fmt.Sprintf("exit %d\n%s%s", o.code, o.out, o.errs) }

// last is the last word on standard output.
func (o outcome) last() string {
	words := strings.Fields(o.out)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// command runs the program to its end, which must come within a minute.
func command(t testing.TB, env []string, input string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, theProgram(t), args...)
	cmd.Env, cmd.Dir, cmd.Stdin = env, t.TempDir(), strings.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatalf("guangyi %s: %v", strings.Join(args, " "), err)
	}
	return outcome{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// cli runs a command on the site's own settings while the site serves, at the
// site's time.
func (p *place) cli(args ...string) outcome {
	p.t.Helper()
	o := command(p.t, environment(p.settings, p.clock.Now()), "", args...)
	if o.code != 0 {
		p.t.Fatalf("guangyi %s: %s", strings.Join(args, " "), o)
	}
	return o
}

// running is the program as it serves.
type running struct {
	cmd  *exec.Cmd
	base string
	log  *lockedLog
	done chan struct{}
}

// launch starts the program on a free port and waits until it is ready.
func launch(t testing.TB, s config.Settings, args ...string) *running {
	t.Helper()
	if s.Listen == "127.0.0.1:0" {
		s.Listen = freeAddress(t)
	}
	r := &running{base: "http://" + s.Listen, log: &lockedLog{to: new(bytes.Buffer)}, done: make(chan struct{})}
	r.cmd = exec.Command(theProgram(t), append([]string{"serve"}, args...)...)
	r.cmd.Env, r.cmd.Dir, r.cmd.Stderr = environment(s, time.Time{}), t.TempDir(), r.log
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, r.cmd.Start())
	go func() {
		_ = r.cmd.Wait()
		close(r.done)
	}()
	t.Cleanup(r.kill)
	for range 600 {
		resp, err := client.Get(r.base + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return r
			}
		}
		select {
		case <-r.done:
			t.Fatalf("the program ended at its start: %s", r.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("the program is not ready: %s", r.log)
	return nil
}

// kill ends the program as a power cut would, as far as a process can be.
func (r *running) kill() {
	_ = r.cmd.Process.Kill()
	<-r.done
}

// freeAddress is a port that nobody listens on now.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}
