package meetingweb_test

import (
	"fmt"
	"os"
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

// pictures are wanted: browsertest.Screenshot stores them.
var pictures = os.Getenv("GUANGYI_SCREENSHOTS") != ""

// look opens a page at both widths and in both languages and lets axe judge it.
func (st *stage) look(who, name, path string) {
	st.t.Helper()
	for _, lang := range []string{"zh-CN", "en"} {
		for _, width := range []int{360, 1280} {
			if !pictures && (lang == "en") != (width == 1280) {
				continue // each width and each language is judged once; pictures want all four
			}
			tab := st.tab(who, browsertest.Page{Width: width, Height: 800, Lang: lang})
			if r := tab.Open(st.base + path); r.Status != 200 {
				st.t.Fatalf("%s: %d", path, r.Status)
			}
			st.judge(tab, fmt.Sprintf("%s-%s-%d", name, lang, width))
		}
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

func TestTheCallReadsWellAtEveryWidth(t *testing.T) {
	shown(t, func(st *stage) {
		m := st.opened(st.call())
		st.look("", "call", "/meetings/"+m.Slug)
		st.look("", "list", "/meetings")
		st.look("", "apply", "/meetings/"+m.Slug+"/apply")
	})
}
