package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"guangyi/internal/platform/database/cluster"
)

// done reads pgbench's own count, so that its start is not in the rate.
var done = regexp.MustCompile(`number of transactions actually processed: (\d+)(?s:.*)tps = ([\d.]+)`)

// reaped is how long the processes of ended connections take to become part of
// their parent's account; in between they are in neither.
const reaped = 300 * time.Millisecond

// pgbench inserts the same bytes, a row and a commit each, over TCP, prepared.
func pgbench(ctx context.Context, o options, database string, first int) (window, error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return window{}, err
	}
	_, err = conn.Exec(ctx, "DROP TABLE IF EXISTS plain; CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)")
	conn.Close(ctx)
	if err != nil {
		return window{}, err
	}
	folder, err := os.MkdirTemp("", "guangyi-pgbench-")
	if err != nil {
		return window{}, err
	}
	defer os.RemoveAll(folder)
	script := filepath.Join(folder, "insert.sql")
	if err := os.WriteFile(script, []byte("INSERT INTO plain (body) VALUES ('"+words+"');\n"), 0o600); err != nil {
		return window{}, err
	}
	binary, err := pgbenchBinary(ctx)
	if err != nil {
		return window{}, err
	}
	cmd := exec.CommandContext(ctx, binary, "-n", "-M", "prepared", "-c", strconv.Itoa(o.connections), "-j", "2",
		"-T", strconv.Itoa(int(o.seconds.Seconds())), "-l", "--sampling-rate=0.1", "-f", script, database)
	cmd.Dir = folder
	before, began := measure(server{database: first}), time.Now()
	raw, err := cmd.CombinedOutput()
	if err != nil {
		return window{}, fmt.Errorf("pgbench: %w: %s", err, raw)
	}
	took := time.Since(began)
	time.Sleep(reaped)
	w, err := pgbenchWindow(raw, before, measure(server{database: first}), took)
	if err != nil {
		return window{}, err
	}
	w.p99, err = pgbenchP99(folder)
	return w, err
}

func pgbenchWindow(raw []byte, before, after usage, took time.Duration) (window, error) {
	m := done.FindSubmatch(raw)
	if m == nil {
		return window{}, fmt.Errorf("pgbench said: %s", raw)
	}
	n, _ := strconv.Atoi(string(m[1]))
	tps, _ := strconv.ParseFloat(string(m[2]), 64)
	w := window{done: n, took: took}
	// pgbench is part of the baseline's cost, as the program is of ours.
	after.served += after.bench - before.bench
	after.bench = before.bench
	w.account(before, after, runtime.NumCPU())
	w.took = time.Duration(float64(n) / tps * float64(time.Second))
	return w, nil
}

// pgbenchP99 reads pgbench's logs: the third word of a line is the time of one
// transaction in microseconds. One in ten is logged, so that logging costs little.
func pgbenchP99(folder string) (time.Duration, error) {
	logs, err := filepath.Glob(filepath.Join(folder, "pgbench_log.*"))
	if err != nil {
		return 0, err
	}
	var all []time.Duration
	for _, name := range logs {
		raw, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(raw)) {
			if f := strings.Fields(line); len(f) > 2 {
				n, _ := strconv.ParseInt(f[2], 10, 64)
				all = append(all, time.Duration(n)*time.Microsecond)
			}
		}
	}
	return p99(all), nil
}

func pgbenchBinary(ctx context.Context) (string, error) {
	folder, err := cluster.Find(ctx)
	if err != nil {
		return "", err
	}
	for _, candidate := range []string{filepath.Join(folder, "pgbench"), "/usr/bin/pgbench"} {
		if _, err := os.Stat(candidate); err == nil {
			return candidate, nil
		}
	}
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("pgbench is missing: apt-get install postgresql-contrib-15 or postgresql-15")
}
