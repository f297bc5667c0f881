package sittingweb_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/sitting"
)

var formOf = regexp.MustCompile(`(?s)<form[^>]*data-act="([a-z_]+)"[^>]*>(.*?)</form>`)
var fieldOf = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// fill finds a form by what it does and a value that it holds, with its hidden fields.
func (b *browser) fill(kind, value string) url.Values {
	b.st.t.Helper()
	for _, m := range formOf.FindAllStringSubmatch(b.page.body, -1) {
		if m[1] != kind || value != "" && !strings.Contains(m[2], value) {
			continue
		}
		out := url.Values{}
		for _, f := range fieldOf.FindAllStringSubmatch(m[2], -1) {
			out.Add(f[1], f[2])
		}
		return out
	}
	b.st.t.Fatalf("no form %s with %s", kind, value)
	return nil
}

// The whole day by plain forms: no script runs.
func TestTheSecretaryNotesADayWithoutScript(t *testing.T) {
	each(t, func(st *stage) {
		b, base := st.browser("secretary"), "/staff/meetings/"+st.slug+"/day"
		press := func(kind, value string, more ...string) {
			t.Helper()
			st.clock.Add(time.Second)
			form := b.fill(kind, value)
			for i := 0; i+1 < len(more); i += 2 {
				form.Set(more[i], more[i+1])
			}
			if a := b.post(base+"/act", form); a.status != 200 {
				t.Fatalf("%s: %d %.300s", kind, a.status, a.body)
			}
		}
		if a := b.get(base); a.status != 200 || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d, %s", a.status, a.header.Get("Cache-Control"))
		}
		press("begin", "")
		again := b.fill("check_in", st.seats[0])
		press("check_in", st.seats[0])
		b.post(base+"/act", again) // pressed twice
		press("code", "", "code", strings.ToLower(st.day().Seats[1].Code))
		press("add", "", "seat", st.seats[0])
		press("start", st.seats[0])
		press("statement", st.seats[0], "words", "收费表挂在大厅。\n\n押金七天内退。", "provision", "art-6", "then", "stop")
		st.clock.Add(time.Second)
		form := b.fill("sign", st.seats[0])
		form["point"] = []string{"收费表挂在大厅。", "押金七天内退。"}
		form["point_provision"] = []string{"art-6", ""}
		if a := b.post(base+"/act", form); a.status != 200 || !strings.Contains(a.body, "受理编号") {
			t.Fatalf("%d: no receipt on the page", a.status)
		}
		press("result", "", "result", meeting.ResultAdopted, "text", "通过")
		press("end", "")
		d := st.day()
		e := d.Record.List(st.items[1])[0]
		if len(d.Record.Conflicts) != 0 || d.Presence(st.seats[1]).Way != sitting.ByCode || e.State != sitting.Signed || e.Words()[0].Provision != "art-6" {
			t.Errorf("%+v, %+v", d.Record, e)
		}
		if d.Meeting.State != meeting.Held || d.Items[1].Result != meeting.ResultAdopted || len(d.Statements) != 1 {
			t.Errorf("the meeting is %s, the item %s, %d statements", d.Meeting.State, d.Items[1].Result, len(d.Statements))
		}
	})
}

func TestAWrongCodeSaysSoAndKeepsThePage(t *testing.T) {
	once(t, func(st *stage) {
		b, base := st.browser("secretary"), "/staff/meetings/"+st.slug+"/day"
		b.get(base)
		form := b.fill("code", "")
		form.Set("code", "XXXX-XXXX")
		if a := b.post(base+"/act", form); a.status != 422 || !strings.Contains(a.body, "名单上没有这个签到码") {
			t.Errorf("%d", a.status)
		}
	})
}

func TestWhoMaySeeAndWriteTheDay(t *testing.T) {
	once(t, func(st *stage) {
		base := "/staff/meetings/" + st.slug + "/day"
		if a := st.browser("reviewer").get(base); a.status != 200 || strings.Contains(a.body, "data-act=") {
			t.Errorf("a reviewer gets %d, or forms to write with", a.status)
		}
		if a := st.browser("").get(base + "/worker.js"); strings.Contains(a.body, "skipWaiting") {
			t.Errorf("the worker is given to anybody: %d", a.status)
		}
		b := st.browser("reviewer")
		b.get(base)
		if a := b.post(base+"/acts", url.Values{"acts": {"[]"}}); a.status != 403 {
			t.Errorf("a reviewer writes: %d", a.status)
		}
		worker := st.browser("secretary").get(base + "/worker.js")
		if worker.status != 200 || worker.header.Get("Service-Worker-Allowed") != base {
			t.Errorf("%d, %q", worker.status, worker.header.Get("Service-Worker-Allowed"))
		}
	})
}

