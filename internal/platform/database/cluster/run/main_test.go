package main

import (
	"bytes"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "run")
	if said, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return program
}

func TestTheCommandGetsAnAddressAndItsExitCodeIsKept(t *testing.T) {
	said, err := exec.Command(build(t), "sh", "-c", `case $GUANGYI_TEST_POSTGRES in postgres://*) echo found;; esac; exit 7`).Output()
	exit, ok := err.(*exec.ExitError)
	if !ok || exit.ExitCode() != 7 || string(said) != "found\n" {
		t.Errorf("said %q, error %v", said, err)
	}
}

func TestAnInterruptEndsEverything(t *testing.T) {
	command := exec.Command(build(t), "sh", "-c", "echo $GUANGYI_TEST_POSTGRES; exec sleep 60")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	address := make([]byte, 200)
	n, err := out.Read(address)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err == nil || time.Since(begun) > 30*time.Second {
		t.Errorf("error %v after %v", err, time.Since(begun))
	}
	u, err := url.Parse(strings.TrimSpace(string(address[:n])))
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.DialTimeout("tcp", u.Host, time.Second); err == nil {
		conn.Close()
		t.Error("the server still answers")
	}
}

func TestALeftoverIsFoundAndKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return // leftovers are looked for on Linux only
	}
	var said, number bytes.Buffer
	command := exec.Command(build(t), "sh", "-c", "setsid sleep 321.5 </dev/null >/dev/null 2>&1 & echo $!")
	command.Stdout, command.Stderr = &number, &said
	err := command.Run()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 || !strings.Contains(said.String(), "sleep 321.5") {
		t.Errorf("error %v, said %q", err, said.String())
	}
	pid, err := strconv.Atoi(strings.TrimSpace(number.String()))
	if err != nil || syscall.Kill(pid, 0) == nil {
		t.Errorf("still running: %d, error %v", pid, err)
	}
}
