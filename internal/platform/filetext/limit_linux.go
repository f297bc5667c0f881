package filetext

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// apart lets the process end with the server, in whatever way that ends.
func apart(p *exec.Cmd) {
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// bound lets the system refuse memory and processor time beyond the limit, should
// this process want more.
func bound(bytes uint64) {
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: bytes, Max: bytes})
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: 60, Max: 60})
	_ = unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 0, Max: 0}) // it writes no file
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 10)
}
