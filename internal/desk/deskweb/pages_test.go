package deskweb_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guangyi/internal/desk"
	"guangyi/internal/platform/ids"
)

// begun opens a batch of letters and stands on its form.
func (st *stage) begun(b *browser) string {
	st.t.Helper()
	b.get(st.at(""))
	a := b.post(st.at(""), url.Values{"way": {"letter"}, "day": {"2026-11-03"}})
	if a.status != 200 || !strings.Contains(a.url, "/desk/batches/") {
		st.t.Fatalf("%d %s", a.status, a.url)
	}
	path, _, _ := strings.Cut(a.url, "?")
	return path
}

func letter(name, phone, provision, text string) url.Values {
	return url.Values{"name": {name}, "kind": {"individual"}, "phone": {phone}, "received_on": {"2026-11-03"}, "provision": {provision}, "text": {text}, "proposed_text": {""}, "act": {"take"}}
}

// photo is a small picture of an envelope.
func photo(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 40, 24))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	m.Set(3, 3, color.Gray{Y: 0})
	var out bytes.Buffer
	must(t, png.Encode(&out, m))
	return out.Bytes()
}

// Without script: a letter is taken in, its receipt and the sitting's figures are on
// the page, and the next form is empty with the day kept.
func TestAClerkTakesInALetterWithoutScript(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		a := b.post(at, letter("陈阿玉", "13800000001", "第八条", "收费表挂在大厅，字要大。"))
		number := regexp.MustCompile(`受理编号 (26-\d{6}-\d)`).FindStringSubmatch(a.body)
		if a.status != 200 || number == nil || !strings.Contains(a.body, `value="2026-11-03"`) {
			t.Fatalf("%d %s", a.status, a.url)
		}
		if strings.Contains(a.body, "收费表挂在大厅，字要大。</textarea>") {
			t.Error("the next form must be empty")
		}
		slips := b.get(at + "/slips?paper=58")
		if slips.status != 200 || !strings.Contains(slips.body, number[1]) || !regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}`).MatchString(slips.body) {
			t.Errorf("the slip lacks number or secret: %d", slips.status)
		}
	})
}

// What is wrong stands beside its field, and nothing typed is lost.
func TestAFaultKeepsAllThatWasTyped(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		a := b.post(at, letter("陈阿玉", "13800000001", "88", "收费表挂在大厅。"))
		if a.status != 422 || !strings.Contains(a.body, "草案里没有“88”") || !strings.Contains(a.body, "收费表挂在大厅。</textarea>") {
			t.Fatalf("%d", a.status)
		}
		if n := st.count("SELECT COUNT(*) FROM desk_entries WHERE state = 'draft'"); n != 1 {
			t.Errorf("%d drafts are kept", n)
		}
		a = b.post(at, letter("陈阿玉", "13800000001", "９", "收费表挂在大厅。"))
		if a.status != 200 || st.count("SELECT COUNT(*) FROM comments WHERE provision = 'art-9'") != 1 || st.count("SELECT COUNT(*) FROM desk_entries") != 1 {
			t.Errorf("%d: the same draft must become the submission", a.status)
		}
	})
}

// Enter in a field without script: on to the words while there are none, then taken.
func TestEnterWithoutScriptLeadsToTheWords(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		form := letter("陈阿玉", "", "", "")
		form.Set("act", "enter")
		if a := b.post(at, form); a.status != 200 || strings.Contains(a.body, "error-summary") || !strings.Contains(a.body, "陈阿玉") {
			t.Fatalf("%d", a.status)
		}
		form.Set("text", "字要大。")
		form.Del("version")
		if a := b.post(at, form); a.status != 200 || !strings.Contains(a.body, "受理编号 26-") {
			t.Fatalf("%d", a.status)
		}
	})
}

// A draft is on the server: another browser goes on with it.
func TestADraftSurvivesAClosedBrowser(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		form := letter("", "", "", "只录了一半")
		form.Set("act", "keep")
		b.post(at, form)
		other := st.browser("clerk")
		a := other.get(st.at("?state=draft"))
		link := regexp.MustCompile(`href="([^"]*\?entry=\d+)"`).FindStringSubmatch(a.body)
		if link == nil {
			t.Fatal("the draft is not listed")
		}
		if a := other.get(link[1]); !strings.Contains(a.body, "只录了一半</textarea>") {
			t.Errorf("%d: the draft's words are not there", a.status)
		}
	})
}

