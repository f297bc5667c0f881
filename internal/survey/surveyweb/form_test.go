package surveyweb_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/survey"
)

const words = "第一行\n\n第三行：<b>不是</b>标记 & \"引号\" 𠮷 end"

// filled is the form with right answers.
func (b *browser) filled() url.Values {
	b.d.t.Helper()
	p := b.Get("/consultations/" + b.d.slug + "/survey")
	if p.Status != 200 {
		b.d.t.Fatalf("the form: %d %s", p.Status, p.Body)
	}
	f := p.Fields()
	f.Set("a-q1", "o2")
	f["a-q2"] = []string{"o3", "other"}
	f.Set("o-q2", "广播")
	f.Set("a-q3", "4")
	f.Set("a-q5", strings.ReplaceAll(words, "\n", "\r\n")) // as browsers send it
	f.Set("kind", "individual")
	f.Set("consent", "true")
	return f
}

func TestAFormSentTwiceIsOneResponse(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b := d.visitor()
		f := b.filled()
		path := "/consultations/" + d.slug + "/survey"
		first, second := b.Post(path, f), b.Post(path, f)
		if first.Status != 303 || first.Header.Get("Location") != second.Header.Get("Location") {
			t.Fatalf("%d %s, %s\n%s", first.Status, first.Header.Get("Location"), second.Header.Get("Location"), first.Body)
		}
		r, err := d.surveys.Results(ctx, d.slug)
		must(t, err)
		if r.Responses != 1 || r.Questions[1].Tallies[3].Count != 1 || r.Questions[2].Mean != 4 {
			t.Errorf("counted %+v", r)
		}
		f.Set("a-q1", "o1")
		p := b.Post(path, f)
		if p.Status != 409 || p.Fields().Get("a-q1") != "o1" || p.Fields().Get("a-q5") != words {
			t.Fatalf("changed and sent again: %d", p.Status)
		}
		if p = b.Post(path, p.Fields()); p.Status != 303 {
			t.Fatalf("confirmed: %d", p.Status)
		}
		if r, err = d.surveys.Results(ctx, d.slug); err != nil || r.Responses != 2 {
			t.Errorf("%d, %v", r.Responses, err)
		}
	})
}

func TestNotACharacterOrTickIsLostInAnError(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b, path := d.visitor(), "/consultations/"+d.slug+"/survey"
		f := b.filled()
		f.Del("a-q1")
		f.Del("consent")
		f["a-q2"] = []string{"o1", "o2", "o3", "other"}
		f.Set("name", "朱晓岚")
		f.Set("a-q4", strings.Repeat("长", 501))
		p := b.Post(path, f)
		got := p.Fields()
		if p.Status != 422 || got.Get("a-q5") != words || strings.Join(got["a-q2"], " ") != "o1 o2 o3 other" || got.Get("o-q2") != "广播" ||
			got.Get("a-q3") != "4" || got.Get("kind") != "individual" || got.Get("name") != "朱晓岚" || got.Get("a-q4") != f.Get("a-q4") {
			t.Fatalf("%d, kept %v", p.Status, got)
		}
		for _, part := range []string{`href="#a-q1"`, `href="#a-q2"`, `href="#a-q4"`, `href="#consent"`, `id="a-q1-error"`, `id="consent-error"`, "有错误", "第1题：请回答这一题"} {
			if !strings.Contains(p.Body, part) {
				t.Errorf("the page lacks %s", part)
			}
		}
	})
}

func TestWhoAnswersWhileItClosesKeepsEverything(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b, path := d.visitor(), "/consultations/"+d.slug+"/survey"
		d.clock.Add(30*24*time.Hour - time.Minute)
		other := d.visitor()
		if p := other.Post(path, other.filled()); p.Status != 303 {
			t.Fatalf("in time: %d %s", p.Status, p.Body)
		}
		f := b.filled()
		d.clock.Add(time.Minute)
		p := b.Post(path, f)
		kept := p.Fields().Get("text")
		if p.Status != 410 || !strings.Contains(kept, words) || !strings.Contains(kept, "没有") || !strings.Contains(kept, "广播") {
			t.Fatalf("%d, kept %q", p.Status, kept)
		}
		if p = d.visitor().Get(path); p.Status != 410 {
			t.Errorf("a form for a closed consultation: %d", p.Status)
		}
		if p = d.visitor().Get(path + "/results"); p.Status != 200 || !strings.Contains(p.Body, "不是抽样调查") {
			t.Errorf("the results: %d", p.Status)
		}
	})
}

