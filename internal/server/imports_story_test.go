package server_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
)

// A clerk uploads a table, says what its columns hold, reads what is wrong with its
// rows, and has the rest taken in; each row has its number and its leaf.
func TestATableGoesInByItsPages(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", nil)
		v := p.as("own", actor.Officer)
		all := "/staff/consultations/" + slug + "/imports"
		v.open(all)
		token := v.guard()
		page := v.follow(v.do(v.multipart(all, url.Values{"csrf": {token}}, []upload{{"file", "来信.csv", []byte(tableOfLetters)}})))
		one := page.path
		if !strings.Contains(page.body, "摊位费按面积收") || !strings.Contains(page.body, "意见内容") {
			t.Fatalf("the columns are not shown with their values: %s", page.body)
		}
		said := url.Values{"csrf": {token}, "channel": {"letter"}, "column-0": {"name"}, "column-2": {"name"}}
		if g := v.post(one+"/columns", said); g.status != 422 {
			t.Errorf("a field for two columns: %d", g.status)
		}
		said = url.Values{"csrf": {token}, "channel": {"letter"}, "column-0": {"text"}, "column-1": {"provision"}, "column-2": {"name"}}
		v.post(one+"/columns", said)
		p.worked()
		tried := v.open(one)
		if !strings.Contains(tried.body, "第九十九条") && !strings.Contains(tried.body, "findings.csv") {
			t.Fatalf("tried: %s", tried.body)
		}
		if g := v.get(one + "/findings.csv"); g.status != 200 || strings.Count(g.body, "\n") != 3 {
			t.Errorf("the findings: %d %q", g.status, g.body)
		}
		v.post(one+"/start", url.Values{"csrf": {token}})
		p.worked()
		if g := v.open(one); !strings.Contains(g.body, "已录入") || strings.Contains(g.body, "继续录入") {
			t.Errorf("taken in: %s", g.body)
		}
		got := p.items(api+"/consultations/"+slug+"/imports", p.token("own", actor.Officer))
		if len(got) != 1 || got[0]["state"] != "done" || fmt.Sprint(got[0]["taken"]) != "1" || fmt.Sprint(got[0]["refused"]) != "2" {
			t.Errorf("for a program: %v", got)
		}
	})
}

// worked waits until no table is being worked on: by the site itself or here.
func (p *place) worked() {
	p.t.Helper()
	for range 200 {
		_, err := p.services.Bulk.Work(context.Background())
		must(p.t, err)
		var busy int
		must(p.t, p.db().Reader().QueryRow("SELECT COUNT(*) FROM submission_imports WHERE size > 0 AND state IN ('checking', 'queued', 'running')").Scan(&busy))
		if busy == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatal("a table is worked on without end")
}
