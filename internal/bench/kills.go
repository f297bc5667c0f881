package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// killedRounds is what the test of kill -9 says at its end, once a database.
var killedRounds = regexp.MustCompile(`(\d+) acknowledged in (\d+) rounds`)

// measureKills is row 9: the test of kill -9, which counts what was acknowledged,
// asks for each receipt and its proof, and compares with what is stored. Rounds on
// each database are set by GUANGYI_KILL_ROUNDS.
func measureKills(ctx context.Context, out *report) error {
	began := time.Now()
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=4h", "-v", "-run=^TestKilledWhileTakingIn$", "./internal/server")
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	var parts []string
	for _, m := range killedRounds.FindAllStringSubmatch(string(raw), -1) {
		parts = append(parts, fmt.Sprintf("%s rounds, %s acknowledged", m[2], m[1]))
	}
	note := "SQLite and PostgreSQL: " + strings.Join(parts, "; ") + fmt.Sprintf("; %s", time.Since(began).Round(time.Second))
	lost := "0 lost, 0 doubled"
	if failed != nil || len(parts) != 2 {
		lost = "failed"
		fmt.Printf("%s\n", raw)
	}
	r := line{"9", "kill -9 of program or database under load", note, "none", lost, "0 lost or doubled, 200 rounds"}
	out.lines = append(out.lines, r)
	fmt.Printf("row 9 %s: %s | %s | goal %s\n", r.what, note, lost, r.goal)
	return nil
}
