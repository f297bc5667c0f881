package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a process may take to end after the command has.
const patience = 8 * time.Second

// adoptOrphans makes every process whose parent ends a child of this one, so
// that leftovers can be found.
func adoptOrphans() {
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // old kernels: leftovers stay unseen
}

// leftovers kills what the command left running and says what it was.
func leftovers() error {
	for end := time.Now().Add(patience); len(children()) > 0 && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
	}
	var named []string
	for _, pid := range children() {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		named = append(named, fmt.Sprintf("%d %s", pid, bytes.ReplaceAll(line[:min(len(line), 200)], []byte{0}, []byte(" "))))
	}
	for tries := 0; len(children()) > 0 && tries < 50; tries++ { // killing one may orphan others
		for _, pid := range children() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(20 * time.Millisecond)
	}
	reap()
	if len(named) > 0 {
		return fmt.Errorf("left running, now killed:\n  %s", strings.Join(named, "\n  "))
	}
	return nil
}

// reap takes the exit codes of adopted processes, which would stay as zombies
// where the first process of a container does not.
func reap() {
	for {
		if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
			return
		}
	}
}

// children lists the living children of this process.
func children() []int {
	var found []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		content, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent …; the name may hold blanks and brackets
		fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
		if len(fields) > 1 && fields[0] != "Z" && fields[1] == strconv.Itoa(os.Getpid()) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			found = append(found, pid)
		}
	}
	return found
}
