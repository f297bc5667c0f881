package server_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"os/exec"

	"guangyi/internal/platform/config"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// refusal wants one sentence on standard error that holds all the words, nothing
// on standard output, and the exit status.
func refusal(t *testing.T, o outcome, code int, words ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("want exit %d: %s", code, o)
	}
	lines := strings.Split(strings.TrimSpace(o.errs), "\n")
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "guangyi: ") {
		t.Errorf("want one sentence with cause and cure, got %d lines:\n%s", len(lines), o.errs)
	}
	for _, w := range words {
		if !strings.Contains(o.errs, w) {
			t.Errorf("the sentence does not say %q: %s", w, o.errs)
		}
	}
	if strings.Contains(o.errs, "goroutine") || o.out != "" {
		t.Errorf("that is no sentence for a person: %s", o)
	}
}

// plain are settings over an empty folder.
func plain(t *testing.T) config.Settings {
	s := settingsFor(t, filepath.Join(t.TempDir(), "guangyi.db"))
	s.Listen = freeAddress(t)
	return s
}

func serveOnce(t *testing.T, s config.Settings, args ...string) outcome {
	t.Helper()
	return command(t, environment(s, time.Time{}), "", append([]string{"serve"}, args...)...)
}

func TestStartWithThePortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	s := plain(t)
	s.Listen = l.Addr().String()
	refusal(t, serveOnce(t, s), 1, s.Listen, "GUANGYI_LISTEN")
}

func TestStartOnAFolderThatCannotBeWritten(t *testing.T) {
	s := plain(t)
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	s.Data = filepath.Join(file, "data")
	refusal(t, serveOnce(t, s), 1, s.Data, "GUANGYI_DATA")
}

// A superuser may write everywhere, so the program runs as somebody else here.
func TestStartOnAReadOnlyFolder(t *testing.T) {
	folder, err := os.MkdirTemp("", "guangyi-readonly-")
	must(t, err)
	defer os.RemoveAll(folder)
	must(t, os.Chmod(folder, 0o755))
	must(t, os.Chmod(filepath.Dir(theProgram(t)), 0o755))
	s := plain(t)
	s.Data = filepath.Join(folder, "data")
	must(t, os.Mkdir(s.Data, 0o555))
	cmd := exec.Command(theProgram(t), "serve")
	cmd.Dir, cmd.Env = "/", environment(s, time.Time{})
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err == nil {
		t.Fatal("the program serves from a folder in which it cannot write")
	}
	refusal(t, outcome{out.String(), errs.String(), cmd.ProcessState.ExitCode()}, 1, s.Data, "writable")
}

func TestStartOnAnOldSchema(t *testing.T) {
	s := settingsFor(t, databasetest.Target(t, database.Postgres))
	s.Listen = freeAddress(t)
	down := command(t, environment(s, time.Time{}), "", "migrate", "down")
	if down.code != 0 {
		t.Fatal(down)
	}
	refusal(t, serveOnce(t, s), 1, "migrate")
	status := command(t, environment(s, time.Time{}), "", "migrate", "status")
	if status.code != 0 || !strings.Contains(status.out, "pending") {
		t.Errorf("the status does not say what is pending: %s", status)
	}
}

func TestStartWithoutADatabase(t *testing.T) {
	s := plain(t)
	address := freeAddress(t)
	s.Database = "postgres://guangyi:secret-word@" + address + "/guangyi?sslmode=disable"
	o := serveOnce(t, s)
	refusal(t, o, 1, address, "DATABASE_URL")
	if strings.Contains(o.errs, "secret-word") {
		t.Errorf("the sentence tells the password: %s", o.errs)
	}
}

func TestStartOnADatabaseThatMayForget(t *testing.T) {
	s := settingsFor(t, databasetest.Target(t, database.Postgres)) // the tests' PostgreSQL runs without fsync
	s.Listen = freeAddress(t)
	refusal(t, serveOnce(t, s), 1, "fsync", "postgresql.conf")
}

