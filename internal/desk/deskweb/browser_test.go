package deskweb_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guangyi/internal/desk"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/web"
)

// tab is somebody's window.
func (st *stage) tab(who string, page browsertest.Page) *browsertest.Tab {
	st.t.Helper()
	tab := browsertest.Start(st.t).Tab(st.t, page)
	tab.Open(st.base + "/signin")
	st.until(tab, "the session's cookie", `(document.cookie = "`+web.SessionCookie+`=`+who+`; path=/") && document.cookie.includes("`+who+`")`)
	return tab
}

// until waits for a condition of the page; the time is only how long it may take.
func (st *stage) until(tab *browsertest.Tab, what, condition string) {
	st.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var ok bool
		tab.Evaluate(`Boolean(`+condition+`)`, &ok)
		if ok {
			return
		}
	}
	var html string
	tab.Evaluate(`document.activeElement?.id + " " + [...document.querySelectorAll("main input, main select, main textarea")].map((f) => f.name + "=" + f.value).join(" ")`, &html)
	st.t.Fatalf("not in time: %s at %s\n%s", what, tab.URL(), html)
}

// keys presses what a clerk would, and nothing else: the cursor is where the page put it.
func keys(tab *browsertest.Tab, presses ...string) {
	for _, p := range presses {
		if p == kb.Enter {
			enter(tab)
			continue
		}
		tab.Press(p)
	}
}

// enter presses the key as a keyboard does: the browser makes no character of it when
// the page took the key itself.
func enter(tab *browsertest.Tab) {
	key := input.DispatchKeyEventParams{Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
	for _, step := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeChar, input.DispatchKeyEventTypeKeyUp} {
		one := key
		one.Type = step
		if step == input.DispatchKeyEventTypeChar {
			one.Text, one.UnmodifiedText = "\r", "\r"
		}
		tab.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, one)
			return err
		}))
	}
}

// press holds Ctrl and presses a key.
func press(tab *browsertest.Tab, key string) {
	tab.Run(chromedp.KeyEvent(key, chromedp.KeyModifiers(kb.ModifierCtrl)))
}

const focused = `document.activeElement?.id`

// typeLetter types one letter from the first field on with Enter between the fields,
// and ends it with Ctrl+Enter.
func (st *stage) typeLetter(tab *browsertest.Tab, name, phone, provision, text string) {
	st.t.Helper()
	st.until(tab, "the cursor stands in the first field", focused+` === "name" && document.querySelector("[name=name]").value === "" && document.querySelector("[data-desk-ready]")`)
	keys(tab, name, kb.Enter, kb.Enter, kb.Enter, phone) // name, kind, unit, telephone
	st.until(tab, "the telephone is typed", `document.querySelector("#phone").value === "`+phone+`"`)
	for range 7 { // e-mail, address, district, arrival, postmark, post book, provision
		keys(tab, kb.Enter)
	}
	st.until(tab, "the cursor came to the provision", focused+` === "provision-1"`)
	keys(tab, provision)
	st.until(tab, "the number is understood", `document.querySelector("#provision-1-found").textContent.length > 4`)
	keys(tab, kb.Enter)
	st.until(tab, "the cursor came to the comment", focused+` === "text-1"`)
	keys(tab, text)
	tab.Evaluate(`window.before = true`, new(any))
	press(tab, kb.Enter)
	st.until(tab, "the letter is told of", `!window.before && document.querySelector(".gy-deskdone")`)
}

