package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
)

// verifies reports whether a signed note holds under each of the keys alone.
func verifies(t *testing.T, signed string, keys ...string) bool {
	t.Helper()
	for _, key := range keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := note.Open([]byte(signed), note.VerifierList(v)); err != nil {
			return false
		}
	}
	return true
}

func TestTheKeyOfTheRegisterIsShownAndChanged(t *testing.T) {
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		folder := t.TempDir()
		settings := []string{"--data", folder, "--base-url", "https://yijian.example"}
		if strings.HasPrefix(target, "postgres") {
			settings = append(settings, "--database", target)
		}
		command := func(args ...string) (int, string, string) { return guangyi(t, nil, append(args, settings...)...) }
		status, first, errs := command("register", "key")
		if status != 0 || !strings.HasPrefix(first, "yijian.example/log+") || strings.Count(first, "\n") != 1 {
			t.Fatalf("status %d: %s%s", status, first, errs)
		}
		status, handover, errs := command("register", "rotate", "--sm2")
		if status != 0 {
			t.Fatalf("status %d: %s", status, errs)
		}
		status, all, errs := command("register", "key")
		lines := strings.Fields(all)
		if status != 0 || len(lines) != 3 || lines[2]+"\n" != first {
			t.Fatalf("status %d: %s%s", status, all, errs)
		}
		if !verifies(t, handover, lines[0], lines[2]) {
			t.Errorf("the handover is not signed by both: %s", handover)
		}
		status, _, errs = guangyi(t, nil, append([]string{"register", "key", "--data", t.TempDir()}, databaseOf(settings)...)...)
		if len(databaseOf(settings)) > 0 && (status != exitFailed || !strings.Contains(errs, "copy keys/register.key")) {
			t.Errorf("a node without the key: status %d: %s", status, errs)
		}
	})
}

// databaseOf is the setting that names a database beside the data folder.
func databaseOf(settings []string) []string {
	if len(settings) < 6 {
		return nil
	}
	return settings[4:]
}

func TestAKeyIsMadeOutsideAndGiven(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	status, made, errs := guangyi(t, nil, "register", "key", "--new", "--data", folder, "--base-url", "https://yijian.example")
	if status != 0 || !strings.Contains(errs, "Keep this key secret") || strings.Contains(errs, made) {
		t.Fatalf("status %d: %s", status, errs)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Error("making a key has made a site")
	}
	key, err := register.ParseKey(made)
	if err != nil || key.Origin() != "yijian.example/log" {
		t.Fatalf("%v %s", err, made)
	}
	t.Setenv("GUANGYI_REGISTER_KEY", made)
	status, shown, errs := guangyi(t, nil, "register", "key", "--data", folder)
	if status != 0 || strings.TrimSpace(shown) != key.Verifier() {
		t.Fatalf("status %d: %s%s", status, shown, errs)
	}
	if status, _, errs = guangyi(t, nil, "register", "rotate", "--data", folder); status != exitFailed || !strings.Contains(errs, "--to FILE") {
		t.Errorf("status %d: %s", status, errs)
	}
	next, err := register.NewKey("yijian.example/log", false)
	if err != nil {
		t.Fatal(err)
	}
	status, handover, errs := guangyi(t, map[string]string{"next.key": next.Text()}, "register", "rotate", "--to", "next.key", "--data", folder)
	if status != 0 || !strings.Contains(errs, "set GUANGYI_REGISTER_KEY to next.key") || !verifies(t, handover, key.Verifier(), next.Verifier()) {
		t.Fatalf("status %d: %s%s", status, handover, errs)
	}
	if status, _, errs = guangyi(t, nil, "register", "key", "--data", folder); status != exitFailed || !strings.Contains(errs, "signed by another key") {
		t.Errorf("the old key: status %d: %s", status, errs)
	}
}

func TestWrongUseOfTheRegistersCommands(t *testing.T) {
	for _, args := range [][]string{
		{"register"}, {"register", "key", "--sm2"}, {"register", "key", "--origin", "x/log"}, {"register", "rotate", "--to", "a", "--sm2"}, {"register", "key", "more"},
	} {
		if status, _, errs := guangyi(t, nil, append(args, "--data", t.TempDir())...); status != exitUsage {
			t.Errorf("%v: status %d: %s", args, status, errs)
		}
	}
	if status, _, errs := guangyi(t, nil, "register", "rotate", "--to", "nowhere.key", "--data", t.TempDir()); status != exitFailed || errs == "" {
		t.Errorf("a file that is not there: status %d: %s", status, errs)
	}
	for _, args := range [][]string{{"register", "--help"}, {"register", "key", "--help"}, {"register", "rotate", "--help"}} {
		if status, out, _ := guangyi(t, nil, args...); status != 0 || !strings.Contains(out, "Example: guangyi register") {
			t.Errorf("%v: status %d: %s", args, status, out)
		}
	}
}
