package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// imported is one run of the command, or of its baseline.
type imported struct {
	window
	half, peak int64         // the command's own memory at most, in the first half and in all, in bytes
	resident   int64         // its resident pages at most, with those of its file, which all processes of it share
	command    time.Duration // processor time of the command
	follows    time.Duration // until the register held every row, counted from the command's end
}

// wrong is how many rows of a file go to each one that is refused.
const wrong = 10_000

// measureImport is row 5. The program serves meanwhile, so that its sequencer runs
// beside the import as it does on a site; the baseline has the machine to itself.
func measureImport(ctx context.Context, o options, out *report) error {
	folder, err := os.MkdirTemp("", "guangyi-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "rows.csv")
	if err := writeTable(file, o.imported, o.ids); err != nil {
		return err
	}
	var ours, theirs []imported
	for range o.rounds {
		one, other, err := importRound(ctx, o, file)
		if err != nil {
			return err
		}
		ours, theirs = append(ours, one), append(theirs, other)
	}
	out.addImport(o, ours, theirs)
	return nil
}

// writeTable makes rows of about 600 bytes of text, each different from all others.
// Rows with an id of their own, where they come from, are known by it and keep it;
// the others are known by their line.
func writeTable(file string, n int, ids bool) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	column := "row"
	if ids {
		column = "id"
	}
	fmt.Fprintln(w, column+",text,provision,received_at")
	for i := range n {
		text := words
		if i%wrong == wrong-1 {
			text = ""
		}
		at := time.Date(2026, 1, 1, 0, 0, i%1_000_000, 0, time.UTC).Format(time.RFC3339)
		fmt.Fprintf(w, "%d,%s,第%s条,%s\n", i, strings.Replace(text, "建议", strconv.Itoa(i), 1), []string{"一", "二", "三"}[i%3], at)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// importRound imports into an empty site, and does the baseline in the same database.
func importRound(ctx context.Context, o options, file string) (ours, theirs imported, err error) {
	db, err := lend(ctx)
	if err != nil {
		return ours, theirs, err
	}
	p, err := newProgram(o, db.site)
	if err != nil {
		return ours, theirs, err
	}
	defer p.remove()
	p.database = db.server
	if err := p.start(ctx, "off"); err != nil {
		return ours, theirs, err
	}
	err = p.prepare()
	if err == nil {
		err = p.open()
	}
	if err == nil {
		ours, err = p.take(ctx, db, file)
	}
	if stopped := p.stop(); err == nil {
		err = stopped
	}
	if err == nil {
		theirs, err = copyPlain(ctx, db, file)
	}
	return ours, theirs, err
}

// take runs the command and watches its memory.
func (p *program) take(ctx context.Context, db lent, file string) (imported, error) {
	var one imported
	cmd := exec.CommandContext(ctx, p.binary, "import", "submissions", "--consultation", p.slug, "--channel", "letter", file)
	cmd.Env = p.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var said, refused strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &refused
	before, began := measure(p.serving()), time.Now()
	if err := cmd.Start(); err != nil {
		return one, err
	}
	peaks := make(chan memory, 1)
	ended := make(chan struct{})
	go func() { peaks <- watchMemory(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	one.took = time.Since(began)
	close(ended)
	seen := <-peaks
	if err != nil {
		return one, fmt.Errorf("guangyi import submissions: %w: %.500s", err, refused.String())
	}
	after := measure(p.serving())
	// The command is a child that ended: it is ours, not the bench's.
	after.served += after.bench - before.bench
	after.bench = before.bench
	one.account(before, after, runtime.NumCPU())
	one.half, one.peak, one.resident = seen.half(), slices.Max(append(seen.own, 0)), seen.resident
	one.command = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	var rows, taken, repeated, bad int
	if _, err := fmt.Sscanf(said.String(), "rows %d, taken %d, repeated %d, refused %d", &rows, &taken, &repeated, &bad); err != nil {
		return one, fmt.Errorf("the import said %q: %w", said.String(), err)
	}
	if lines := strings.Count(refused.String(), "\n"); rows != taken+bad || bad != rows/wrong || lines != bad {
		return one, fmt.Errorf("the import said %q and found fault with %d rows", said.String(), lines)
	}
	one.done = rows
	one.follows, err = sequenced(ctx, db.site, taken)
	return one, err
}

// memory is what a process was seen to have.
type memory struct {
	own      []int64 // anonymous pages, sample by sample
	resident int64   // all pages, at most
}

func (m memory) half() int64 { return slices.Max(append(m.own[:len(m.own)/2:len(m.own)/2], 0)) }

func watchMemory(pid int, ended <-chan struct{}) (m memory) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return m
		case <-tick.C:
		}
		raw, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		if own := statusLine(string(raw), "RssAnon:"); own > 0 {
			m.own = append(m.own, own)
		}
		m.resident = max(m.resident, statusLine(string(raw), "VmHWM:"))
	}
}

// statusLine reads a line of /proc/pid/status in bytes, 0 when it is not there.
func statusLine(status, name string) int64 {
	_, rest, _ := strings.Cut(status, name)
	if f := strings.Fields(rest); len(f) > 0 {
		kilobytes, _ := strconv.ParseInt(f[0], 10, 64)
		return kilobytes << 10
	}
	return 0
}

// sequenced waits until the register of the serving program holds every row.
func sequenced(ctx context.Context, site string, taken int) (time.Duration, error) {
	conn, err := pgx.Connect(ctx, site)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	began := time.Now()
	for waiting := true; waiting; {
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM register_pending)").Scan(&waiting); err != nil {
			return 0, err
		}
		if waiting {
			time.Sleep(50 * time.Millisecond)
		}
	}
	took := time.Since(began)
	var n int
	err = conn.QueryRow(ctx, "SELECT COUNT(*) FROM register_leaves WHERE kind = 'submission'").Scan(&n)
	if err == nil && n != taken {
		err = fmt.Errorf("%d rows were taken, the register holds %d", taken, n)
	}
	return took, err
}

