package surveyweb_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestQuestionsAreWrittenMovedAndRemovedWithoutScript(t *testing.T) {
	each(t, func(d *desk) {
		b, path := d.signedIn("officer"), "/staff/consultations/"+d.slug+"/survey"
		f := b.Get(path + "/edit").Fields()
		if f.Get("rows") != "5" || !strings.Contains(f.Get("options-2"), "报纸 | Newspaper") {
			t.Fatalf("the form: %v", f)
		}
		press := func(act string) page {
			t.Helper()
			f.Set("go", act)
			p := b.Post(path+"/edit", f)
			f = p.Fields()
			return p
		}
		press("up:2")
		if f.Get("label-2") != "草案好懂吗？" || f.Get("points-2") != "5" || f.Get("label-3") != "您怎样知道这次征集？" {
			t.Errorf("moved up: %v", f)
		}
		press("add:scale")
		if f.Get("rows") != "6" || f.Get("points-6") != "5" {
			t.Errorf("added: %v", f)
		}
		f.Set("label-6", "满意吗")
		if p := press("save"); p.Status != 422 || !strings.Contains(p.Body, `id="low-6-error"`) || f.Get("label-6") != "满意吗" || !strings.Contains(p.Body, `href="#low-6"`) {
			t.Errorf("an end not named: %d", p.Status)
		}
		press("remove:5")
		if p := press("save"); p.Status != 303 {
			t.Fatalf("saved: %d %s", p.Status, p.Body)
		}
		v, err := d.surveys.Prepared(ctx, d.id())
		must(t, err)
		if len(v.Questions) != 5 || v.Questions[1].Code != "q3" || v.Questions[0].Options[0].Label.Other != "Yes" || !v.Questions[0].Required {
			t.Errorf("stored %+v", v.Questions)
		}
		old := b.Get(path + "/edit").Fields()
		old.Set("version", "1")
		old.Set("go", "save")
		if p := b.Post(path+"/edit", old); p.Status != 409 || !strings.Contains(p.Body, "别人刚刚保存过") {
			t.Errorf("stale: %d", p.Status)
		}
	})
}

func (d *desk) id() int64 {
	d.t.Helper()
	c, err := d.cons.Staff(ctx, d.people["officer"], d.slug)
	must(d.t, err)
	return c.ID
}

func TestTheRoomSaysWhyQuestionsAreFixed(t *testing.T) {
	each(t, func(d *desk) {
		path := "/staff/consultations/" + d.slug + "/survey"
		b := d.signedIn("officer")
		if p := b.Get(path); p.Status != 200 || !strings.Contains(p.Body, path+"/edit") {
			t.Fatalf("%d", p.Status)
		}
		if p := b.Get(path + "/preview"); p.Status != 200 || !strings.Contains(p.Body, "您提过意见吗") || strings.Contains(p.Body, `name="key"`) {
			t.Errorf("the preview: %d", p.Status)
		}
		d.publish()
		p := b.Get(path)
		if strings.Contains(p.Body, path+"/edit") || !strings.Contains(p.Body, "不能再改") || !strings.Contains(p.Body, path+"/enter") {
			t.Errorf("fixed: %s", p.Body)
		}
		if p := b.Get(path + "/edit"); p.Status != 409 {
			t.Errorf("editing what is fixed: %d", p.Status)
		}
		for who, want := range map[string]int{"auditor": 200, "reviewer": 200, "other-officer": 404} {
			if p := d.signedIn(who).Get(path); p.Status != want {
				t.Errorf("%s: %d", who, p.Status)
			}
		}
		if p := d.signedIn("reviewer").Get(path + "/enter"); p.Status != 403 {
			t.Errorf("entered by a reviewer: %d", p.Status)
		}
	})
}

func TestPaperIsEnteredByNumbersAlone(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b, path := d.signedIn("officer"), "/staff/consultations/"+d.slug+"/survey/enter"
		f := b.Get(path).Fields()
		f.Set("a-q1", "2")
		f.Set("a-q2", "1 4")
		f.Set("a-q3", "9")
		f.Set("number", "甲-1")
		p := b.Post(path, f)
		if p.Status != 422 || !strings.Contains(p.Body, `id="a-q3-error"`) || !strings.Contains(p.Body, `id="o-q2-error"`) && p.Fields().Get("a-q2") != "1 4" {
			t.Fatalf("%d %s", p.Status, p.Body)
		}
		f = p.Fields()
		f.Set("a-q3", "5")
		f.Set("o-q2", "广播")
		f.Set("a-q5", words)
		p = b.Post(path, f)
		if p.Status != 200 || !strings.Contains(p.Body, "这次录了1份") || p.Fields().Get("a-q1") != "" || p.Fields().Get("kind") != f.Get("kind") {
			t.Fatalf("%d %v", p.Status, p.Fields())
		}
		r, err := d.surveys.StaffResults(ctx, d.people["officer"], d.slug)
		must(t, err)
		if r.Responses != 1 || len(r.ByWay) != 1 || r.ByWay[0].Code != "clerk" || r.Questions[1].Tallies[3].Count != 1 {
			t.Errorf("counted %+v", r)
		}
	})
}

