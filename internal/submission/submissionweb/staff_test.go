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
func link(p page, attribute string) string {
	m := regexp.MustCompile(`<a href="([^"]*)"[^>]*` + regexp.QuoteMeta(attribute)).FindStringSubmatch(p.Body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// letterOf sends a submission and gives the address of its page for staff.
func (d *desk) letterOf(text string) string {
	d.t.Helper()
	body := fmt.Sprintf(`{"submitter":{"kind":"individual","name":"张三"},"consent":true,"comments":[{"provision":"art-1","text":%q}]}`, text)
	if p := d.visitor().JSON("POST", "/consultations/"+d.slug+"/submissions", body); p.Status != 201 {
		d.t.Fatalf("%d %s", p.Status, p.Body)
	}
	p := d.signedIn("officer").Get("/staff/consultations/" + d.slug + "/submissions")
	m := regexp.MustCompile(`/staff/consultations/[^"]*/submissions/\d+`).FindString(p.Body)
	if m == "" {
		d.t.Fatalf("the list has no letter: %s", p.Body)
	}
	return m
}

func TestStaffSplitAndAimWithoutScript(t *testing.T) {
	each(t, func(d *desk) {
		address := d.letterOf("第一句。第二句。")
		b := d.signedIn("officer")
		p := b.Get(address)
		act := regexp.MustCompile(`action="(` + regexp.QuoteMeta(address) + `/split/\d+)"`).FindStringSubmatch(p.Body)
		if act == nil || !strings.Contains(p.Body, "张三") {
			t.Fatalf("the letter: %s", p.Body)
		}
		token := p.Hidden().Get("csrf")
		if p = b.Post(act[1], url.Values{"csrf": {token}, "version": {"1"}}); p.Status != 422 {
			t.Errorf("a split into one: %d", p.Status)
		}
		if p = b.Post(act[1], url.Values{"csrf": {token}, "version": {"1"}, "cut": {"4"}}); p.Status != 303 {
			t.Fatalf("split: %d %s", p.Status, p.Body)
		}
		p = b.Get(address)
		if strings.Count(p.Body, "/aim/") != 2 || !strings.Contains(p.Body, "/join/") {
			t.Fatalf("after the split: %s", p.Body)
		}
		aim := regexp.MustCompile(`action="([^"]*/aim/\d+)"`).FindStringSubmatch(p.Body)
		if p = b.Post(aim[1], url.Values{"csrf": {token}, "version": {"1"}, "provision": {"art-2"}}); p.Status != 303 {
			t.Fatalf("aim: %d", p.Status)
		}
		if p = b.Post(aim[1], url.Values{"csrf": {token}, "version": {"1"}, "provision": {""}}); p.Status != 409 {
			t.Errorf("an older version: %d", p.Status)
		}
	})
}

func TestNameAndContactAreForThoseWhoMayAndNobodyElsesStaff(t *testing.T) {
	each(t, func(d *desk) {
		address := d.letterOf("意见")
		if p := d.signedIn("auditor").Get(address); p.Status != 200 || strings.Contains(p.Body, "张三") || strings.Contains(p.Body, "/aim/") {
			t.Errorf("an auditor sees the name or may aim: %d", p.Status)
		}
		for _, path := range []string{address, "/staff/consultations/" + d.slug + "/submissions", "/staff/consultations/" + d.slug + "/submissions.csv"} {
			if p := d.signedIn("other-officer").Get(path); p.Status != 404 {
				t.Errorf("%s for another organisation: %d", path, p.Status)
			}
			if p := d.visitor().Get(path); p.Status != 303 || !strings.HasPrefix(p.Header.Get("Location"), "/signin") {
				t.Errorf("%s for anybody: %d", path, p.Status)
			}
		}
		p := d.signedIn("officer").Get("/staff/consultations/" + d.slug + "/submissions.csv")
		if p.Status != 200 || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/csv") || !strings.Contains(p.Body, "意见") || strings.Contains(p.Body, "张三") {
			t.Errorf("the export: %d %s", p.Status, p.Body)
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
		p := b.JSON("GET", "/consultations/"+d.slug+"/comments?limit=2", "", auth...)
		got := p.Decode(t)
		if len(got["items"].([]any)) != 2 || got["next"] == nil {
			t.Fatalf("%s", p.Body)
		}
		next, err := url.Parse(got["next"].(string))
		must(t, err)
		p = b.JSON("GET", strings.TrimPrefix(next.RequestURI(), "/api/v1"), "", auth...)
		if got = p.Decode(t); len(got["items"].([]any)) != 1 || got["next"] != nil {
			t.Fatalf("%s", p.Body)
		}
		for query, want := range map[string]int{"q=意见1": 1, "q=stra": 3, "q=%25": 0, "channel=web": 0, "channel=api": 3, "provision=art-1": 3, "provision=": 0, "gathered=yes": 0, "gathered=no": 3, "cursor=abc": 3} {
			for _, list := range []string{"comments", "submissions"} {
				p := b.JSON("GET", "/consultations/"+d.slug+"/"+list+"?"+strings.ReplaceAll(query, "意见", url.QueryEscape("意见")), "", auth...)
				if p.Status != 200 || len(p.Decode(t)["items"].([]any)) != want {
					t.Errorf("%s?%s: %d %s", list, query, p.Status, p.Body)
				}
			}
		}
		if p := b.JSON("GET", "/consultations/"+d.slug+"/comments?q=%ff", "", auth...); p.Status != 400 {
			t.Errorf("a query that is no text: %d", p.Status)
		}
		if p := b.JSON("GET", "/consultations/"+d.slug+"/comments", ""); p.Status != 401 {
			t.Errorf("without a token: %d", p.Status)
		}
		if p := b.JSON("GET", "/consultations/"+d.slug+"/comments", "", "Authorization", "Bearer other-officer"); p.Status != 404 {
			t.Errorf("another organisation's: %d", p.Status)
		}
	})
}