// plainCopy does the same work by SQL: into a bare table, and from there with a
// SHA-256 and numbers made by the database into copies of the two tables that a
// submission fills, with every key and index that those have.
var plainCopy = []string{
	`CREATE TABLE plain.bare (id text, text text, provision text, received_at text)`,
	"", // COPY
	`INSERT INTO plain.submissions (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, person, state,
		idempotency_key, body_hash, salt, leaf_hash, received_at, entry)
		SELECT 1, n, '26-' || n, 'letter', 'zh-CN', 1, 'individual', n, 'accepted', id, ''::bytea, ''::bytea, sha256(convert_to(text, 'UTF8')),
			received_at::timestamptz, 'import' FROM (SELECT *, row_number() OVER () AS n FROM plain.bare) b`,
	`INSERT INTO plain.comments (consultation_id, id, submission_id, position, provision, aimed_at, text, lang, draft_version, channel,
		submitter_kind, public, received_at)
		SELECT 1, n, n, 0, provision, provision, text, 'zh-CN', 1, 'letter', 'individual', true, received_at::timestamptz
		FROM (SELECT *, row_number() OVER () AS n FROM plain.bare) b`,
}

func copyPlain(ctx context.Context, db lent, file string) (imported, error) {
	var one imported
	conn, err := pgx.Connect(ctx, db.site)
	if err != nil {
		return one, err
	}
	defer conn.Close(ctx)
	for _, sql := range []string{"TRUNCATE comments, submissions, register_leaves", "CREATE SCHEMA plain",
		"CREATE TABLE plain.submissions (LIKE public.submissions INCLUDING ALL)",
		"CREATE TABLE plain.comments (LIKE public.comments INCLUDING ALL)", "CHECKPOINT"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return one, err
		}
	}
	before, began := measure(server{database: db.server}), time.Now()
	for _, sql := range plainCopy {
		if sql == "" {
			err = copyFile(ctx, conn, file)
		} else {
			_, err = conn.Exec(ctx, sql)
		}
		if err != nil {
			return one, err
		}
	}
	one.took = time.Since(began)
	after := measure(server{database: db.server})
	after.served += after.bench - before.bench
	after.bench = before.bench
	one.account(before, after, runtime.NumCPU())
	return one, conn.QueryRow(ctx, "SELECT COUNT(*) FROM plain.comments").Scan(&one.done)
}

// copyFile is what \copy does.
func copyFile(ctx context.Context, conn *pgx.Conn, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = conn.PgConn().CopyFrom(ctx, f, "COPY plain.bare FROM STDIN (FORMAT csv, HEADER true, FORCE_NOT_NULL (text))")
	return err
}

// addImport compares durations: the goal is at most as long.
func (r *report) addImport(o options, ours, theirs []imported) {
	a, b := middleImport(ours), middleImport(theirs)
	note := func(one imported) string {
		s := fmt.Sprintf("%.1f s, %.0f µs CPU a row (PostgreSQL %.0f), foreign %.0f %%", one.took.Seconds(), one.cost(), float64(one.stored.Microseconds())/float64(one.done), 100*one.foreign)
		if one.foreign > quiet {
			s += " (busy)"
		}
		return s
	}
	mine := note(a) + fmt.Sprintf(", %.0f µs of it the command, which has %d MB of its own at most (%d MB in the first half; %d MB with the pages of its file), in the register %.1f s later",
		float64(a.command.Microseconds())/float64(a.done), a.peak>>20, a.half>>20, a.resident>>20, a.follows.Seconds())
	ratio := fmt.Sprintf("%.2f of the time (CPU %.2f)", a.took.Seconds()/b.took.Seconds(), a.cost()/b.cost())
	what := fmt.Sprintf("import of %d rows from CSV beside a serving program, to COPY and INSERT … SELECT with the same indexes and SHA-256", o.imported)
	r.lines = append(r.lines, line{"5", what, mine, note(b), ratio, "≤ 1.0, ≤ 64 MB"})
	fmt.Printf("row 5 %s: %s | baseline %s | ratio %s | goal ≤ 1.0, ≤ 64 MB\n", what, mine, note(b), ratio)
}

func middleImport(all []imported) imported {
	ws := make([]window, len(all))
	for i, one := range all {
		ws[i] = one.window
	}
	m := middle(ws)
	for _, one := range all {
		if one.took == m.took {
			return one
		}
	}
	return all[0]
}
