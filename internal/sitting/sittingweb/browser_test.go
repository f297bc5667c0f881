package sittingweb_test

import (
	"fmt"
	"testing"
	"time"

	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
)

// tab is somebody's window.
func (st *stage) tab(who string, page browsertest.Page) *browsertest.Tab {
	st.t.Helper()
	tab := browsertest.Start(st.t).Tab(st.t, page)
	tab.Open(st.base + "/signin")
	if who != "" {
		st.until(tab, "the session's cookie", `(document.cookie = "`+web.SessionCookie+`=`+who+`; path=/") && document.cookie.includes("`+who+`")`)
	}
	return tab
}

// until waits for a condition of the page; the time is only how long it may take.
func (st *stage) until(tab *browsertest.Tab, what, condition string) {
	st.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var ok bool
		tab.Evaluate(`Boolean(`+condition+`)`, &ok)
		if ok {
			return
		}
	}
	var html string
	tab.Evaluate(`(document.querySelector("[data-bar]")?.outerHTML || "") + (document.querySelector("[data-panels]")?.innerHTML || "").slice(0, 1500)`, &html)
	st.t.Fatalf("not in time: %s\n%s", what, html)
}

const (
	bar    = `document.querySelector("[data-bar]")`
	queued = `Number(document.querySelector("[data-waiting]").textContent)`
)

func row(seat string) string { return `[data-seat="` + seat + `"]` }

// An hour without network: people come, somebody is listed, speaks and confirms, the
// page is loaded again; then the line is back, and all of it is recorded once.
func TestADayGoesOnWithoutNetwork(t *testing.T) {
	once(t, func(st *stage) {
		st.morning()
		tab := st.tab("secretary", browsertest.Page{Width: 820, Height: 1180})
		address := st.base + "/staff/meetings/" + st.slug + "/day"
		tab.Open(address)
		st.until(tab, "the page is kept on the device", `document.querySelector("[data-day]").dataset.kept`)

		st.line.pull(true)
		tab.Click(row(st.seats[5]) + ` form[data-act=check_in] button`) // 刘洋
		st.until(tab, "the amber bar", `!`+bar+`.hidden && `+queued+` === 1`)
		tab.Click(`[data-entry="early-00018"] form[data-act=start] button`) // 陈阿玉
		st.until(tab, "her words can be written", `document.querySelector('[data-panel="early-00018"]:not([hidden])')`)
		tab.Type(`[data-panel="early-00018"] [data-at~=speaking] textarea`, "收费表挂在大厅，字要大。\n\n押金什么时候退，办法里没有写。")
		tab.Choose(`[data-panel="early-00018"] [data-at~=speaking] select`, "art-6")
		browsertest.NoViolations(t, tab)
		browsertest.Screenshot(t, tab, "day-offline-820")
		tab.Click(`[data-panel="early-00018"] button[value=stop]`)
		st.until(tab, "her words stand to be confirmed", `document.querySelectorAll('[data-panel="early-00018"] [data-points] .gy-point').length === 2`)

		// The tablet goes dark and is opened again, still without network.
		tab.Evaluate(`setTimeout(() => location.reload(), 50)`, new(any))
		time.Sleep(300 * time.Millisecond)
		st.until(tab, "the page is there again", `document.querySelector("[data-day]")?.dataset.ready && `+queued+` >= 4`)
		st.until(tab, "nothing is forgotten", `document.querySelector('`+row(st.seats[5])+`').dataset.state === "in" && document.querySelectorAll('[data-panel="early-00018"]:not([hidden]) [data-points] .gy-point').length === 2`)
		browsertest.Screenshot(t, tab, "day-offline-confirm-820")
		tab.Click(`[data-panel="early-00018"] form[data-act=sign] button.govuk-button`)
		st.until(tab, "her turn is confirmed", `document.querySelector('[data-entry="early-00018"]').dataset.turn === "signed"`)

		if n := len(st.day().Statements); n != 2 {
			t.Fatalf("%d statements are there while the line is cut, want the 2 of the morning", n)
		}
		st.line.pull(false)
		st.until(tab, "all has gone up", bar+`.hidden && `+bar+`.dataset.state === "done"`)
		st.recordedOnce(tab)
	})
}

