package selectionweb_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/web"
	"guangyi/internal/sortition"
)

var districts = []string{"城北区", "城南区", "城东区", "开发区"}

// thirty apply as in picture 11.
func (st *stage) thirty(m meeting.Meeting) (first meeting.Application, secret string) {
	st.t.Helper()
	n := 0
	for _, group := range []struct {
		category   string
		women, men int
	}{{"citizen", 5, 9}, {"enterprise", 2, 8}, {"expert", 2, 4}} {
		for i := range group.women + group.men {
			sex := "male"
			if i < group.women {
				sex = "female"
			}
			a, s, err := st.meetings.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
				Key: fmt.Sprint("key-", n), Category: group.category, Sex: sex, District: districts[n%4], Consent: true,
				Person: meeting.Person{Name: fmt.Sprint("申请人", n), Phone: fmt.Sprintf("138%08d", n)},
			})
			must(st.t, err)
			if n == 0 {
				first, secret = a, s
			}
			n++
		}
	}
	return first, secret
}

func (st *stage) work() {
	st.t.Helper()
	for {
		again, err := st.selections.Work(ctx)
		must(st.t, err)
		if !again {
			return
		}
	}
}

// act does one step on the desk.
func (st *stage) act(who string, m meeting.Meeting, act string, fields url.Values) answer {
	st.t.Helper()
	if fields == nil {
		fields = url.Values{}
	}
	fields.Set("act", act)
	path := "/staff/meetings/" + m.Slug + "/selection"
	return st.browser(who).post(path, path, fields)
}

func want(t *testing.T, a answer, status int, words ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: %d, want %d\n%.600s", a.path, a.status, status, a.body)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("%s does not say %q", a.path, w)
		}
	}
}

func TestTheDeskLeadsFromTheDeadlineToTheResultThatEverybodyCanCheck(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		first, secret := st.thirty(m)
		desk, public := "/staff/meetings/"+m.Slug+"/selection", "/meetings/"+m.Slug+"/draw"
		want(t, st.browser("").get(public), 200, "还没有抽签")
		want(t, st.browser("").get("/api/v1"+public), 404)
		want(t, st.browser("other-secretary").get(desk), 404)
		want(t, st.act("secretary", m, "close", nil), 409, "报名还没有截止")
		st.clock.Set(*m.ClosesAt)
		want(t, st.act("secretary", m, "close", nil), 200, "名单已冻结")
		want(t, st.browser("").get(public), 200, "正在算机会")
		st.work()
		want(t, st.act("secretary", m, "publish", nil), 200, "机会和名单已公布")
		want(t, st.browser("").get(public), 200, "21.4%", "25.6%", "47.6%", "48.8%", "3÷14＝21.4%", "福彩3D第2026333期")
		want(t, st.act("secretary", m, "seed", url.Values{"seed": {"472"}}), 409, "才产生")
		st.clock.Set(m.Seed.KnownAt)
		want(t, st.act("secretary", m, "seed", url.Values{"seed": {"47"}}), 422, "请填3位号码", `value="47"`)
		want(t, st.act("secretary", m, "seed", url.Values{"seed": {"472"}}), 200)
		want(t, st.act("second", m, "confirm", url.Values{"seed": {"427"}}), 422, "不一样", `value="427"`)
		want(t, st.act("second", m, "confirm", url.Values{"seed": {"472"}}), 200, "名单已定")
		want(t, st.browser("").get(public), 200, "抽签结果：30人报名，8人列席", "第472组名单", "名额要求都满足", "候补：", "guangyi verify --url")
		st.data(m, first, secret)
	})
}

// data are the downloads: what everybody gets, and what an applicant gets.
func (st *stage) data(m meeting.Meeting, first meeting.Application, secret string) {
	st.t.Helper()
	public := "/meetings/" + m.Slug + "/draw"
	var r sortition.Record
	a := st.browser("").get("/api/v1" + public)
	want(st.t, a, 200)
	must(st.t, json.Unmarshal([]byte(a.body), &r))
	if r.Format != sortition.RecordFormat || r.Result == nil || r.Redaction == nil {
		st.t.Errorf("the record is %+v", r)
	}
	packed := st.browser("").get(public + ".zip")
	want(st.t, packed, 200)
	z, err := zip.NewReader(bytes.NewReader([]byte(packed.body)), int64(len(packed.body)))
	must(st.t, err)
	if len(z.File) != 1 || z.File[0].Name != "draw.json" {
		st.t.Errorf("the bundle holds %v", z.File)
	}
	wrong := st.browser("").post(public+"/full", public+"/full", url.Values{"reference": {first.Reference}, "secret": {"wrong"}})
	want(st.t, wrong, 422, "对不上", first.Reference)
	full := st.browser("").post(public+"/full", public+"/full", url.Values{"reference": {first.Reference}, "secret": {secret}})
	want(st.t, full, 200)
	var whole sortition.Record
	must(st.t, json.Unmarshal([]byte(full.body), &whole))
	if len(whole.People) != 30 || whole.Redaction != nil {
		st.t.Errorf("an applicant gets %d rows", len(whole.People))
	}
	want(st.t, st.browser("auditor").get("/staff/meetings/"+m.Slug+"/selection/full.json"), 200)
	want(st.t, st.browser("officer").get("/staff/meetings/"+m.Slug+"/selection/full.json"), 403)
}

