package moderationweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/web"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// judge lets axe look at the page at hand and takes its picture.
func (st *stage) judge(tab *browsertest.Tab, name string) {
	st.t.Helper()
	browsertest.NoViolations(st.t, tab)
	if tab.Scrolls() {
		st.t.Errorf("%s scrolls sideways", name)
	}
	browsertest.Screenshot(st.t, tab, name)
}

// signIn gives the tab somebody's session.
func (st *stage) signIn(tab *browsertest.Tab, who string) {
	st.t.Helper()
	tab.Open(st.base + "/kept/0/0") // a page of the site, where its cookies can be set
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		var there bool
		tab.Evaluate(`(document.cookie = "`+web.SessionCookie+`=`+who+`; path=/") && document.cookie.includes("`+who+`")`, &there)
		if there {
			return
		}
	}
	st.t.Fatal("the browser keeps no cookie")
}

// press presses a key and waits for the page that it leads to; the time is only how
// long it may take.
func (st *stage) press(tab *browsertest.Tab, keys string) {
	st.t.Helper()
	tab.Evaluate(`window.before = true`, new(any))
	tab.Press(keys)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		var there bool
		tab.Evaluate(`!window.before && document.readyState === "complete"`, &there)
		if there {
			return
		}
	}
	st.t.Fatalf("%q leads nowhere at %s", keys, tab.URL())
}

// An officer decides on three submissions without touching the mouse, and takes
// the last decision back.
func TestTheQueueIsDrivenByTheKeyboard(t *testing.T) {
	shown(t, consultation.PublicModerated, func(st *stage) {
		first := st.send("同意。请打13800138000找我。")
		st.send("隔壁张三偷税。")
		third := st.send("早市要保留。")
		tab := browsertest.Start(t).Tab(t, browsertest.Page{Width: 1280, Height: 800, Lang: "zh-CN"})
		st.signIn(tab, "officer")
		tab.Open(st.base + "/staff/consultations/" + st.slug + "/moderation")
		if got := tab.Text(".gy-pane--text"); !strings.Contains(got, first.Number) {
			t.Fatalf("the oldest is not opened: %q", got)
		}
		st.press(tab, "s")
		if got := st.public(); len(got) != 1 || got[0].Text != "同意。请打***找我。" {
			t.Errorf("S: the public reads %+v", got)
		}
		st.press(tab, "j")
		if got := tab.Text(".gy-pane--text"); !strings.Contains(got, third.Number) {
			t.Errorf("J: %q", got)
		}
		st.press(tab, "k")
		tab.Press("1")
		st.press(tab, "w")
		if got := st.public(); len(got) != 2 || got[0].Withheld != "third_person" || got[0].Text != "" {
			t.Errorf("1 W: the public reads %+v", got)
		}
		st.press(tab, "u")
		if got := st.public(); len(got) != 1 {
			t.Errorf("U: the public reads %+v", got)
		}
	})
}

func TestTheRoomsOfModerationAtEveryWidth(t *testing.T) {
	shown(t, consultation.PublicAtOnce, func(st *stage) {
		st.sendAs(moderation.HeldLinks, "看 https://a.example/ ，住上海市黄浦区南京西路1266号3栋502室，电话13800138000", strings.Repeat("很长的意见，", 60))
		kept := st.send("隔壁张三家的狗总是叫")
		_, err := st.mod.Decide(ctx, st.people["officer"], st.slug, kept.Submission, moderation.Decision{Act: moderation.Withhold, Reason: "third_person", Words: "请不要写邻居的姓名"})
		must(t, err)
		st.send("请写信到wang@example.com")
		_, err = st.mod.ReportNotMe(ctx, actor.Public(), st.slug, moderation.NewReport{Quoted: "隔壁张三家的狗", Lang: "zh-CN", Contact: moderation.Contact{Name: "张三", Phone: "13900139000"}})
		must(t, err)
		mine := st.send("我要撤回的意见")
		room := "/staff/consultations/" + st.slug + "/moderation"
		b := browsertest.Start(t)
		for _, page := range browsertest.Views() {
			tab := b.Tab(t, page)
			st.signIn(tab, "officer")
			for _, p := range []struct{ name, path string }{
				{"held", room + "?pane=text"}, {"decide", room + "?pane=gather"}, {"queue", room}, {"withheld", fmt.Sprintf("%s/%d?pile=withheld&pane=gather", room, kept.Submission)},
				{"empty", room + "?pile=withdrawn&pane=text"}, {"rules", room + "/rules"}, {"reports", room + "/reports"},
			} {
				if r := tab.Open(st.base + p.path); r.Status != 200 {
					t.Fatalf("%s: %d", p.path, r.Status)
				}
				st.judge(tab, fmt.Sprintf("moderation-%s-%s-%d", p.name, page.Lang, page.Width))
			}
			anybody := b.Tab(t, page)
			anybody.Open(st.base + "/consultations/" + st.slug + "/not-me")
			st.judge(anybody, fmt.Sprintf("not-me-%s-%d", page.Lang, page.Width))
			anybody.Open(st.base + "/kept/" + mine.Number + "/" + mine.Secret)
			anybody.Open(st.base + "/receipts/" + mine.Number + "/withdraw")
			st.judge(anybody, fmt.Sprintf("withdraw-%s-%d", page.Lang, page.Width))
		}
	})
}

