package sittingweb_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/ids"
	"guangyi/internal/sitting"
)

// over ends the meeting.
func (st *stage) over() {
	st.t.Helper()
	st.morning()
	now := st.clock.Now()
	taken, err := st.s.Take(ctx, st.people["secretary"], st.slug, time.Time{}, []sitting.Act{
		{ID: "later-00001", Kind: sitting.Decide, At: now, Item: st.items[1], Result: "adopted_with_changes", Text: "改第六条后通过", Device: "tablet"},
		{ID: "later-00002", Kind: sitting.End, At: now, Device: "tablet"},
	})
	must(st.t, err)
	if len(taken.Refused) > 0 {
		st.t.Fatal(taken.Refused)
	}
}

// The account from draft to publication, by plain forms and four eyes.
func TestTheAccountGoesFromTheRecordToThePublic(t *testing.T) {
	each(t, func(st *stage) {
		st.over()
		desk, public := "/staff/meetings/"+st.slug+"/account", "/meetings/"+st.slug+"/account"
		if a := st.browser("").get(public); a.status != 404 {
			t.Fatalf("an account that is not published: %d", a.status)
		}
		b := st.browser("secretary")
		if a := b.get(desk); a.status != 200 || !strings.Contains(a.body, "收费表挂在大厅") {
			t.Fatalf("%d", a.status)
		}
		d := st.day()
		key := d.Statements[0].Receipt
		form := url.Values{"lead": {"会议讨论了收费公示。"}, "key": {key}, "reason-" + key: {strings.Repeat("长", 300)}}
		if a := b.post(desk, form); a.status != 422 || !strings.Contains(a.body, "会议讨论了收费公示。") {
			t.Fatalf("a reason that is too long: %d, or what was typed is gone", a.status)
		}
		form.Set("reason-"+key, "涉及他人隐私")
		if a := b.post(desk, form); a.status != 200 || !strings.Contains(a.body, "涉及他人隐私") {
			t.Fatalf("%d", a.status)
		}
		b.post(desk+"/events", url.Values{"event": {"submit_account"}})
		if a := b.post(desk+"/events", url.Values{"event": {"publish_account"}}); a.status != 403 {
			t.Errorf("the secretary publishes: %d", a.status)
		}
		r := st.browser("reviewer")
		r.get(desk)
		if a := r.post(desk+"/events", url.Values{"event": {"return"}, "note": {""}}); a.status != 422 {
			t.Errorf("returned without a word: %d", a.status)
		}
		r.get(desk)
		if a := r.post(desk+"/events", url.Values{"event": {"publish_account"}}); a.status != 200 {
			t.Fatalf("%d %.200s", a.status, a.body)
		}
		a := st.browser("").get(public)
		for _, want := range []string{"会议讨论了收费公示。", "修改后通过", "涉及他人隐私", "还没有公布答复"} {
			if !strings.Contains(a.body, want) {
				t.Errorf("the account does not say %s", want)
			}
		}
		for _, name := range []string{"陈阿玉", "钱文", "沈国良"} {
			if strings.Contains(a.body, name) {
				t.Errorf("%s did not consent and stands in the account", name)
			}
		}
		year := fmt.Sprint(st.clock.Now().In(time.FixedZone("", 8*3600)).Year())
		if a := st.browser("").get("/meetings/report/" + year); a.status != 200 {
			t.Errorf("the year: %d", a.status)
		}
		if a := st.browser("").get("/meetings/report/" + year + ".csv?organisation=bureau"); a.status != 200 || !strings.Contains(a.body, "came,,6") {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := st.browser("").get("/meetings/report/last"); a.status != 404 {
			t.Errorf("no year: %d", a.status)
		}
	})
}

func TestFeedbackByLink(t *testing.T) {
	once(t, func(st *stage) {
		st.over()
		must(t, st.s.SubmitAccount(ctx, st.people["secretary"], st.slug))
		must(t, st.s.PublishAccount(ctx, st.people["reviewer"], st.slug))
		seat, _ := ids.Parse(st.seats[0])
		tokens, err := st.s.Tokens(ctx, st.id, seat, sitting.ToFeedback)
		must(t, err)
		b := st.browser("")
		b.get("/f/" + tokens[0])
		if a := b.post("/f/"+tokens[0], url.Values{"heard": {"4"}, "prepared": {"3"}}); a.status != 422 || !strings.Contains(a.body, "请选一个答案") {
			t.Errorf("%d", a.status)
		}
		asked := b.page
		for range 2 { // pressed twice
			b.page = asked
			if a := b.post("/f/"+tokens[0], url.Values{"heard": {"4"}, "prepared": {"3"}, "again": {"4"}}); a.status != 200 || !strings.Contains(a.body, "已经记下") {
				t.Errorf("%d", a.status)
			}
		}
		if f, _ := st.s.Feedback(ctx, st.id); f.Answers != 1 {
			t.Errorf("%d answers", f.Answers)
		}
	})
}

func TestMinutesAreInternal(t *testing.T) {
	once(t, func(st *stage) {
		desk, public := "/staff/meetings/"+st.slug+"/minutes", "/meetings/"+st.slug+"/minutes"
		b := st.browser("secretary")
		b.get(desk)
		if a := b.post(desk, url.Values{"text": {"议定：改第六条。"}, "basis": {"条例第二十条"}}); a.status != 200 {
			t.Fatalf("%d", a.status)
		}
		if a := st.browser("").get(public); a.status != 404 {
			t.Errorf("without an agreement: %d", a.status)
		}
		r := st.browser("reviewer")
		r.get(desk)
		if a := r.post(desk+"/agree", url.Values{}); a.status != 200 {
			t.Errorf("%d", a.status)
		}
		if a := st.browser("").get(public); a.status != 200 || !strings.Contains(a.body, "议定：改第六条。") {
			t.Errorf("%d", a.status)
		}
	})
}

func TestThePagesAfterTheDayReadWell(t *testing.T) {
	once(t, func(st *stage) {
		st.over()
		look := func(who, name, path string) {
			t.Helper()
			for i, width := range []int{360, 1280} {
				lang := []string{"zh-CN", "en"}[i]
				tab := st.tab(who, browsertest.Page{Width: width, Height: 900, Lang: lang})
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
		look("secretary", "account-desk", "/staff/meetings/"+st.slug+"/account")
		look("secretary", "minutes", "/staff/meetings/"+st.slug+"/minutes")
		must(t, st.s.SubmitAccount(ctx, st.people["secretary"], st.slug))
		look("reviewer", "account-review", "/staff/meetings/"+st.slug+"/account")
		must(t, st.s.PublishAccount(ctx, st.people["reviewer"], st.slug))
		look("", "account", "/meetings/"+st.slug+"/account")
		look("", "year", fmt.Sprintf("/meetings/report/%d", st.clock.Now().Year()))
		seat, _ := ids.Parse(st.seats[0])
		tokens, err := st.s.Tokens(ctx, st.id, seat, sitting.ToFeedback)
		must(t, err)
		look("", "feedback", "/f/"+tokens[0])
	})
}
