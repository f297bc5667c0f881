package invitationweb_test

import (
	"fmt"
	"strconv"
	"testing"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/web"
)

// widths and languages in which the representative's task is done.
var views4 = []browsertest.Page{
	{Width: 360, Height: 800, Lang: "zh-CN"}, {Width: 1280, Height: 800, Lang: "zh-CN"},
	{Width: 360, Height: 800, Lang: "en"}, {Width: 1280, Height: 800, Lang: "en", NoScript: true},
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

// TestARepresentativeAnswersAndReadsOnAPhoneAndAtADesk is the representative's
// whole task: open the link, come, say what is needed, undertake, read.
func TestARepresentativeAnswersAndReadsOnAPhoneAndAtADesk(t *testing.T) {
	shown(t, func(st *stage) {
		emails := make([]string, len(views4))
		for i := range emails {
			emails[i] = fmt.Sprintf("w%d@example.test", i)
		}
		m, _ := st.invited(len(emails), emails...)
		st.paper(m)
		must(t, st.invitations.Release(ctx, st.people["secretary"], m.Slug))
		b := browsertest.Start(t)
		for i, page := range views4 {
			st.represent(b.Tab(t, page), m, emails[i], fmt.Sprintf("invitation-%s-%d", page.Lang, page.Width))
		}
	})
}

func (st *stage) represent(tab *browsertest.Tab, m meeting.Meeting, email, name string) {
	st.t.Helper()
	if r := tab.Open(st.base + st.link(email)); r.Status != 200 {
		st.t.Fatalf("the link: %d", r.Status)
	}
	st.judge(tab, name+"-1-asked")
	tab.Click(`#tell-needs summary`)
	tab.Click(`input[value="wheelchair"]`)
	tab.Type(`#need-diet`, "素食")
	tab.Follow(`button[value="accept"]`)
	st.judge(tab, name+"-2-coming")
	if !tab.Exists(`form[action$="/undertaking"] button`) || tab.Exists(`a[href*="/papers/"]`) {
		st.t.Fatal("the papers are open before the undertaking")
	}
	tab.Follow(`form[action$="/undertaking"] button`)
	st.judge(tab, name+"-3-papers")
	var body string
	tab.Evaluate(`(() => { const r = new XMLHttpRequest(); r.open("GET", document.querySelector('a[href*="/papers/"]').href, false); r.send(); return r.responseText })()`, &body)
	if body != "第一条 为了规范收费……\n" {
		st.t.Errorf("the paper is %q", body)
	}
	room, err := st.invitations.Room(ctx, st.people["secretary"], m.Slug)
	must(st.t, err)
	if room.Sum.Count["wheelchair"] == 0 || room.Papers[0].Read == 0 {
		st.t.Errorf("staff see %+v, read by %d", room.Sum, room.Papers[0].Read)
	}
}

// TestStaffSeeWhoComesAtEveryWidth looks at the staff's pages.
func TestStaffSeeWhoComesAtEveryWidth(t *testing.T) {
	shown(t, func(st *stage) {
		m, all := st.invited(3, "wang@example.test", "gone@example.test", "li@example.test", "zhao@example.test")
		link := st.link("wang@example.test")
		st.want(st.browser("").post(link, link, map[string][]string{"answer": {"accept"}, "needs": {"wheelchair"}, "travel": {"需要停车位"}}), 200)
		st.paper(m)
		room := "/staff/meetings/" + m.Slug + "/invitations"
		for _, page := range views4[:3] {
			tab := browsertest.Start(t).Tab(t, page)
			tab.Open(st.base + "/calendar/none.ics") // a page of the site, where its cookies can be set
			tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=secretary; path=/"`, new(string))
			for name, path := range map[string]string{"room": room, "person": room + "/" + strconv.FormatInt(all[1].ID, 10), "deliveries": "/staff/deliveries"} {
				if r := tab.Open(st.base + path); r.Status != 200 {
					t.Fatalf("%s: %d", path, r.Status)
				}
				st.judge(tab, fmt.Sprintf("staff-%s-%s-%d", name, page.Lang, page.Width))
			}
		}
	})
}
