package representativeweb_test

import (
	"fmt"
	"strings"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
)

// shown runs what a browser shows once: it does not depend on the database.
func shown(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() == database.SQLite {
			test(newStage(t, db, at))
		}
	})
}

func (st *stage) tab(who string, page browsertest.Page) *browsertest.Tab {
	st.t.Helper()
	tab := browsertest.Start(st.t).Tab(st.t, page)
	if who != "" {
		tab.Open(st.base + "/representatives") // a page of the site, where its cookies can be set
		tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=`+who+`; path=/"`, new(string))
	}
	return tab
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

func eachWidth(test func(width int, lang string)) {
	for _, one := range []struct {
		width int
		lang  string
	}{{360, "zh-CN"}, {1280, "en"}} {
		test(one.width, one.lang)
	}
}

// The task of the public, with scripts off: read, choose, be told what is missing,
// apply, see the receipt, look it up, change it, leave.
func TestSomebodyAppliesAndLeavesOnAPhoneAndOnADesk(t *testing.T) {
	shown(t, func(st *stage) {
		eachWidth(func(width int, lang string) {
			tab := st.tab("", browsertest.Page{Width: width, Height: 800, Lang: lang, NoScript: true})
			picture := func(name string) { st.judge(tab, fmt.Sprintf("%s-%d", name, width)) }
			tab.Open(st.base + "/representatives")
			picture("public")
			tab.Follow("a.govuk-button")
			picture("choose")
			tab.Click("input[value=expert]")
			tab.Follow("main form button")
			picture("form")
			if r := tab.Follow("main form button"); r.Status != 422 {
				t.Errorf("an empty form: %d", r.Status)
			}
			picture("form-faults")
			tab.Type("#name", "王小明")
			tab.Type("#phone", fmt.Sprintf("1390000%04d", width))
			tab.Type("#unit", "云州大学")
			tab.Type("#post", "教授")
			tab.Type("#profession", "老年医学")
			tab.Choose("#district", "城北区")
			tab.Click("input[value=养老]")
			tab.Click("input[name=conflict][value=no]")
			tab.Click("#consent")
			if r := tab.Follow("main form button"); r.Status != 200 || !strings.Contains(r.URL, "/my/representative/R") {
				t.Fatalf("sending leads to %s, %d", r.URL, r.Status)
			}
			picture("sent")
			tab.Open(tab.URL() + "/change")
			picture("change")
			tab.Type("#name", "王大明")
			tab.Follow("main form button")
			if !strings.Contains(tab.Text("main"), "王大明") {
				t.Error("the change is not shown")
			}
			tab.Click("#leave summary")
			tab.Follow("form[action$=leave] button")
			picture("left")
			tab.Open(st.base + "/my/representative")
			picture("lookup")
		})
	})
}

// The task of the staff: the list, the first, the second, a suspension, its appeal.
func TestStaffVetAdmitSuspendAndAnswer(t *testing.T) {
	shown(t, func(st *stage) {
		eachWidth(func(width int, lang string) {
			r, err := st.pool.Apply(ctx, actor.Public(), st.org.ID, representative.Application{
				Person:   representative.Person{Name: "李四", Phone: fmt.Sprintf("1380000%04d", width), Profession: "护理员", Conflict: "在养老机构工作"},
				Category: "citizen", District: "城南区", Fields: []string{"养老"}, Conflict: "yes", Consent: true})
			must(t, err)
			one := st.base + "/staff/representatives/" + ids.Format(r.ID)
			sec := st.tab("secretary", browsertest.Page{Width: width, Height: 800, Lang: lang})
			rev := st.tab("reviewer", browsertest.Page{Width: width, Height: 800, Lang: lang})
			picture := func(tab *browsertest.Tab, name string) { st.judge(tab, fmt.Sprintf("staff-%s-%d", name, width)) }
			sec.Open(st.base + "/staff/representatives")
			picture(sec, "list")
			sec.Open(st.base + "/staff/representatives/pool")
			picture(sec, "pool")
			sec.Open(one)
			picture(sec, "applied")
			sec.Follow("form[action$=contact] button")
			if !strings.Contains(sec.Text("main"), "李四") {
				t.Error("the name is not shown")
			}
			picture(sec, "contact")
			sec.Follow("form[action$=vet] button")
			picture(sec, "faults")
			sec.Click("input[name=choice][value=admit]")
			sec.Follow("form[action$=vet] button")
			picture(sec, "not-twice")
			rev.Open(one)
			picture(rev, "vetted")
			rev.Click("input[name=choice][value=admit]")
			rev.Follow("form[action$=decide] button")
			picture(rev, "admitted")
			rev.Click("#suspend summary")
			rev.Type("#reason", "两次未到会")
			rev.Follow("form[action$=suspend] button")
			picture(rev, "suspended")
			must(t, st.pool.Appeal(ctx, actor.Public(), representative.Holder{Reference: r.Reference, Secret: r.Secret}, "当天住院"))
			sec.Open(one)
			picture(sec, "appeal")
			sec.Click("input[name=choice][value=lift]")
			sec.Type("#reason", "住院属实")
			sec.Follow("form[action$=answer] button")
			if got := st.now(r.ID); got != representative.Admitted {
				t.Errorf("after the answer: %s", got)
			}
			mine := st.tab("", browsertest.Page{Width: width, Height: 800, Lang: lang, NoScript: true})
			mine.Open(st.base + "/representatives?organisation=bureau#list")
			picture(mine, "public-list")
		})
	})
}

func (st *stage) now(id int64) representative.State {
	st.t.Helper()
	r, err := st.pool.ByID(ctx, id)
	must(st.t, err)
	return r.State
}
