package meetingweb_test

import (
	"fmt"
	"strings"
	"testing"

	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/web"
)

// tab is somebody's browser window.
func (st *stage) tab(who string, page browsertest.Page) *browsertest.Tab {
	st.t.Helper()
	tab := browsertest.Start(st.t).Tab(st.t, page)
	if who != "" {
		tab.Open(st.base + "/meetings") // a page of the site, where its cookies can be set
		tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=`+who+`; path=/"`, new(string))
	}
	return tab
}

// look opens a page at both widths and in both languages and lets axe judge it.
func (st *stage) look(who, name, path string) {
	st.t.Helper()
	for _, view := range browsertest.Views() {
		tab := st.tab(who, view)
		if r := tab.Open(st.base + path); r.Status != 200 {
			st.t.Fatalf("%s: %d", path, r.Status)
		}
		st.judge(tab, fmt.Sprintf("%s-%s-%d", name, view.Lang, view.Width))
	}
}

// judge lets axe look at the page at hand and takes its picture.
func (st *stage) judge(tab *browsertest.Tab, name string) {
	st.t.Helper()
	browsertest.NoViolations(st.t, tab)
	if tab.Scrolls() {
		st.t.Errorf("%s scrolls sideways", name)
	}
	browsertest.Screenshot(st.t, tab, name)
}

// shown runs what a browser shows once: it does not depend on the database.
func shown(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() != database.SQLite {
			return
		}
		test(newStage(t, db, at))
	})
}

// ways are how a task is tried: both widths, both languages, with and without script.
var ways = []browsertest.Page{
	{Width: 360, Height: 740, Lang: "zh-CN", NoScript: true}, {Width: 1280, Height: 800, Lang: "en"},
	{Width: 360, Height: 740, Lang: "en"}, {Width: 1280, Height: 800, Lang: "zh-CN", NoScript: true},
}

func TestAResidentAppliesFromTheCallToTheReference(t *testing.T) {
	shown(t, func(st *stage) {
		m := st.opened(st.call())
		st.look("", "list", "/meetings")
		for i, way := range ways {
			tab := st.tab("", way)
			name := fmt.Sprintf("task-%s-%d-", way.Lang, way.Width)
			tab.Open(st.base + "/meetings/" + m.Slug)
			st.judge(tab, name+"call")
			tab.Follow("#apply")
			tab.Click("#category")
			tab.Type("#name", "陈阿玉")
			tab.Click("#sex")
			tab.Choose("#district", "城北区")
			tab.Type("#profession", "退休教师")
			tab.Click("#conflict")
			tab.Follow("button[value=continue]")
			if !tab.Exists(".govuk-error-summary") || tab.Value("#name") != "陈阿玉" {
				t.Error("what is missing is not said, or what was typed is lost")
			}
			st.judge(tab, name+"errors")
			tab.Type("#phone", fmt.Sprintf("1380013800%d", i))
			tab.Type("#birth_year", "1954")
			tab.Follow("button[value=continue]")
			tab.Type("#opinion", "收费要写在墙上。")
			st.judge(tab, name+"opinion")
			tab.Follow("button[value=continue]")
			tab.Click("#consent")
			st.judge(tab, name+"check")
			if r := tab.Follow("button[value=send]"); r.Status != 200 {
				t.Fatalf("sending: %d", r.Status)
			}
			if tab.Text("#application-reference") == "" || tab.Text("#application-secret") == "" {
				t.Error("no reference and secret are shown")
			}
			st.judge(tab, name+"sent")
		}
	})
}

func TestASecretaryGoesFromANewCallToPublication(t *testing.T) {
	shown(t, func(st *stage) {
		for _, way := range ways[:2] {
			tab := st.tab("secretary", way)
			name := fmt.Sprintf("desk-%s-%d-", way.Lang, way.Width)
			tab.Open(st.base + "/staff/meetings/new")
			st.judge(tab, name+"new")
			tab.Type("#title", "请您列席：审议养老服务收费公示办法")
			for id, value := range map[string]string{"starts_at": "2026-12-18", "ends_at": "2026-12-18"} {
				tab.Choose("#"+id, value)
			}
			tab.Type("#starts_at_time", "9:30")
			tab.Type("#ends_at_time", "11:30")
			tab.Follow("main form button")
			st.write(tab, name)
			st.publish(tab, way, name)
		}
	})
}

// write fills the long form, adds rows by their buttons, and saves.
func (st *stage) write(tab *browsertest.Tab, name string) {
	st.t.Helper()
	tab.Type("#matter", "养老服务收费公示办法")
	tab.Follow("#add-categories")
	tab.Follow("#add-quotas")
	tab.Type("#seats", "3")
	tab.Type("#categories-1-seats", "3")
	tab.Choose("#quotas-1-what", "sex:female")
	tab.Type("#quotas-1-min", "1")
	tab.Type("#quotas-1-max", "3")
	tab.Type("#place", "云州市人民路100号")
	tab.Type("#contact", "办公室　吴先生 0571-1234 5688")
	tab.Choose("#closes_at", "2026-12-10")
	tab.Choose("#forget_at", "2027-01-18")
	tab.Evaluate(`document.querySelector("#draw").open = true`, new(bool))
	tab.Choose("#seed_source", "lottery")
	tab.Type("#seed_name", "福彩3D")
	tab.Type("#seed_reference", "2026333")
	tab.Choose("#seed_known_at", "2026-12-11")
	tab.Type("#seed_known_at_time", "21:15")
	tab.Follow("#check-periods")
	st.judge(tab, name+"edit")
	if r := tab.Follow("button[value=save].govuk-button"); r.Status != 200 || tab.Exists(".govuk-error-summary") {
		st.t.Fatalf("the call is refused: %d %s", r.Status, tab.Text("main"))
	}
	st.judge(tab, name+"room")
}

// publish submits the call and lets a reviewer approve it.
func (st *stage) publish(tab *browsertest.Tab, way browsertest.Page, name string) {
	st.t.Helper()
	room := tab.URL()
	tab.Follow("main form[action$='/events'] button")
	reviewer := st.tab("reviewer", way)
	reviewer.Open(room + "/review")
	st.judge(reviewer, name+"review")
	reviewer.Follow("main form[action$='/events'] button.govuk-button")
	if !strings.HasSuffix(reviewer.URL(), strings.TrimPrefix(room, st.base)) {
		st.t.Fatalf("after approval the reviewer is at %s", reviewer.URL())
	}
	public := strings.Replace(room, "/staff", "", 1)
	if r := st.tab("", way).Open(public); r.Status != 200 {
		st.t.Errorf("the published call answers %d", r.Status)
	}
	slug := room[strings.LastIndexByte(room, '/')+1:]
	form := "/meetings/" + slug + "/apply"
	one := with(filled("陈阿玉", "13800138000"))
	st.want(st.browser("").post(form, form, one), 200)
	all, err := st.meetings.Applications(ctx, st.stored(strings.TrimPrefix(room, st.base)).ID)
	must(st.t, err)
	desk := strings.TrimPrefix(room, st.base)
	for page, path := range map[string]string{
		"applications": "/applications", "one": "/applications/" + formatted(all[0].ID), "enter": "/applications/new", "agenda": "/agenda",
		"amend": "/edit", "moved": "",
	} {
		tab.Open(st.base + desk + path)
		st.judge(tab, name+page)
	}
	tab.Open(st.base + "/staff/meetings")
	st.judge(tab, name+"list")
}