func TestNoRowOfTheResultTellsWhatFewerThanFivePeopleShare(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		st.thirty(m)
		st.finish(m)
		a := st.browser("").get("/meetings/" + m.Slug + "/draw")
		want(t, a, 200, "不到5人", "只公布总数")
		for _, d := range districts {
			if strings.Contains(a.body, ">"+d+"<") {
				t.Errorf("the result tells the district %s of somebody whose like are few", d)
			}
		}
	})
}

// finish brings a meeting to its result.
func (st *stage) finish(m meeting.Meeting) {
	st.t.Helper()
	st.clock.Set(*m.ClosesAt)
	_, err := st.selections.Close(ctx, st.people["secretary"], m.Slug)
	must(st.t, err)
	st.work()
	_, err = st.selections.Publish(ctx, st.people["secretary"], m.Slug)
	must(st.t, err)
	st.clock.Set(m.Seed.KnownAt)
	_, err = st.selections.EnterSeed(ctx, st.people["secretary"], m.Slug, "472")
	must(st.t, err)
	_, err = st.selections.ConfirmSeed(ctx, st.people["second"], m.Slug, "472")
	must(st.t, err)
}

func TestQuotasThatCannotBeMetAreExplainedAndCorrectedOnTheDesk(t *testing.T) {
	each(t, func(st *stage) {
		in := st.call()
		(*in.Quotas)[0].Min = 7
		m := st.opened(in)
		for i := range 20 {
			sex := "male"
			if i < 4 {
				sex = "female"
			}
			_, _, err := st.meetings.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
				Key: fmt.Sprint("key-", i), Category: []string{"citizen", "enterprise", "expert"}[i%3], Sex: sex, District: districts[i%4], Consent: true,
				Person: meeting.Person{Name: fmt.Sprint("申请人", i), Phone: fmt.Sprintf("138%08d", i)},
			})
			must(t, err)
		}
		want(t, st.act("secretary", m, "preview", nil), 200, "正在试算")
		st.work()
		want(t, st.browser("secretary").get("/staff/meetings/"+m.Slug+"/selection"), 200, "要求凑不齐", "女性从至少7位改为至少4位")
		st.clock.Set(*m.ClosesAt)
		want(t, st.act("secretary", m, "close", nil), 200)
		st.work()
		want(t, st.browser("").get("/meetings/"+m.Slug+"/draw"), 200, "女性从至少7位改为至少4位")
		fields := url.Values{}
		for i, q := range *in.Quotas {
			n := fmt.Sprint(i)
			fields.Set("category-"+n, q.Category)
			fields.Set("feature-"+n, q.Feature)
			fields.Set("min-"+n, fmt.Sprint(min(q.Min, 4)))
			fields.Set("max-"+n, fmt.Sprint(q.Max))
		}
		want(t, st.act("reviewer", m, "correct", fields), 422, "理由")
		fields.Set("note", "报名的女性只有4位")
		want(t, st.act("reviewer", m, "correct", fields), 200, "更正已公布")
		st.work()
		want(t, st.act("secretary", m, "publish", nil), 200)
		want(t, st.browser("").get("/meetings/"+m.Slug+"/draw"), 200, "更正了名额要求", "报名的女性只有4位")
	})
}

func shown(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() == database.SQLite {
			test(newStage(t, db, at))
		}
	})
}

// look opens a page at both widths and in both languages and lets axe judge it.
func (st *stage) look(who, name, path string) {
	st.t.Helper()
	for _, view := range browsertest.Views() {
		tab := browsertest.Start(st.t).Tab(st.t, view)
		if who != "" {
			tab.Open(st.base + "/meetings/none/draw")
			tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=`+who+`; path=/"`, new(string))
		}
		if r := tab.Open(st.base + path); r.Status != 200 {
			st.t.Fatalf("%s: %d", path, r.Status)
		}
		browsertest.NoViolations(st.t, tab)
		if tab.Scrolls() {
			st.t.Errorf("%s scrolls sideways at %d px in %s", name, view.Width, view.Lang)
		}
		browsertest.Screenshot(st.t, tab, fmt.Sprintf("%s-%s-%d", name, view.Lang, view.Width))
	}
}

func TestEveryStepReadsWellOnAPhoneAndAtADesk(t *testing.T) {
	shown(t, func(st *stage) {
		m := st.opened(st.call())
		st.thirty(m)
		desk, public := "/staff/meetings/"+m.Slug+"/selection", "/meetings/"+m.Slug+"/draw"
		st.look("secretary", "desk-open", desk)
		st.look("", "draw-open", public)
		st.clock.Set(*m.ClosesAt)
		_, err := st.selections.Close(ctx, st.people["secretary"], m.Slug)
		must(t, err)
		st.work()
		st.look("secretary", "desk-computed", desk)
		_, err = st.selections.Publish(ctx, st.people["secretary"], m.Slug)
		must(t, err)
		st.look("", "draw-published", public)
		st.clock.Set(m.Seed.KnownAt)
		st.look("secretary", "desk-seed", desk)
		_, err = st.selections.EnterSeed(ctx, st.people["secretary"], m.Slug, "472")
		must(t, err)
		st.look("reviewer", "desk-confirm", desk)
		_, err = st.selections.ConfirmSeed(ctx, st.people["second"], m.Slug, "472")
		must(t, err)
		st.look("secretary", "desk-drawn", desk)
		st.look("", "draw-drawn", public)
		st.look("", "draw-full", public+"/full")
	})
}
