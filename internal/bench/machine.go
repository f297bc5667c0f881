package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/*/stat: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// usage is processor time so far: of the whole machine, of the program and the
// database, and of the bench with its children.
type usage struct{ machine, served, bench time.Duration }

func measure(program int) usage {
	u := usage{machine: machineTime(), bench: processTime(os.Getpid(), true)}
	if program != 0 {
		u.served += processTime(program, false)
	}
	for _, pid := range postgresProcesses() {
		u.served += processTime(pid, true)
	}
	return u
}

func (w *window) account(before, after usage, cores int) {
	w.cpu = after.served - before.served
	busy := after.machine - before.machine
	foreign := busy - w.cpu - (after.bench - before.bench)
	w.foreign = max(0, foreign.Seconds()/(w.took.Seconds()*float64(cores)))
}

func machineTime() time.Duration {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	var sum time.Duration
	for i, f := range strings.Fields(first)[1:] {
		if i == 3 || i == 4 || i > 7 { // idle, iowait, and guests, which are counted in user
			continue
		}
		n, _ := strconv.ParseInt(f, 10, 64)
		sum += time.Duration(n) * tick
	}
	return sum
}

// processTime is user and system time; withChildren adds those that ended.
func processTime(pid int, withChildren bool) time.Duration {
	fields := statFields(pid)
	if len(fields) < 15 {
		return 0
	}
	last := 13
	if withChildren {
		last = 15
	}
	var sum time.Duration
	for _, f := range fields[11:last] {
		n, _ := strconv.ParseInt(f, 10, 64)
		sum += time.Duration(n) * tick
	}
	return sum
}

// statFields are the fields of /proc/pid/stat behind the name, the state first.
func statFields(pid int) []string {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil
	}
	s := string(raw)
	return strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
}

func postgresProcesses() []int {
	entries, _ := os.ReadDir("/proc")
	var out []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		name, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "comm"))
		if strings.TrimSpace(string(name)) == "postgres" {
			out = append(out, pid)
		}
	}
	return out
}