// The script's way of keeping drafts answers with the version that the form must have.
func TestDraftsAreKeptWhileTyping(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		form := letter("", "", "", "只录了一半")
		b.fill(form)
		page := b.page
		a := b.post(at+"/draft", form)
		var got struct {
			Entry   string
			Version int64
		}
		must(t, json.Unmarshal([]byte(a.body), &got))
		if a.status != 200 || got.Version != 1 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		b.page = page
		stale := letter("", "", "", "别人改了")
		stale.Set("version", "1")
		b.post(at+"/draft", stale)
		b.page = page
		late := letter("陈阿玉", "", "", "我写的")
		late.Set("version", "1")
		if a := b.post(at, late); a.status != 409 || !strings.Contains(a.body, "我写的</textarea>") || !strings.Contains(a.body, "刚被别人改过") {
			t.Errorf("%d: who lost the race must see their own words and be told", a.status)
		}
	})
}

// A letter that arrives after the end: the postmark of the last day is proof with a
// photograph; a later postmark is refused with a sentence unless marked late, and a late
// one is counted apart.
func TestLatePaperIsTakenWithItsProof(t *testing.T) {
	each(t, func(st *stage) {
		st.clock.Set(time.Date(2026, 12, 5, 2, 0, 0, 0, time.UTC))
		b := st.browser("clerk")
		b.get(st.at(""))
		a := b.post(st.at(""), url.Values{"way": {"letter"}, "day": {"2026-12-05"}})
		at, _, _ := strings.Cut(a.url, "?")
		form := letter("陈阿玉", "", "8", "字要大。")
		form.Set("received_on", "2026-12-05")
		if a := b.post(at, form); a.status != 422 || !strings.Contains(a.body, "要填邮戳日期来证明") {
			t.Fatalf("%d", a.status)
		}
		form.Set("posted_on", "2026-12-03")
		if a := b.post(at, form); a.status != 422 || !strings.Contains(a.body, "邮戳日期在截止以后") {
			t.Fatalf("%d", a.status)
		}
		form.Set("posted_on", "2026-12-02")
		if a := b.post(at, form); a.status != 422 || !strings.Contains(a.body, "附上信封的照片") {
			t.Fatalf("%d", a.status)
		}
		form.Del("version")
		if a := b.upload(at, form, "陈阿玉的信封.png", photo(t, 200)); a.status != 200 || !strings.Contains(a.body, "受理编号") {
			t.Fatalf("%d %s", a.status, regexp.MustCompile(`govuk-error-message[^<]*<[^<]*<[^<]*`).FindString(a.body))
		}
		if n := st.count("SELECT COUNT(*) FROM submissions WHERE late = false AND entry = 'after'"); n != 1 {
			t.Errorf("%d in time, entered after the end", n)
		}
		if n := st.count("SELECT COUNT(*) FROM attachments WHERE owner = 'submission' AND name = 'scan-1.png'"); n != 1 {
			t.Errorf("%d scans are with the submission", n)
		}
		late := letter("罗建军", "", "9", "押金怎么退。")
		late.Set("received_on", "2026-12-05")
		late.Set("posted_on", "2026-12-03")
		late.Set("late", "true")
		if a := b.post(at, late); a.status != 200 || !strings.Contains(a.body, "迟到") {
			t.Fatalf("%d", a.status)
		}
		if n := st.count("SELECT COUNT(*) FROM submissions WHERE late = true"); n != 1 {
			t.Errorf("%d late", n)
		}
	})
}

// The same scan is noticed whatever the words say.
func TestTheSameScanIsNoticed(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		if a := b.upload(at, letter("陈阿玉", "", "8", "字要大。"), "a.png", photo(t, 90)); a.status != 200 {
			t.Fatalf("%d", a.status)
		}
		a := b.upload(at, letter("陈阿王", "", "9", "宇要太。"), "b.png", photo(t, 90))
		if a.status != 409 || !strings.Contains(a.body, "扫描件完全相同") {
			t.Fatalf("%d", a.status)
		}
		form := letter("陈阿王", "", "9", "宇要太。")
		form.Set("act", "twice")
		a = b.post(at, form)
		if a.status != 200 || st.count("SELECT COUNT(*) FROM desk_entries WHERE state = 'discarded' AND reason = 'duplicate'") != 1 || st.count("SELECT COUNT(*) FROM submissions") != 1 {
			t.Errorf("%d", a.status)
		}
	})
}