// A clerk takes in five letters with the keyboard alone; each must be checked, a
// colleague does so, one of them with a difference; then the slips are printed.
func TestFiveLettersByKeyboardAlone(t *testing.T) {
	once(t, func(st *stage) {
		must(t, st.s.Demand(ctx, st.people["admin"], st.org.ID, 100))
		tab := st.tab("clerk", browsertest.Page{Width: 1280, Height: 900})
		tab.Open(st.base + st.at(""))
		tab.Run(chromedp.Focus(chromedp.CSS("#day")))
		press(tab, kb.Enter)
		st.until(tab, "the first form", `location.pathname.includes("/batches/")`)
		names := []string{"陈阿玉", "罗建军", "马小梅", "沈国良", "赵一鸣"}
		for i, name := range names {
			st.typeLetter(tab, name, fmt.Sprintf("1380000%04d", i), []string{"8", "9"}[i%2], fmt.Sprintf("第%d封：收费表挂在大厅，字要大。", i+1))
		}
		if got := st.entries(); got[desk.Waiting] != 5 || got[desk.Draft] != 0 {
			t.Fatalf("%v", got)
		}
		st.checkAll(names)
		if n := st.count("SELECT COUNT(*) FROM submissions"); n != 5 {
			t.Fatalf("%d submissions", n)
		}
		tab.Open(st.base + st.at(""))
		var batch string
		tab.Evaluate(`document.querySelector('aside a[href*="/batches/"]').getAttribute("href")`, &batch)
		tab.Open(st.base + batch + "/slips")
		if n := tab.Count(".gy-slip"); n != 5 {
			t.Errorf("%d slips", n)
		}
		browsertest.NoViolations(t, tab)
		st.printed(tab, "a4")
	})
}

// checkAll is the colleague: types the key fields anew and compares.
func (st *stage) checkAll(names []string) {
	st.t.Helper()
	tab := st.tab("second", browsertest.Page{Width: 1280, Height: 900})
	for i, name := range names {
		tab.Open(st.base + st.at("/check"))
		st.until(tab, "the cursor stands in the first field", focused+` === "name"`)
		keys(tab, name, kb.Tab, kb.Tab, fmt.Sprintf("1380000%04d", i))
		if i == 2 {
			tab.Type("#text-1", "第3封：收费表挂在大堂，字要大。")
		}
		press(tab, kb.Enter)
		if i == 2 {
			st.until(tab, "the differing sign is shown", `document.querySelector(".gy-deskdiff del")?.textContent.includes("厅") && document.querySelector(".gy-deskdiff ins")?.textContent.includes("堂")`)
			browsertest.NoViolations(st.t, tab)
			browsertest.Screenshot(st.t, tab, "check-differences-1280")
			tab.Click(`#choose-text-0`) // the second person's own wording stands first
			press(tab, kb.Enter)
		}
		st.until(tab, "it is taken in", `document.body?.textContent.includes("已收下")`)
	}
}

// What is typed is on the server a moment later: the window is closed, another opens it.
func TestAClosedWindowLosesNothing(t *testing.T) {
	once(t, func(st *stage) {
		b, err := st.s.Begin(ctx, st.people["clerk"], st.c.Slug, desk.Batch{Way: desk.Phone, Day: "2026-11-03"})
		must(t, err)
		tab := st.tab("clerk", browsertest.Page{Width: 360, Height: 740})
		tab.Open(st.base + st.at(fmt.Sprintf("/batches/%d", b.ID)))
		keys(tab, "罗建军")
		st.until(tab, "the page says that it is kept", `document.querySelector("[data-desk-note]").textContent.includes("草稿已存")`)
		if got := st.entries(); got[desk.Draft] != 1 {
			t.Fatalf("%v", got)
		}
		tab.Run(chromedp.Focus(chromedp.CSS("#text-1")))
		keys(tab, "字太小")
		press(tab, kb.Enter) // before the next keeping
		st.until(tab, "taken in", `document.querySelector(".gy-deskdone")`)
		if got := st.entries(); got[desk.Taken] != 1 || got[desk.Draft] != 0 {
			t.Fatalf("%v", got)
		}
	})
}

// Each page is judged at both widths, in both languages, with and without script
// (see browsertest.Views).
func TestTheDeskReadsWellAtEveryWidth(t *testing.T) {
	once(t, func(st *stage) {
		for name, path := range st.shown() {
			for i, page := range browsertest.Views() {
				page.NoScript = i%2 == 1
				who := "clerk"
				if name == "check" {
					who = "second"
				}
				tab := st.tab(who, page)
				if r := tab.Open(st.base + path); r.Status != 200 {
					t.Fatalf("%s: %d", path, r.Status)
				}
				browsertest.NoViolations(t, tab)
				if tab.Scrolls() {
					t.Errorf("%s scrolls sideways at %d px", path, page.Width)
				}
				browsertest.Screenshot(t, tab, fmt.Sprintf("%s-%s-%d-%d", name, page.Lang, page.Width, i))
			}
		}
	})
}