// Without a script: the same acts, and a form that is refused keeps what was typed.
func TestModerationWithoutScript(t *testing.T) {
	shown(t, consultation.PublicAtOnce, func(st *stage) {
		r := st.send("隔壁张三家的狗总是叫，电话13800138000")
		tab := browsertest.Start(t).Tab(t, browsertest.Page{Width: 1280, Height: 800, Lang: "zh-CN", NoScript: true})
		st.signIn(tab, "officer")
		at := fmt.Sprintf("%s/staff/consultations/%s/moderation/%d?pile=shown", st.base, st.slug, r.Submission)
		tab.Open(at)
		tab.Type("#words", "请不要写邻居")
		if got := tab.Follow(`button[value="withhold"]`); got.Status != 422 || tab.Value("#words") != "请不要写邻居" {
			t.Errorf("without a reason: %d, the words are %q", got.Status, tab.Value("#words"))
		}
		browsertest.NoViolations(t, tab)
		tab.Click(`#reason-1`)
		tab.Follow(`button[value="withhold"]`)
		if got := st.public(); got[0].Withheld != "third_person" {
			t.Errorf("the public reads %+v", got)
		}
		tab.Follow(`form.gy-buttons button`) // take back what was just done
		if got := st.public(); got[0].Text != "隔壁张三家的狗总是叫，电话***" {
			t.Errorf("taken back the public reads %+v", got)
		}
		tab.Open(at)
		tab.Type("#extra", "张三")
		tab.Follow(`button[value="mask"]`)
		if got := st.public(); got[0].Text != "隔壁***家的狗总是叫，电话***" {
			t.Errorf("with words of one's own masked the public reads %+v", got)
		}
	})
}

func TestAReportAndAWithdrawalOnAPhone(t *testing.T) {
	shown(t, consultation.PublicAtOnce, func(st *stage) {
		r := st.send("我要撤回的意见")
		tab := browsertest.Start(t).Tab(t, browsertest.Page{Width: 360, Height: 800, Lang: "zh-CN"})
		tab.Open(st.base + "/consultations/" + st.slug + "/not-me")
		if got := tab.Follow("main form button"); got.Status != 422 || !tab.Exists(".govuk-error-summary a[href='#name']") {
			t.Errorf("an empty report: %d", got.Status)
		}
		tab.Type("#quoted", "这些话不是我说的")
		tab.Type("#name", "王小明")
		tab.Type("#phone", "13800138000")
		if got := tab.Follow("main form button"); got.Status != 200 || !strings.HasPrefix(tab.Text("#report-number"), "N-") {
			t.Errorf("a report: %d %q", got.Status, tab.Text("#report-number"))
		}
		browsertest.NoViolations(t, tab)
		tab.Open(st.base + "/kept/" + r.Number + "/" + r.Secret)
		tab.Open(st.base + "/receipts/" + r.Number + "/withdraw")
		tab.Follow("main form button")
		if got := st.public(); got[0].Withheld != "withdrawn" {
			t.Errorf("the public reads %+v", got)
		}
	})
}
