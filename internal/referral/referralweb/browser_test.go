package referralweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/web"
	"guangyi/internal/referral"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// signIn gives the tab somebody's session.
func (st *stage) signIn(tab *browsertest.Tab, who string) {
	st.t.Helper()
	tab.Open(st.base + "/nowhere") // a page of the site, where its cookies can be set
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		var there bool
		tab.Evaluate(`(document.cookie = "`+web.SessionCookie+`=`+who+`; path=/") && document.cookie.includes("`+who+`")`, &there)
		if there {
			return
		}
	}
	st.t.Fatal("the browser keeps no cookie")
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

// Without a script: a recipient is added, a refused form keeps what was typed, the
// matter goes out, its letter is noted as sent and its answer is noted.
func TestAClerkPassesOnWithoutScript(t *testing.T) {
	shown(t, func(st *stage) {
		sent := st.send("13800138000", "请管一管拆迁款。")
		room := st.base + "/staff/consultations/" + st.slug + "/referrals"
		tab := browsertest.Start(t).Tab(t, browsertest.Page{Width: 360, Height: 800, Lang: "zh-CN", NoScript: true})
		st.signIn(tab, "officer")
		tab.Open(room + "/recipients")
		tab.Type("#name", "云州市信访局")
		if got := tab.Follow("main form button"); got.Status != 422 || tab.Value("#name") != "云州市信访局" {
			t.Errorf("without an address: %d", got.Status)
		}
		browsertest.NoViolations(t, tab)
		tab.Type("#address", "人民路1号")
		tab.Follow("main form button")
		tab.Open(fmt.Sprintf("%s/new?submission=%d", room, sent.Submission))
		tab.Type("#note", "请核处")
		if got := tab.Follow("main form button"); got.Status != 422 || tab.Value("#note") != "请核处" {
			t.Errorf("without kind and recipient: %d, %q", got.Status, tab.Value("#note"))
		}
		browsertest.NoViolations(t, tab)
		_, list, err := st.ref.List(ctx, st.people["officer"], st.slug)
		must(t, err)
		if len(list) != 0 {
			t.Fatalf("refused, and yet recorded: %+v", list)
		}
		tab.Click(`input[name="kind"][value="petition"]`)
		to, err := st.ref.Recipients(ctx, st.people["officer"], st.slug)
		must(t, err)
		tab.Choose("#recipient", fmt.Sprint(to[0].ID))
		tab.Choose("#reason", "not_ours")
		tab.Follow("main form button")
		if got := tab.Text("main"); !contains(got, "尚未寄出") || !contains(got, "第二十三条") && !contains(got, "本系统的建议") {
			t.Errorf("the page says %s", got)
		}
		tab.Follow(`button[value="posted"]`)
		tab.Type("#answer", "已受理，编号 2026-77。")
		tab.Follow(`button[value="answered"]`)
		_, list, err = st.ref.List(ctx, st.people["officer"], st.slug)
		must(t, err)
		if len(list) != 1 || list[0].State != referral.Answered || list[0].Told != referral.Unposted || list[0].Note != "请核处" {
			t.Errorf("%+v", list)
		}
		if got := tab.Text("main"); !contains(got, "已受理，编号 2026-77。") {
			t.Errorf("the page says %s", got)
		}
	})
}

func TestTheRoomsOfReferralsAtEveryWidth(t *testing.T) {
	shown(t, func(st *stage) {
		officer := st.people["officer"]
		to := st.recipient("中共云州市纪律检查委员会、云州市监察委员会信访室")
		record := func(in referral.In) referral.Referral {
			r, err := st.ref.Record(ctx, officer, st.slug, in)
			must(t, err)
			return r
		}
		fresh := st.send("a@example.test", "早市要保留。", "另外，请管一管我家的拆迁款。")
		recorded := record(referral.In{Submission: st.send("13800138000", "请管一管拆迁款。").Submission, Kind: referral.Petition})
		st.clock.Set(start.Add(20 * 24 * time.Hour)) // the first is overdue, the next is not
		passed := record(referral.In{Submission: st.send("13900139000", strings.Repeat("举报某科长收钱，", 30)).Submission, Kind: referral.Accusation, Recipient: to.ID, Reason: "supervision", Note: "请依法处理"})
		room := "/staff/consultations/" + st.slug + "/referrals"
		b := browsertest.Start(t)
		for _, page := range browsertest.Views() {
			tab := b.Tab(t, page)
			st.signIn(tab, "officer")
			for _, p := range []struct{ name, path string }{
				{"list", room}, {"form", fmt.Sprintf("%s/new?submission=%d", room, fresh.Submission)}, {"recorded", fmt.Sprintf("%s/%d", room, recorded.ID)},
				{"passed", fmt.Sprintf("%s/%d", room, passed.ID)}, {"recipients", room + "/recipients"},
				{"letter", fmt.Sprintf("%s/%d/letter", room, passed.ID)}, {"cover", fmt.Sprintf("%s/%d/letter?to=recipient", room, passed.ID)},
			} {
				if r := tab.Open(st.base + p.path); r.Status != 200 {
					t.Fatalf("%s: %d", p.path, r.Status)
				}
				st.judge(tab, fmt.Sprintf("referral-%s-%s-%d", p.name, page.Lang, page.Width))
			}
			tab.Print()
			st.judge(tab, fmt.Sprintf("referral-cover-print-%s-%d", page.Lang, page.Width))
		}
	})
}
