// Package browsertest drives one headless Chromium for the tests of a process.
// Without Chromium, or without axe-core, a test fails and says what to install;
// it is never skipped.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"
)

// startSeconds is how long Chromium may take until it listens.
const startSeconds = 60

// Browser is the running Chromium.
type Browser struct {
	ctx   context.Context
	agent string
	leash io.Closer // while it is open, the browser runs
}

// ErrMissing says that there is no browser, and what to install.
var ErrMissing = errors.New("Chromium is missing: apt-get install chromium fonts-noto-cjk, or set CHROMIUM to the path of one")

// running is the browser of this process. Nothing stops it: the pipe that it
// is tied to closes with the process.
var running = sync.OnceValues(start)

// Start returns the process's browser, which is started for the first caller
// and ends with the process, however that ends.
func Start(t testing.TB) *Browser {
	t.Helper()
	b, err := running()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// guard runs the browser until its standard input closes, then ends it and
// removes its folder.
const guard = `
folder=$1 browser=$2; shift 2
exec 3<&0
"$browser" "$@" >"$folder/log" 2>&1 3<&- </dev/null &
browser=$!
( cat <&3; kill -TERM "$browser" ) >/dev/null 2>&1 &
watch=$!
wait "$browser"
tail -n 12 "$folder/log" >&2
kill "$watch" 2>/dev/null
for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$folder" 2>/dev/null && break; sleep 0.2; done
`

func start() (*Browser, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	b, err := launch(program, os.Geteuid() != 0)
	if err != nil && strings.Contains(err.Error(), "sandbox") { // containers often forbid it
		b, err = launch(program, false)
	}
	return b, err
}

func launch(program string, sandbox bool) (*Browser, error) {
	folder, err := os.MkdirTemp("", "guangyi-chromium-")
	if err != nil {
		return nil, err
	}
	arguments := append([]string{"-c", guard, "guard", folder, program}, flags(folder, sandbox)...)
	command := exec.Command("/bin/sh", arguments...)
	command.Env = append(os.Environ(), "HOME="+folder, "LANGUAGE=en", "LC_ALL=C.UTF-8", "TZ=UTC")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var said strings.Builder
	command.Stderr = &said
	leash, err := command.StdinPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait()
		close(ended)
	}()
	address, err := await(folder, ended)
	if err != nil {
		leash.Close()
		<-ended
		return nil, fmt.Errorf("%w\n%s", err, said.String())
	}
	return connect(address, leash)
}

func connect(address string, leash io.Closer) (*Browser, error) {
	// The contexts live as long as the process: see running.
	allocator, _ := remote.NewAllocator(context.Background(), address, remote.NoModifyURL)
	ctx, _ := chromedp.NewContext(allocator)
	agent, err := chromedp.Run(ctx, chromedp.Evaluate[string]("navigator.userAgent"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("Chromium does not answer: %w", err), leash.Close())
	}
	return &Browser{ctx: ctx, leash: leash, agent: strings.Replace(agent, "Headless", "", 1)}, nil
}

func flags(folder string, sandbox bool) []string {
	chosen := []string{
		"--headless", "--remote-debugging-port=0", "--user-data-dir=" + filepath.Join(folder, "profile"),
		"--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-breakpad",
		"--disable-crash-reporter", "--disable-dev-shm-usage", "--disable-features=Translate,OptimizationHints,MediaRouter,BackForwardCache",
		"--metrics-recording-only", "--password-store=basic", "--use-mock-keychain", "--mute-audio", "--hide-scrollbars",
		"--force-color-profile=srgb",
	}
	if !sandbox {
		chosen = append(chosen, "--no-sandbox")
	}
	return append(chosen, "about:blank")
}

// await reads where the browser listens, which it writes into its profile.
func await(folder string, ended <-chan struct{}) (string, error) {
	for end := time.Now().Add(startSeconds * time.Second); time.Now().Before(end); {
		content, err := os.ReadFile(filepath.Join(folder, "profile", "DevToolsActivePort"))
		if port, path, ok := strings.Cut(strings.TrimSpace(string(content)), "\n"); err == nil && ok {
			return "ws://127.0.0.1:" + port + path, nil
		}
		select {
		case <-ended:
			return "", errors.New("Chromium ended while it started")
		case <-time.After(30 * time.Millisecond):
		}
	}
	return "", fmt.Errorf("Chromium did not listen within %d seconds", startSeconds)
}

func find() (string, error) {
	if given := os.Getenv("CHROMIUM"); given != "" {
		return exec.LookPath(given)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}