func TestATableIsTriedThenTakenOnThePage(t *testing.T) {
	each(t, func(d *desk) {
		d.publish()
		b, path := d.signedIn("officer"), "/staff/consultations/"+d.slug+"/survey/import"
		csrf := b.Get(path).Fields().Get("csrf")
		table := "q1,q2,q3\n提过,网站；报纸,5\n也许,,\n"
		p := b.Upload(path, map[string]string{"csrf": csrf, "dry_run": "true"}, "x.csv", table)
		if p.Status != 200 || !strings.Contains(p.Body, "请从列出的选项中选") {
			t.Fatalf("tried: %d %s", p.Status, p.Body)
		}
		p = b.Upload(path, map[string]string{"csrf": csrf}, "x.csv", table)
		if p.Status != 200 || !strings.Contains(p.Body, "导入了1份") {
			t.Fatalf("taken: %d %s", p.Status, p.Body)
		}
		for _, bad := range []string{"", "a,b\n1,2\n"} {
			if p = b.Upload(path, map[string]string{"csrf": csrf}, "x.csv", bad); p.Status != 422 {
				t.Errorf("%q: %d", bad, p.Status)
			}
		}
		for format, begins := range map[string]string{"csv": "\ufeffresponse,", "xlsx": "PK", "json": "["} {
			if p = b.Get("/staff/consultations/" + d.slug + "/survey." + format); p.Status != 200 || !strings.HasPrefix(p.Body, begins) {
				t.Errorf("%s: %d %.40q", format, p.Status, p.Body)
			}
			if p = d.signedIn("reviewer").Get("/staff/consultations/" + d.slug + "/survey." + format); p.Status != 403 {
				t.Errorf("%s for a reviewer: %d", format, p.Status)
			}
		}
	})
}

func TestProgramsReadAnswerAndCount(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		at := "/consultations/" + d.slug + "/survey"
		if p := b.JSON("GET", at, ""); p.Status != 404 {
			t.Errorf("before approval: %d", p.Status)
		}
		d.publish()
		p := b.JSON("GET", at, "")
		var v struct {
			Questions []struct {
				Code, Kind string
				Required   bool
				Label      struct{ Text, Other string }
				Options    []struct{ Code string }
			}
		}
		must(t, json.Unmarshal([]byte(p.Body), &v))
		if p.Status != 200 || len(v.Questions) != 5 || v.Questions[0].Label.Other != "Have you ever commented?" || v.Questions[1].Options[2].Code != "o3" {
			t.Fatalf("%d %s", p.Status, p.Body)
		}
		body := `{"submitter":{"kind":"expert"},"consent":true,"answers":[{"question":"q1","choices":["o1"]},{"question":"q2","other":"广播"},{"question":"q5","text":"很好"}]}`
		first := b.JSON("POST", at+"/responses", body, "Idempotency-Key", "k1")
		again := b.JSON("POST", at+"/responses", body, "Idempotency-Key", "k1")
		if first.Status != 201 || first.Body != again.Body || !strings.Contains(first.Body, `"receipt"`) {
			t.Fatalf("%d %s / %s", first.Status, first.Body, again.Body)
		}
		for name, bad := range map[string]string{
			"a field":           `{"submitter":{"kind":"expert"},"consent":true,"answers":[{"question":"q1","choices":["o7"]}]}`,
			"a question twice":  `{"submitter":{"kind":"expert"},"consent":true,"answers":[{"question":"q1","choices":["o1"]},{"question":"q1","choices":["o2"]}]}`,
			"nothing":           `{"submitter":{"kind":"expert"},"consent":true}`,
			"without consent":   `{"submitter":{"kind":"expert"},"answers":[{"question":"q1","choices":["o1"]}]}`,
			"numbers for codes": `{"submitter":{"kind":"expert"},"consent":true,"answers":[{"question":"q1","choices":[1]}]}`,
		} {
			if p := b.JSON("POST", at+"/responses", bad); p.Status != 422 {
				t.Errorf("%s: %d %s", name, p.Status, p.Body)
			}
		}
		if p = b.JSON("POST", at+"/responses", body, "Idempotency-Key", ""); p.Status != 422 {
			t.Errorf("an empty key: %d", p.Status)
		}
		p = b.JSON("GET", at+"/results", "")
		got := p.Decode(t)
		if p.Status != 200 || got["responses"] != 1.0 || got["partial"] != true || got["sample"] != false {
			t.Errorf("%d %s", p.Status, p.Body)
		}
	})
}
