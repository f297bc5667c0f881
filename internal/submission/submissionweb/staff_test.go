package submissionweb_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// link is the address of the first link with an attribute.
func (p page) link(attribute string) string {
	m := regexp.MustCompile(`<a href="([^"]*)"[^>]*` + regexp.QuoteMeta(attribute)).FindStringSubmatch(p.body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// letterOf sends a submission and gives the address of its page for staff.
func (d *desk) letterOf(text string) string {
	d.t.Helper()
	body := fmt.Sprintf(`{"submitter":{"kind":"individual","name":"张三"},"consent":true,"comments":[{"provision":"art-1","text":%q}]}`, text)
	if p := d.visitor().json("POST", "/consultations/"+d.slug+"/submissions", body); p.status != 201 {
		d.t.Fatalf("%d %s", p.status, p.body)
	}
	p := d.signedIn("officer").get("/staff/consultations/" + d.slug + "/submissions")
	m := regexp.MustCompile(`/staff/consultations/[^"]*/submissions/\d+`).FindString(p.body)
	if m == "" {
		d.t.Fatalf("the list has no letter: %s", p.body)
	}
	return m
}

func TestStaffSplitAndAimWithoutScript(t *testing.T) {
	each(t, func(d *desk) {
		address := d.letterOf("第一句。第二句。")
		b := d.signedIn("officer")
		p := b.get(address)
		act := regexp.MustCompile(`action="(` + regexp.QuoteMeta(address) + `/split/\d+)"`).FindStringSubmatch(p.body)
		if act == nil || !strings.Contains(p.body, "张三") {
			t.Fatalf("the letter: %s", p.body)
		}
		token := p.fields().Get("csrf")
		if p = b.post(act[1], url.Values{"csrf": {token}, "version": {"1"}}); p.status != 422 {
			t.Errorf("a split into one: %d", p.status)
		}
		if p = b.post(act[1], url.Values{"csrf": {token}, "version": {"1"}, "cut": {"4"}}); p.status != 303 {
			t.Fatalf("split: %d %s", p.status, p.body)
		}
		p = b.get(address)
		if strings.Count(p.body, "/aim/") != 2 || !strings.Contains(p.body, "/join/") {
			t.Fatalf("after the split: %s", p.body)
		}
		aim := regexp.MustCompile(`action="([^"]*/aim/\d+)"`).FindStringSubmatch(p.body)
		if p = b.post(aim[1], url.Values{"csrf": {token}, "version": {"1"}, "provision": {"art-2"}}); p.status != 303 {
			t.Fatalf("aim: %d", p.status)
		}
		if p = b.post(aim[1], url.Values{"csrf": {token}, "version": {"1"}, "provision": {""}}); p.status != 409 {
			t.Errorf("an older version: %d", p.status)
		}
	})
}

func TestNameAndContactAreForThoseWhoMayAndNobodyElsesStaff(t *testing.T) {
	each(t, func(d *desk) {
		address := d.letterOf("意见")
		if p := d.signedIn("auditor").get(address); p.status != 200 || strings.Contains(p.body, "张三") || strings.Contains(p.body, "/aim/") {
			t.Errorf("an auditor sees the name or may aim: %d", p.status)
		}
		for _, path := range []string{address, "/staff/consultations/" + d.slug + "/submissions", "/staff/consultations/" + d.slug + "/submissions.csv"} {
			if p := d.signedIn("other-officer").get(path); p.status != 404 {
				t.Errorf("%s for another organisation: %d", path, p.status)
			}
			if p := d.visitor().get(path); p.status != 303 || !strings.HasPrefix(p.header.Get("Location"), "/signin") {
				t.Errorf("%s for anybody: %d", path, p.status)
			}
		}
		p := d.signedIn("officer").get("/staff/consultations/" + d.slug + "/submissions.csv")
		if p.status != 200 || !strings.HasPrefix(p.header.Get("Content-Type"), "text/csv") || !strings.Contains(p.body, "意见") || strings.Contains(p.body, "张三") {
			t.Errorf("the export: %d %s", p.status, p.body)
		}
	})
}

func TestTheListFindsByWordsAndPagesByKey(t *testing.T) {
	each(t, func(d *desk) {
		for i := range 3 {
			d.letterOf(fmt.Sprintf("意见%d Straße", i))
		}
		b := d.visitor()
		auth := []string{"Authorization", "Bearer officer"}
		p := b.json("GET", "/consultations/"+d.slug+"/comments?limit=2", "", auth...)
		got := p.decode(t)
		if len(got["items"].([]any)) != 2 || got["next"] == nil {
			t.Fatalf("%s", p.body)
		}
		next, err := url.Parse(got["next"].(string))
		must(t, err)
		p = b.json("GET", strings.TrimPrefix(next.RequestURI(), "/api/v1"), "", auth...)
		if got = p.decode(t); len(got["items"].([]any)) != 1 || got["next"] != nil {
			t.Fatalf("%s", p.body)
		}
		for query, want := range map[string]int{"q=意见1": 1, "q=stra": 3, "q=%25": 0, "channel=web": 0, "channel=api": 3, "provision=art-1": 3, "provision=": 0, "gathered=yes": 0, "gathered=no": 3, "cursor=abc": 3} {
			for _, list := range []string{"comments", "submissions"} {
				p := b.json("GET", "/consultations/"+d.slug+"/"+list+"?"+strings.ReplaceAll(query, "意见", url.QueryEscape("意见")), "", auth...)
				if p.status != 200 || len(p.decode(t)["items"].([]any)) != want {
					t.Errorf("%s?%s: %d %s", list, query, p.status, p.body)
				}
			}
		}
		if p := b.json("GET", "/consultations/"+d.slug+"/comments?q=%ff", "", auth...); p.status != 400 {
			t.Errorf("a query that is no text: %d", p.status)
		}
		if p := b.json("GET", "/consultations/"+d.slug+"/comments", ""); p.status != 401 {
			t.Errorf("without a token: %d", p.status)
		}
		if p := b.json("GET", "/consultations/"+d.slug+"/comments", "", "Authorization", "Bearer other-officer"); p.status != 404 {
			t.Errorf("another organisation's: %d", p.status)
		}
	})
}
