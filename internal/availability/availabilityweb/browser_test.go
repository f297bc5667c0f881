package availabilityweb_test

import (
	"fmt"
	"testing"
	"time"

	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/web"
)

// tab is somebody's browser window.
func (st *stage) tab(who string, page browsertest.Page) *browsertest.Tab {
	st.t.Helper()
	tab := browsertest.Start(st.t).Tab(st.t, page)
	if who != "" {
		tab.Open(st.base + "/consultations/" + st.slug + "/availability") // where the site's cookies can be set
		tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=`+who+`; path=/"`, new(string))
	}
	return tab
}

// Every page in both languages and at both widths: nothing that axe finds, nothing
// to scroll sideways.
func TestPagesCanBeReadByEverybody(t *testing.T) {
	st := newStage(t, "sqlite")
	must(t, st.availability.Beat(ctx))
	st.lose(3*time.Hour + 20*time.Minute)
	st.lose(26 * time.Hour)
	st.challenges.Note("limited")
	st.challenges.Note("challenge.missing")
	must(t, st.availability.Beat(ctx))
	form := st.post("operator", "/staff/availability", "/staff/availability/announce", map[string][]string{
		"begins_at": {"2026-12-01T22:00"}, "ends_at": {"2026-12-01T23:00"}, "note_zh": {"更换磁盘，期间不能提交意见。"}, "note_en": {"New disks; no comments can be sent meanwhile."},
	})
	if form.status != 303 {
		t.Fatalf("%d %s", form.status, form.body)
	}
	for _, page := range browsertest.Views() {
		for _, p := range []struct{ who, name, path string }{
			{"", "public", "/consultations/" + st.slug + "/availability"},
			{"officer", "room", "/staff/consultations/" + st.slug + "/availability"},
			{"operator", "desk", "/staff/availability"},
			{"officer", "staffdesk", "/staff/availability"},
		} {
			tab := st.tab(p.who, page)
			if r := tab.Open(st.base + p.path); r.Status != 200 {
				t.Fatalf("%s: %d", p.path, r.Status)
			}
			st.judge(tab, fmt.Sprintf("availability-%s-%s-%d", p.name, page.Lang, page.Width))
		}
	}
}

func (st *stage) judge(tab *browsertest.Tab, name string) {
	st.t.Helper()
	browsertest.NoViolations(st.t, tab)
	if tab.Scrolls() {
		st.t.Errorf("%s scrolls sideways", name)
	}
	browsertest.Screenshot(st.t, tab, name)
}

// The officer extends with the notice as it stands, on a telephone without script.
func TestAnOfficerExtendsOnATelephoneWithoutScript(t *testing.T) {
	st := newStage(t, "sqlite")
	st.lose(2 * time.Hour)
	tab := st.tab("officer", browsertest.Page{Width: 360, Height: 800, Lang: "zh-CN", NoScript: true})
	tab.Open(st.base + "/staff/consultations/" + st.slug + "/availability")
	if r := tab.Follow(`button[value="extend"]`); r.Status != 200 {
		t.Fatalf("%d", r.Status)
	}
	if tab.Exists(`button[value="extend"]`) {
		t.Error("it is proposed again")
	}
	c, err := st.consultations.Staff(ctx, st.people["officer"], st.slug)
	must(t, err)
	if !c.ClosesAt.Equal(start.AddDate(0, 0, 31)) {
		t.Errorf("it closes at %s", c.ClosesAt)
	}
}
