package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// tick is the unit of /proc/*/stat: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// server is what serves a window, by process ids: the program or a baseline, and
// the database's first process, which has the others as children. 0 is none.
type server struct{ program, database int }

// usage is processor time so far: of the whole machine, of what serves, of the
// database within that, and of the bench with its ended children.
type usage struct{ machine, served, database, bench time.Duration }

func measure(s server) usage {
	u := usage{machine: machineTime(), bench: processTime(os.Getpid(), true)}
	if s.program != 0 {
		u.served += processTime(s.program, false)
	}
	if s.database != 0 {
		u.database += processTime(s.database, true)
		for _, pid := range childrenOf(s.database) {
			u.database += processTime(pid, true)
		}
	}
	u.served += u.database
	return u
}

func (w *window) account(before, after usage, cores int) {
	w.cpu, w.stored = after.served-before.served, after.database-before.database
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

// parentOf is 0 for a process that ended.
func parentOf(pid int) int {
	fields := statFields(pid)
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(fields[1])
	return parent
}

func childrenOf(parent int) []int {
	entries, _ := os.ReadDir("/proc")
	var out []int
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && parentOf(pid) == parent {
			out = append(out, pid)
		}
	}
	return out
}

// postmaster is the first process of the cluster behind a connection; there may
// be other clusters on the machine, whose work is foreign.
func postmaster(ctx context.Context, conn *pgx.Conn) (int, error) {
	var backend int
	err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend)
	return parentOf(backend), err
}
