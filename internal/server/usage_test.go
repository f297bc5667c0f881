package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// A switch that is neither on nor off is told by its name, with an example, as
// every other setting.
func TestASwitchIsExplainedByItsName(t *testing.T) {
	for _, name := range []string{"GUANGYI_RATE_LIMIT", "GUANGYI_CHALLENGE", "GUANGYI_PAGE_CACHE"} {
		env := []string{"GUANGYI_DATA=" + t.TempDir(), name + "=perhaps"}
		refusal(t, command(t, env, "", "serve"), 2, name, "perhaps", "for example "+name+"=on")
	}
	refusal(t, command(t, []string{"GUANGYI_LISTEN=127.0.0.1:99999"}, "", "serve"), 2, "GUANGYI_LISTEN", "99999")
}

// What a person typed wrongly is wrong usage, whatever stands in the database.
func TestWordsThatAreNoneAreWrongUse(t *testing.T) {
	env := environment(plain(t), time.Time{})
	refusal(t, command(t, env, "", "user", "add", "--email", "a@b.example", "--role", "king", "--org", "none"), 2, "king")
	refusal(t, command(t, env, "", "import", "submissions", "--consultation", "none", "--channel", "pigeon", "/dev/null"), 2, "pigeon", "letter")
	refusal(t, command(t, env, "", "export", "summary", "--consultation", "no-such", "-o", filepath.Join(t.TempDir(), "x")), 1, "no-such")
}

func TestGroupsOfCommandsHaveAnExample(t *testing.T) {
	env := environment(plain(t), time.Time{})
	for _, group := range []string{"migrate", "org", "user", "token", "import"} {
		if o := command(t, env, "", group, "--help"); o.code != 0 || !strings.Contains(o.out, "Example: ") {
			t.Errorf("guangyi %s --help has no example: %s", group, o)
		}
	}
}

// Taking back what is not there is no failure: there is nothing to do.
func TestMigrateDownOfNothing(t *testing.T) {
	env := environment(plain(t), time.Time{})
	if o := command(t, env, "", "migrate", "down"); o.code != 0 || strings.TrimSpace(o.out) != "nothing to do" || o.errs != "" {
		t.Errorf("want nothing to do: %s", o)
	}
}

// A device is written to, never replaced by a file.
func TestExportLeavesADeviceADevice(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	slug := p.prepare(p.org("own").Slug, rules)
	link := filepath.Join(t.TempDir(), "null")
	must(t, os.Symlink("/dev/null", link))
	p.cli("export", "submissions", "--consultation", slug, "-o", link)
	if at, err := os.Lstat(link); err != nil || at.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the export took the place of a device: %v", err)
	}
}

// An empty key is a mistake of the program that sends it: taken as none, each
// retry would be another letter.
func TestAnEmptyIdempotencyKeyIsRefused(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	slug := p.open(p.org("own").Slug, nil)
	at := api + "/consultations/" + slug + "/submissions"
	a := p.call("POST", at, "", letter("早市不要太吵。"), "Idempotency-Key", "")
	problem(t, "an empty key", a, 422)
	if a := p.call("POST", at, "", letter("早市不要太吵。")); a.status != 201 {
		t.Errorf("without a key: %d", a.status)
	}
}
