package server_test

import (
	"regexp"
	"strings"
	"testing"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

var hrefs = regexp.MustCompile(`href="(/staff[^"#]*)"`)

// No page leads somebody to a door that is closed to them: every address on the
// first page of staff and on that of a consultation opens for whoever is shown it.
func TestEveryDoorThatIsShownOpens(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	p.org("own")
	prepared := p.prepare("own", rules)
	slug := p.open("own", nil)
	p.deskEntry("own", slug, true)
	for _, role := range staffRoles {
		v := p.as("own", role)
		seen := map[string]bool{}
		for _, at := range []string{"/staff", "/staff/consultations/" + slug, "/staff/consultations/" + prepared} {
			for _, m := range hrefs.FindAllStringSubmatch(v.open(at).body, -1) {
				to := strings.ReplaceAll(m[1], "&amp;", "&")
				if seen[to] {
					continue
				}
				seen[to] = true
				if got := v.get(to); got.status != 200 && got.status != 303 {
					t.Errorf("%s leads a %s to %s: %d", at, role, to, got.status)
				}
			}
		}
	}
}

// What lies at the desk waits for an officer, and is counted at the door; the
// metrics tell how far the register is behind.
func TestTheDayShowsWhatLiesAtTheDesk(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	p.org("own")
	slug := p.open("own", nil)
	p.deskEntry("own", slug, true)
	v := p.as("own", "officer")
	if page := v.open("/staff"); !strings.Contains(page.body, "/staff/consultations/"+slug+"/desk/check") || !strings.Contains(page.body, "核对别人录入的1件") {
		t.Error("the day of an officer does not name the letter that another typed")
	}
	if page := v.open("/staff/consultations/" + slug); !strings.Contains(page.body, "等处理1件") {
		t.Error("the page of the consultation does not count it")
	}
	if page := p.as("own", "secretary").open("/staff"); strings.Contains(page.body, "/desk") {
		t.Error("a secretary is led to the desk")
	}
	if a := p.call("GET", "/metrics", "", nil); !strings.Contains(string(a.body), "guangyi_register_waiting_seconds ") {
		t.Error("the metrics do not tell how long the register waits")
	}
}