// What a device sends: every act is answered, a session that ended refuses without
// taking anything, and a form of another site is not listened to.
func TestADeviceUploadsItsActs(t *testing.T) {
	once(t, func(st *stage) {
		b, base := st.browser("secretary"), "/staff/meetings/"+st.slug+"/day"
		b.get(base)
		page := b.page
		acts := `[{"id":"device-00001","kind":"check_in","at":"` + st.clock.Now().Format("2006-01-02T15:04:05Z07:00") + `","seat":"` + st.seats[0] + `"},
			{"id":"device-00002","kind":"check_in","at":"` + st.clock.Now().Format("2006-01-02T15:04:05Z07:00") + `","seat":"77"}]`
		for range 2 {
			b.page = page
			a := b.post(base+"/acts", url.Values{"acts": {acts}})
			var got struct {
				Stored  []string
				Refused []struct{ ID, Code, Message string }
			}
			if err := json.Unmarshal([]byte(a.body), &got); err != nil || len(got.Stored) != 1 || len(got.Refused) != 1 || got.Refused[0].Message != "名单上没有这个人。" {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
		b.page = page
		if a := b.post(base+"/acts", url.Values{"acts": {"{"}}); a.status != 400 {
			t.Errorf("what cannot be read: %d", a.status)
		}
		b.page = answer{}
		if a := b.post(base+"/acts", url.Values{"acts": {"[]"}}); a.status != 403 {
			t.Errorf("without the guard: %d", a.status)
		}
		st.sealed.Store(true)
		b.page = page
		if a := b.post(base+"/acts", url.Values{"acts": {"[]"}}); a.status != 401 {
			t.Errorf("after the session: %d", a.status)
		}
	})
}

func TestWhatIsPrintedAndEnteredFromPaper(t *testing.T) {
	once(t, func(st *stage) {
		b, base := st.browser("secretary"), "/staff/meetings/"+st.slug+"/day"
		for what, want := range map[string]string{"sheet": "签名", "forms": "以上是我的发言", "badges": "签到二维码"} {
			if a := b.get(base + "/print/" + what); a.status != 200 || !strings.Contains(a.body, want) || !strings.Contains(a.body, "陈阿玉") {
				t.Errorf("%s: %d", what, a.status)
			}
		}
		if a := b.get(base + "/print/other"); a.status != 404 {
			t.Errorf("a sheet that does not exist: %d", a.status)
		}
		b.get(base + "/paper")
		form := url.Values{"once": {"0011223344556677-1"}, "what": {"statement"}, "seat": {st.seats[2]}, "item": {st.items[1]}, "words": {"写大一点\n\n写明单位"}, "provision": {"art-6"}, "time": {"25:00"}}
		if a := b.post(base+"/paper", form); a.status != 422 || !strings.Contains(a.body, "写大一点") {
			t.Fatalf("a wrong hour: %d, or what was typed is gone", a.status)
		}
		form.Set("time", "")
		for range 2 {
			b.get(base + "/paper")
			if a := b.post(base+"/paper", form); a.status != 200 {
				t.Fatalf("%d %.200s", a.status, a.body)
			}
		}
		d := st.day()
		if len(d.Statements) != 1 || d.Statements[0].Way != sitting.OnPaper || d.Presence(st.seats[2]).Way != sitting.OnPaper {
			t.Errorf("%+v", d.Statements)
		}
	})
}

func TestASpeakerConfirmsByLink(t *testing.T) {
	each(t, func(st *stage) {
		st.morning()
		turn := "early-00018"
		words := sitting.Act{ID: "late-000001", Kind: sitting.Words, At: st.clock.Now(), Seat: st.seats[0], Item: st.items[1], Entry: turn, Points: sitting.Paragraphs("押金七天内退。", "")}
		_, err := st.s.Take(ctx, st.people["secretary"], st.slug, st.clock.Now(), []sitting.Act{words})
		must(t, err)
		token, err := st.s.LinkFor(ctx, st.people["secretary"], st.slug, turn)
		must(t, err)
		b := st.browser("")
		if a := b.get("/s/" + token); a.status != 200 || !strings.Contains(a.body, "押金七天内退") || strings.Contains(a.body, "陈阿玉") {
			t.Fatalf("%d, or the name stands on the page", a.status)
		}
		if a := b.post("/s/"+token, url.Values{"how": {"own"}, "own": {" "}}); a.status != 422 {
			t.Errorf("nothing written: %d", a.status)
		}
		if a := b.post("/s/"+token, url.Values{"how": {"own"}, "own": {"离院后七天内退押金。"}}); a.status != 200 || !strings.Contains(a.body, "您已经确认") {
			t.Errorf("%d", a.status)
		}
		if a := b.get("/s/" + token + "0"); a.status != 404 {
			t.Errorf("a wrong link: %d", a.status)
		}
		if n := len(st.day().Statements); n != 3 {
			t.Errorf("%d statements, want 3", n)
		}
	})
}