// shown makes one of each page: drafts, a joint letter with a scan that waits for its
// check, a taken and a discarded one.
func (st *stage) shown() map[string]string {
	st.t.Helper()
	clerk := st.people["clerk"]
	b, err := st.s.Begin(ctx, clerk, st.c.Slug, desk.Batch{Way: desk.Letter, Day: "2026-11-03"})
	must(st.t, err)
	content := func(name, text string, check bool) desk.Content {
		return desk.Content{Sender: desk.Sender{Kind: "individual", Name: name, Phone: "0510-12345678", Address: "云州市人民路100号2幢301室"}, ReceivedOn: "2026-11-03", PostedOn: "2026-11-02",
			Number: "民收2026-0118", Points: []desk.Point{{Provision: "8", Text: text, Proposed: "收费表挂在大厅，字不小于三号。"}, {Provision: "9", Text: "押金七天太长，三天就该退。"}}, Check: check}
	}
	seminar, err := st.s.Begin(ctx, clerk, st.c.Slug, desk.Batch{Way: desk.Seminar, Day: "2026-11-03", Title: "养老机构专场"})
	must(st.t, err)
	taken, err := st.s.Finish(ctx, clerk, st.c.Slug, b.ID, desk.In{Key: "taken", Content: content("陈阿玉", "收费表挂在大厅，字要大，老人看得清。", false)})
	must(st.t, err)
	joint := content("罗建军", "护理费按天算，不要按月预收；中途离院的，没住的天数要退。", true)
	joint.Signers = []string{"马小梅", "沈国良", "赵一鸣"}
	waits, err := st.s.Keep(ctx, clerk, st.c.Slug, b.ID, desk.In{Key: "waits", Content: joint})
	must(st.t, err)
	_, err = st.s.AddScans(ctx, clerk, st.c.Slug, waits.ID, []desk.Scan{{Name: "信.png", Data: photo(st.t, 220)}})
	must(st.t, err)
	_, err = st.s.Finish(ctx, clerk, st.c.Slug, b.ID, desk.In{Key: "waits", Content: joint})
	must(st.t, err)
	draft, err := st.s.Keep(ctx, clerk, st.c.Slug, b.ID, desk.In{Key: "draft", Content: content("", "字迹不清", false)})
	must(st.t, err)
	gone, err := st.s.Keep(ctx, clerk, st.c.Slug, b.ID, desk.In{Key: "gone", Content: content("何思远", "领导您好", false)})
	must(st.t, err)
	_, err = st.s.Discard(ctx, clerk, st.c.Slug, gone.ID, "misdirected")
	must(st.t, err)
	for i := range 3 {
		c := content(fmt.Sprint("发言人", i+1), fmt.Sprintf("第%d点意见：收费要公开。", i+1), false)
		c.PostedOn, c.Sender.Phone, c.Number = "", "", ""
		_, err := st.s.Finish(ctx, clerk, st.c.Slug, seminar.ID, desk.In{Key: fmt.Sprint("s", i), Content: c, Distinct: true})
		must(st.t, err)
	}
	batch := st.at(fmt.Sprintf("/batches/%d", b.ID))
	return map[string]string{
		"all": "/staff/desk", "room": st.at(""), "form": batch, "form-draft": fmt.Sprintf("%s?entry=%d", batch, draft.ID), "form-done": fmt.Sprintf("%s?done=%d", batch, taken.Entry.ID),
		"entry": st.at(fmt.Sprintf("/entries/%d", taken.Entry.ID)), "entry-waiting": st.at(fmt.Sprintf("/entries/%d", waits.ID)), "check": st.at(fmt.Sprintf("/entries/%d/check", waits.ID)),
		"slip": st.at(fmt.Sprintf("/entries/%d/slip?paper=58", taken.Entry.ID)), "slips": st.at(fmt.Sprintf("/batches/%d/slips", seminar.ID)),
	}
}

// printed keeps what the printer would get, where the settings name a folder.
func (st *stage) printed(tab *browsertest.Tab, name string) {
	st.t.Helper()
	pdf := browsertest.Get(tab, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if len(pdf) < 1000 {
		st.t.Fatalf("the print has %d bytes", len(pdf))
	}
	if dir := os.Getenv("GUANGYI_SCREENSHOTS"); dir != "" {
		must(st.t, os.WriteFile(filepath.Join(dir, "slips-"+name+".pdf"), pdf, 0o600))
	}
}
