package server_test

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"guangyi/internal/platform/actor"
)

// lockedLog lets the site and the test share a log.
type lockedLog struct {
	mu sync.Mutex
	to *bytes.Buffer
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(b)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.String()
}

// rules is a small draft: what most tests consult on.
const rules = `# 云州市早市管理办法（征求意见稿）

第一条 为了规范早市，方便居民买菜，制定本办法。

第二条 本办法所称早市，是指每日六时至九时开放的露天市场。

第三条 摊位费由区人民政府核定，向社会公布。

第四条 摊主应当：

（一）公示姓名和联系方式；

（二）收市后清扫摊位。

第五条 违反本办法第四条规定的，由市场监督管理部门责令改正。

第六条 本办法自公布之日起施行。
`

const api = "/api/v1"

// period is how long test consultations are open.
const period = 30 * 24 * time.Hour

// prepare makes a consultation in preparation as an officer's program does.
func (p *place) prepare(org, text string) (slug string) {
	p.t.Helper()
	officer := p.token(org, actor.Officer)
	a := p.ask("POST", api+"/consultations", officer, map[string]any{"organisation": org, "name": "draft.md", "format": "markdown", "text": text}, 201)
	return a.text(p.t, "slug")
}

// notice completes it: open from now on, for the period.
func (p *place) notice(org, slug string, more map[string]any) {
	p.t.Helper()
	in := map[string]any{
		"background": "早市多年没有统一的规则。", "explanation": "主要规定摊位、时间和清扫。", "contact": "电话 000-0000，邮箱 contact@" + org + ".example",
		"channels": []string{"web", "email", "letter"}, "comments_public": "at_once",
		"opens_at": p.clock.Now().Format(time.RFC3339), "closes_at": p.clock.Now().Add(period).Format(time.RFC3339),
	}
	for k, v := range more {
		in[k] = v
	}
	p.ask("PATCH", api+"/consultations/"+slug, p.token(org, actor.Officer), in)
}

// event lets something happen to a consultation.
func (p *place) event(who, slug, event string, more ...map[string]any) answer {
	p.t.Helper()
	body := map[string]any{"event": event}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	return p.ask("POST", api+"/consultations/"+slug+"/events", who, body)
}

// open brings a new consultation to the public.
func (p *place) open(org string, more map[string]any) (slug string) {
	p.t.Helper()
	slug = p.prepare(org, rules)
	p.approve(org, slug, more)
	return slug
}

func (p *place) approve(org, slug string, more map[string]any) {
	p.t.Helper()
	p.notice(org, slug, more)
	p.event(p.token(org, actor.Officer), slug, "submit")
	p.event(p.token(org, actor.Reviewer), slug, "approve")
}

// letter is a submission as a program sends it, one comment a text, on art-3.
func letter(texts ...string) map[string]any {
	comments := make([]map[string]any, len(texts))
	for i, text := range texts {
		comments[i] = map[string]any{"provision": "art-3", "text": text}
	}
	return map[string]any{"submitter": map[string]any{"kind": "individual"}, "comments": comments, "consent": true, "language": "zh-CN"}
}

// receipt is what a sender keeps.
type receipt struct{ Number, Secret string }

// send posts a submission and gives its receipt.
func (p *place) send(slug, key string, body map[string]any) receipt {
	p.t.Helper()
	a := p.call("POST", api+"/consultations/"+slug+"/submissions", "", body, "Idempotency-Key", key)
	if a.status != 201 {
		p.t.Fatalf("the submission was refused: %s", a)
	}
	return receipt{a.text(p.t, "receipt"), a.text(p.t, "secret")}
}

// track asks where a submission stands.
func (p *place) track(r receipt) answer {
	p.t.Helper()
	return p.call("GET", api+"/receipts/"+r.Number, "", nil, "Receipt-Secret", r.Secret)
}

// commentIDs lists the comments of a consultation as staff see them.
func (p *place) commentIDs(org, slug string) []string {
	p.t.Helper()
	var out []string
	for _, c := range p.items(api+"/consultations/"+slug+"/comments?limit=1000", p.token(org, actor.Officer)) {
		out = append(out, fmt.Sprint(c["id"]))
	}
	return out
}

// gather makes a suggestion as the officer.
func (p *place) gather(org, slug, text string, comments ...string) (id string) {
	p.t.Helper()
	a := p.ask("POST", api+"/consultations/"+slug+"/suggestions", p.token(org, actor.Officer), map[string]any{"text": text, "comments": comments}, 201)
	return a.text(p.t, "id")
}

// disposition is what becomes of a suggestion.
type disposition struct {
	Code       string   `json:"disposition"`
	Reason     string   `json:"reason"`
	Provisions []string `json:"provisions"`
}

// settle drafts the disposition, hands it in, and lets the reviewer agree.
func (p *place) settle(org, id string, d disposition) {
	p.t.Helper()
	if d.Provisions == nil {
		d.Provisions = []string{}
	}
	officer, reviewer := p.token(org, actor.Officer), p.token(org, actor.Reviewer)
	p.ask("PUT", api+"/suggestions/"+id+"/disposition", officer, d)
	p.ask("POST", api+"/suggestions/"+id+"/events", officer, map[string]any{"event": "submit"})
	p.ask("POST", api+"/suggestions/"+id+"/events", reviewer, map[string]any{"event": "agree"})
}

// finish publishes the summary of a closed consultation.
func (p *place) finish(org, slug string) {
	p.t.Helper()
	officer, reviewer := p.token(org, actor.Officer), p.token(org, actor.Reviewer)
	p.event(officer, slug, "decide")
	p.event(officer, slug, "submit_summary")
	p.event(reviewer, slug, "publish_summary")
}
