package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
)

// What is withheld, masked or withdrawn is marked wherever the public reads, and
// stays in every count, in the balance and in the answers.
func TestWhatIsKeptBackIsMarkedCountedAndAnswered(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", map[string]any{"comments_public": "at_once"})
		officer := p.token("own", actor.Officer)
		p.send(slug, "plain", letter("早市应当办下去。"))
		p.send(slug, "phone", letter("有事请打13800138000。"))
		third, gone := p.send(slug, "third", letter("隔壁张三偷税。")), p.send(slug, "gone", letter("我说的不算。"))
		p.ask("POST", fmt.Sprintf("%s/consultations/%s/moderation/%s", api, slug, p.idOf(third)), officer,
			map[string]any{"act": "withhold", "reason": "third_person", "words": "请不要写邻居的姓名"})
		if a := p.call("POST", api+"/receipts/"+gone.Number+"/withdraw", "", nil, "Receipt-Secret", gone.Secret); a.status != 200 {
			p.t.Fatalf("withdrawn: %s", a)
		}
		p.clock.Add(2 * time.Second) // a page may be a second old
		marks := []string{"含第三人个人信息，不予公开", "提出人已撤回", "有事请打***。", "早市应当办下去。"}
		secrets := []string{"13800138000", "张三", "我说的不算"}
		p.shows("/consultations/"+slug+"/comments", append(marks, "1件有不予公开的内容", "1件由提出人撤回"), secrets)

		p.clock.Add(period + time.Second)
		id := p.gather("own", slug, "早市的去留", p.commentIDs("own", slug)...)
		p.settle("own", id, disposition{"not_adopted", "早市的去留由街道决定。", []string{}})
		p.finish("own", slug)
		if c := p.summary(slug).Counts; c.Submissions != 4 || c.Comments != 4 || c.Withheld != 1 || c.Withdrawn != 1 {
			p.t.Errorf("the summary counts %+v", c)
		}
		p.shows("/consultations/"+slug+"/suggestions/1", marks, secrets)
		p.shows("/consultations/"+slug+"/summary", nil, secrets)
		for _, form := range []string{".csv", ".xlsx"} {
			p.shows("/consultations/"+slug+"/summary"+form, nil, secrets)
		}
		for r, state := range map[receipt]string{third: "withheld", gone: "withdrawn"} {
			got := string(p.track(r).body)
			if !strings.Contains(got, `"state":"`+state+`"`) || !strings.Contains(got, "早市的去留由街道决定。") {
				p.t.Errorf("the receipt of what is %s: %s", state, got)
			}
		}
		auditDatabase(p.t, p.db())
	})
}

// shows reads a page as anybody.
func (p *place) shows(path string, marks, secrets []string) {
	p.t.Helper()
	g := p.visitor().open(path)
	for _, m := range marks {
		if !g.reads(m) {
			p.t.Errorf("%s does not say %q", path, m)
		}
	}
	for _, s := range secrets {
		if g.reads(s) {
			p.t.Errorf("%s tells everybody %q", path, s)
		}
	}
}

// idOf is the id by which staff know a submission.
func (p *place) idOf(r receipt) string {
	p.t.Helper()
	for _, x := range p.items(api+"/consultations/"+p.slugOf(r)+"/submissions", p.token("own", actor.Officer)) {
		if x["receipt"] == r.Number {
			return fmt.Sprint(x["id"])
		}
	}
	p.t.Fatalf("staff do not see %s", r.Number)
	return ""
}

// slugOf is the consultation to which something was sent.
func (p *place) slugOf(r receipt) string {
	p.t.Helper()
	t, err := p.services.Submissions.Track(p.t.Context(), r.Number, r.Secret)
	must(p.t, err)
	return t.Consultation.Slug
}
