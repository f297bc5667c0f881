package filetext

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"time"
)

// Limits of the process that reads one file.
const (
	usualTime   = 30 * time.Second
	usualMemory = 768 << 20 // bytes of data
	mostAnswer  = 8 << 20   // bytes that it may say
)

// Exit codes of the process; any other is a process that was stopped or broke.
const (
	exitUnknown  = 4
	exitUnusable = 5
)

// Child reads a file in a process of its own: one that hangs, breaks or wants too
// much memory is ended, and nothing else notices.
type Child struct {
	// Command starts the process; the media type is added. It calls Main.
	Command []string
	Time    time.Duration // zero: half a minute
}

// Read implements what attachment asks of a reader. Its errors are ErrUnknown,
// ErrUnusable and ErrStopped.
func (c Child) Read(ctx context.Context, mediaType string, data []byte) (Text, error) {
	most := c.Time
	if most == 0 {
		most = usualTime
	}
	ctx, stop := context.WithTimeout(ctx, most)
	defer stop()
	args := append(c.Command[1:len(c.Command):len(c.Command)], mediaType)
	p := exec.CommandContext(ctx, c.Command[0], args...)
	p.Env = []string{"GOMAXPROCS=1", childMark + "=1"} // no setting, no secret
	p.Dir = os.TempDir()
	p.Stdin = bytes.NewReader(data)
	p.WaitDelay = time.Second
	apart(p)
	out := &limited{left: mostAnswer}
	p.Stdout = out
	// The process ends with the thread that started it (prctl(2), PR_SET_PDEATHSIG).
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && exit.ExitCode() == exitUnknown:
		return Text{}, ErrUnknown
	case errors.As(err, &exit) && exit.ExitCode() == exitUnusable:
		return Text{}, ErrUnusable
	default:
		return Text{}, fmt.Errorf("%w: %w", ErrStopped, err)
	}
	var t Text
	if err := json.Unmarshal(out.b.Bytes(), &t); err != nil {
		return Text{}, fmt.Errorf("%w: its answer cannot be read", ErrStopped)
	}
	t.Text = clean(t.Text) // nothing of a broken process is trusted
	return t, nil
}

// childMark is set in the environment of the process.
const childMark = "GUANGYI_FILETEXT_CHILD"

// IsChild reports that this process was started to read one file: a test binary
// calls Main then.
func IsChild() bool { return os.Getenv(childMark) != "" }

// Main reads a file of the media type from in and writes its text as JSON to out.
// It gives the exit code. It bounds its own memory first.
func Main(mediaType string, in io.Reader, out io.Writer) int {
	debug.SetMemoryLimit(usualMemory / 2)
	bound(usualMemory)
	data, err := io.ReadAll(in)
	if err != nil {
		return 1
	}
	t, err := Read(mediaType, data)
	switch {
	case errors.Is(err, ErrUnknown):
		return exitUnknown
	case err != nil:
		return exitUnusable
	}
	if err := json.NewEncoder(out).Encode(t); err != nil {
		return 1
	}
	return 0
}

// limited takes so many bytes and no more.
type limited struct {
	b    bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errors.New("the answer is too long")
	}
	return l.b.Write(p)
}