func TestThereIsNothingBeforeTheApprovalAndWithoutQuestions(t *testing.T) {
	each(t, func(d *desk) {
		b, path := d.visitor(), "/consultations/"+d.slug+"/survey"
		for _, at := range []string{path, path + "/results"} {
			if p := b.Get(at); p.Status != 404 {
				t.Errorf("%s before approval: %d", at, p.Status)
			}
		}
		_, err := d.surveys.Keep(ctx, d.people["officer"], d.slug, survey.In{}, 0)
		must(t, err)
		d.publish()
		for _, at := range []string{path, path + "/results"} {
			if p := b.Get(at); p.Status != 404 {
				t.Errorf("%s without questions: %d", at, p.Status)
			}
		}
	})
}

func TestHostileFormsAreRefusedAndEscaped(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b, path := d.visitor(), "/consultations/"+d.slug+"/survey"
		for name, change := range map[string]func(url.Values){
			"markup for a choice":    func(f url.Values) { f.Set("a-q1", `"><script>alert(1)</script>`) },
			"a thousand ticks":       func(f url.Values) { f["a-q2"] = make([]string, 1000); f["a-q2"][0] = "o9" },
			"a point off the scale":  func(f url.Values) { f.Set("a-q3", "-1") },
			"a number with a string": func(f url.Values) { f.Set("a-q3", "4 OR 1=1") },
			"other of a choice":      func(f url.Values) { f.Set("a-q1", "other") },
			"no such kind":           func(f url.Values) { f.Set("kind", "clerk") },
			"too much other":         func(f url.Values) { f.Set("o-q2", strings.Repeat("x", 100_000)) },
			"too long a text":        func(f url.Values) { f.Set("a-q5", strings.Repeat("长", 20_001)) },
		} {
			f := b.filled()
			change(f)
			p := b.Post(path, f)
			if p.Status != 422 || strings.Contains(p.Body, "<script>alert") {
				t.Errorf("%s: %d", name, p.Status)
			}
		}
		f := b.filled()
		f.Set("o-q2", `<script>alert(1)</script>`)
		f.Set("key", strings.Repeat("k", 300)) // not taken as a key
		if p := b.Post(path, f); p.Status != 303 {
			t.Fatalf("words that look like markup: %d %s", p.Status, p.Body)
		}
		f.Set("csrf", "x")
		if p := b.Post(path, f); p.Status != 403 || !strings.Contains(p.Body, "第三行") && !strings.Contains(p.Body, "form") {
			t.Errorf("without its token: %d", p.Status)
		}
		d.clock.Add(31 * 24 * time.Hour)
		for _, lang := range []string{"zh-CN", "en"} {
			if p := b.Get(path + "/results?lang=" + lang); strings.Contains(p.Body, "<script>alert") {
				t.Error("what somebody wrote is run on the results")
			}
		}
		if r, err := d.surveys.Results(ctx, d.slug); err != nil || r.Responses != 1 {
			t.Errorf("%d responses, %v", r.Responses, err)
		}
	})
}

func TestAWithdrawnConsultationKeepsWhatWasTyped(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b := d.visitor()
		f := b.filled()
		_, err := d.cons.Apply(ctx, d.people["reviewer"], d.slug, consultation.Withdraw, consultation.Note{Text: "上位法正在修改"})
		must(t, err)
		p := b.Post("/consultations/"+d.slug+"/survey", f)
		if p.Status != 410 || !strings.Contains(p.Fields().Get("text"), words) || !strings.Contains(p.Body, "上位法正在修改") {
			t.Fatalf("%d: %s", p.Status, p.Body)
		}
	})
}

func TestTheFormSpeaksTheReadersLanguage(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		p := d.visitor().Get("/consultations/" + d.slug + "/survey?lang=en")
		if p.Status == 303 || p.Status == 302 {
			b := d.visitor()
			b.Get("/consultations/" + d.slug + "/survey?lang=en")
			p = b.Get("/consultations/" + d.slug + "/survey")
		}
		for _, text := range []string{"Have you ever commented?", "Choose 2 at most", "1 hard", "Newspaper", "Send the survey", "It serves to change the draft."} {
			if !strings.Contains(p.Body, text) {
				t.Errorf("the English form lacks %q", text)
			}
		}
	})
}