func TestStartWithForeignKeys(t *testing.T) {
	s := plain(t)
	made := command(t, environment(s, time.Time{}), "", "org", "add", "--slug", "own", "--name", "局")
	if made.code != 0 {
		t.Fatal(made)
	}
	must(t, os.RemoveAll(filepath.Join(s.Data, "keys")))
	refusal(t, serveOnce(t, s), 1, "keys/master.json")
}

func TestDemonstrationOnlyInAnEmptyPlace(t *testing.T) {
	s := plain(t)
	made := command(t, environment(s, time.Time{}), "", "org", "add", "--slug", "own", "--name", "局")
	if made.code != 0 {
		t.Fatal(made)
	}
	refusal(t, serveOnce(t, s, "--demo"), 1)
}

func TestWrongSettings(t *testing.T) {
	for name, wrong := range map[string]string{
		"GUANGYI_LISTEN": "8080", "GUANGYI_BASE_URL": "yijian", "DATABASE_URL": "mysql://here", "GUANGYI_LANG": "fr", "GUANGYI_TIMEZONE": "Shanghai",
		"GUANGYI_CLOCK": "tomorrow", "GUANGYI_SMTP_URL": "mail.example", "GUANGYI_RATE_LIMIT": "maybe", "GUANGYI_CHALLENGE": "maybe",
		"GUANGYI_PAGE_CACHE": "maybe", "GUANGYI_BLOB_URL": "s3://bucket", "GUANGYI_SMS_URL": "http://sms.example", "GUANGYI_OIDC_ISSUER": "https://id.example",
	} {
		t.Run(name, func(t *testing.T) {
			var env []string
			for _, e := range environment(plain(t), time.Time{}) {
				if !strings.HasPrefix(e, name+"=") {
					env = append(env, e)
				}
			}
			o := command(t, append(env, name+"="+wrong), "", "serve")
			if o.code != 2 || !strings.Contains(o.errs, wrong) || o.out != "" {
				t.Errorf("want exit 2 and the wrong value: %s", o)
			}
			if n := strings.Count(strings.TrimSpace(o.errs), "\n"); n > 1 {
				t.Errorf("want a sentence, got %d lines: %s", n+1, o.errs)
			}
		})
	}
}

// Each command tells its use and an example, and a wrong use is told apart from
// work that failed.
func TestCommandsExplainThemselves(t *testing.T) {
	env := environment(plain(t), time.Time{})
	for _, args := range []string{"serve", "migrate up", "org add", "user add", "token add", "import draft", "import submissions", "export", "parse"} {
		words := strings.Fields(args)
		o := command(t, env, "", append(words, "--help")...)
		if o.code != 0 || !strings.Contains(o.out, "Example: ") {
			t.Errorf("guangyi %s --help has no example: %s", args, o)
		}
		o = command(t, env, "", append(words, "--no-such-flag")...)
		if o.code != 2 || o.out != "" {
			t.Errorf("guangyi %s with a wrong flag: want exit 2 and nothing on standard output: %s", args, o)
		}
	}
	if o := command(t, env, "", "org", "add", "--slug", "Not A Slug", "--name", "x"); o.code != 1 {
		t.Errorf("a refused slug: want exit 1: %s", o)
	}
}

// A start on an empty folder needs nothing else, ends by SIGTERM with 0, and the
// next one goes on with the same site.
func TestStartStopAndStartAgain(t *testing.T) {
	s := plain(t)
	for i := range 2 {
		r := launch(t, s)
		must(t, r.cmd.Process.Signal(syscall.SIGTERM))
		select {
		case <-r.done:
		case <-time.After(20 * time.Second):
			t.Fatal("the program does not end")
		}
		if code := r.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("start %d: exit %d: %s", i+1, code, r.log)
		}
		if strings.Contains(fmt.Sprint(r.log), "panic") {
			t.Errorf("start %d: %s", i+1, r.log)
		}
	}
}