func (st *stage) recordedOnce(tab *browsertest.Tab) {
	st.t.Helper()
	d := st.day()
	e := d.Record.Turns["early-00018"]
	if e == nil || e.State != sitting.Signed || len(e.Signed) != 1 || len(e.Words()) != 2 || e.Words()[1].Provision != "art-6" {
		st.t.Fatalf("%+v", e)
	}
	if len(d.Statements) != 3 || d.Presence(st.seats[5]).State != sitting.Inside || len(d.Record.Conflicts) != 0 || d.Refused != 0 {
		st.t.Errorf("%d statements, %+v, %d refused", len(d.Statements), d.Record.Conflicts, d.Refused)
	}
	st.until(tab, "the receipt is shown", `document.body.textContent.includes("受理编号")`)
	var left int
	tab.Evaluate(`new Promise((r) => { const a = indexedDB.open("guangyi-day"); a.onsuccess = () => { const q = a.result.transaction("queue").objectStore("queue").count(); q.onsuccess = () => r(q.result); }; })`, &left)
	if left != 0 {
		st.t.Errorf("%d acts are still on the device", left)
	}
}

// A session that ended keeps the queue; signing in lets it go up; signing out empties
// the device.
func TestASessionThatEndsKeepsTheQueueAndSigningOutEmptiesIt(t *testing.T) {
	once(t, func(st *stage) {
		tab := st.tab("secretary", browsertest.Page{Width: 820, Height: 1180})
		address := st.base + "/staff/meetings/" + st.slug + "/day"
		tab.Open(address)
		st.until(tab, "the page is kept on the device", `document.querySelector("[data-day]").dataset.kept`)
		st.sealed.Store(true)
		tab.Click(row(st.seats[0]) + ` form[data-act=check_in] button`)
		st.until(tab, "it asks to sign in", `!`+bar+`.hidden && `+bar+`.dataset.state === "signin"`)
		if n := len(st.day().Record.Seats); n != 0 {
			t.Fatalf("%d were taken without a session", n)
		}
		st.sealed.Store(false)
		tab.Open(address)
		st.until(tab, "it has gone up", bar+`.dataset.state === "done"`)
		if st.day().Presence(st.seats[0]).State != sitting.Inside {
			t.Error("the check-in is lost")
		}
		tab.Evaluate(`setTimeout(() => document.querySelector('form[action="/signout"]').requestSubmit(), 50)`, new(any))
		st.until(tab, "signed out", `document.querySelector("#out")`)
		var names []string
		tab.Evaluate(`indexedDB.databases().then((l) => l.map((d) => d.name))`, &names)
		if len(names) != 0 {
			t.Errorf("after signing out the device still holds %v", names)
		}
	})
}

// Each width and language is judged once.
func TestTheDayReadsWellAtEveryWidth(t *testing.T) {
	once(t, func(st *stage) {
		st.morning()
		token, err := st.s.LinkFor(ctx, st.people["secretary"], st.slug, "early-00018")
		must(t, err)
		base := "/staff/meetings/" + st.slug + "/day"
		pages := map[string]string{"day": base, "day-words": base + "?entry=early-00018", "paper": base + "/paper", "sheet": base + "/print/sheet", "badges": base + "/print/badges", "words": "/s/" + token}
		for name, path := range pages {
			for i, width := range []int{360, 820, 1280} {
				lang := []string{"zh-CN", "en"}[i%2]
				who := "secretary"
				if name == "words" {
					who = ""
				}
				tab := st.tab(who, browsertest.Page{Width: width, Height: 900, Lang: lang, NoScript: width == 1280})
				if r := tab.Open(st.base + path); r.Status != 200 {
					t.Fatalf("%s: %d", path, r.Status)
				}
				browsertest.NoViolations(t, tab)
				if tab.Scrolls() {
					t.Errorf("%s scrolls sideways at %d px", path, width)
				}
				browsertest.Screenshot(t, tab, fmt.Sprintf("%s-%s-%d", name, lang, width))
			}
		}
	})
}