// The second person does not see what was typed of the key fields, sees where the two
// differ sign by sign, and must choose.
func TestTheCheckShowsDifferencesSignBySign(t *testing.T) {
	each(t, func(st *stage) {
		must(t, st.s.Demand(ctx, st.people["admin"], st.org.ID, 100))
		b := st.browser("clerk")
		at := st.begun(b)
		if a := b.post(at, letter("陈阿王", "13800000001", "8", "押金三百元退还。")); a.status != 200 || strings.Contains(a.body, "受理编号 26") {
			t.Fatalf("%d: no receipt before the check", a.status)
		}
		if a := b.get(st.at("/check")); strings.Contains(a.url, "/entries/") {
			t.Error("the clerk is led to check their own typing")
		}
		s := st.browser("second")
		a := s.get(st.at("/check"))
		if a.status != 200 || strings.Contains(a.body, "陈阿王") || strings.Contains(a.body, "13800000001") {
			t.Fatalf("%d: the key fields must be typed without seeing them", a.status)
		}
		check, _, _ := strings.Cut(a.url, "?")
		read := url.Values{"name": {"陈阿玉"}, "phone": {"138-0000-0001"}, "provision": {"8"}, "text": {"押金三千元退还。"}, "proposed_text": {""}, "act": {"compare"}}
		a = s.post(check, read)
		if a.status != 200 || !strings.Contains(a.body, "有2处不同") || !strings.Contains(a.body, "</span>百</del>") || !strings.Contains(a.body, "</span>千</ins>") {
			t.Fatalf("%d", a.status)
		}
		read.Set("act", "confirm")
		read.Set("choose-name", "second")
		if a := s.post(check, read); a.status != 422 || !strings.Contains(a.body, "选以哪个为准") {
			t.Fatalf("%d", a.status)
		}
		read.Set("choose-text-0", "second")
		if a := s.post(check, read); a.status != 200 || !strings.Contains(a.body, "26-") {
			t.Fatalf("%d", a.status)
		}
		if n := st.count("SELECT COUNT(*) FROM comments WHERE text = '押金三千元退还。'"); n != 1 {
			t.Error("the corrected words are not the submission's")
		}
	})
}

// Who may: officers of the organisation enter, a reviewer sees how far it is and no
// names, an administrator sets the share, others find nothing.
func TestWhoSeesTheDesk(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("clerk")
		at := st.begun(b)
		b.post(at, letter("陈阿玉", "13800000001", "8", "字要大。"))
		if a := st.browser("reviewer").get(st.at("")); a.status != 200 || strings.Contains(a.body, "陈阿玉") || !strings.Contains(a.body, "26-") {
			t.Errorf("reviewer: %d", a.status)
		}
		if a := st.browser("reviewer").get(at); a.status != 403 {
			t.Errorf("reviewer on the form: %d", a.status)
		}
		for who, want := range map[string]int{"stranger": 404} {
			if a := st.browser(who).get(st.at("")); a.status != want {
				t.Errorf("%s: %d", who, a.status)
			}
		}
		admin := st.browser("admin")
		b.get("/staff/desk")
		if a := admin.get("/staff/desk"); a.status == 200 {
			if a := admin.post("/staff/desk", url.Values{"organisation": {ids.Format(st.org.ID)}, "share": {"30"}}); a.status != 200 {
				t.Errorf("%d", a.status)
			}
		} else {
			t.Errorf("admin: %d", a.status)
		}
		if n, err := st.s.Demanded(ctx, st.org.ID); err != nil || n != 30 {
			t.Errorf("%d %v", n, err)
		}
	})
}

// Programs take in and check by the same rules.
func TestTheDeskForPrograms(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("")
		body := `{"way":"phone","day":"2026-11-03","sender":{"kind":"individual","name":"马小梅","phone":"13800000003"},"points":[{"provision":"8","text":"字要大。"}],"check":true}`
		a := b.json("POST", "/entries", body, "clerk", "Idempotency-Key", "call-1")
		var got struct{ ID, State, Receipt, Secret string }
		must(t, json.Unmarshal([]byte(a.body), &got))
		if a.status != 201 || got.State != "waiting" || got.Secret != "" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a := b.json("POST", "/entries/"+got.ID+"/events", `{"event":"check"}`, "clerk"); a.status != 403 {
			t.Errorf("own typing: %d %s", a.status, a.body)
		}
		a = b.json("POST", "/entries/"+got.ID+"/events", `{"event":"check"}`, "second")
		must(t, json.Unmarshal([]byte(a.body), &got))
		if a.status != 200 || got.State != "taken" || got.Secret == "" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a := b.json("POST", "/entries", body, "clerk", "Idempotency-Key", "call-2"); a.status != 409 || !strings.Contains(a.body, got.Receipt) {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := b.json("GET", "/entries?state=taken", "", "reviewer"); a.status != 200 || !strings.Contains(a.body, got.Receipt) || strings.Contains(a.body, "马小梅") {
			t.Errorf("%d %s", a.status, a.body)
		}
		for who, want := range map[string]int{"": 401, "reviewer": 403, "stranger": 404} {
			if a := b.json("POST", "/entries", body, who, "Idempotency-Key", "call-3"); a.status != want {
				t.Errorf("%q: %d, want %d", who, a.status, want)
			}
		}
	})
}

// entries reads the states of all entries.
func (st *stage) entries() map[desk.State]int64 {
	out := map[desk.State]int64{}
	for _, s := range desk.States {
		out[s] = st.count("SELECT COUNT(*) FROM desk_entries WHERE state = ?", s)
	}
	return out
}
