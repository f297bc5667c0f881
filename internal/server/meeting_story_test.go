package server_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/sitting"
	"guangyi/internal/sortition"
	"guangyi/internal/verification"
)

// A meeting once from end to end: thirty apply for eight seats, and at last each
// speaker reads what became of their words.
func TestStoryOfAMeetingFromTheCallToTheAnsweredStatements(t *testing.T) {
	eachPosted(t, func(p *place, post *mailbox) {
		s := &seatsStory{place: p, post: post, people: map[string]*candidate{}}
		s.call()
		s.applications()
		s.frozen()
		s.drawn()
		s.invited()
		s.papers()
		s.day()
		s.account()
		s.answered()
		s.namesStayIn()
		s.forgotten()
		auditDatabase(p.t, p.db())
	})
}

// candidate is one who applied, with what they hold in their hands.
type candidate struct {
	name, email, category, sex string
	reference, secret          string
	id, link                   string
	publish                    bool
}

// seatsStory is one meeting on its way.
type seatsStory struct {
	*place
	post   *mailbox
	slug   string
	people map[string]*candidate // by reference
	order  []*candidate          // as they applied
	coming []*candidate
	spoke  []*candidate
	item   string
	start  time.Time
}

// openName is what those are called who let their names be published.
const openName = "慕容愿意留名"

func (s *seatsStory) at(days float64) time.Time {
	return began.Add(time.Duration(days * 24 * float64(time.Hour)))
}

func (s *seatsStory) page(more string) string { return "/meetings/" + s.slug + more }

// until moves the clock; whoever was signed in signs in again.
func (s *seatsStory) until(t time.Time) {
	s.t.Helper()
	s.clock.Set(t)
	s.visitors = map[string]*visitor{}
}

// press does one step on a page of staff.
func (s *seatsStory) press(role actor.Role, path string, fields url.Values, want ...string) *page {
	s.t.Helper()
	v := s.as("own", role)
	fields.Set("csrf", v.guard())
	g := v.follow(v.post(path, fields))
	if g.status != 200 {
		s.t.Fatalf("%s as %s: %s", path, role, g)
	}
	for _, w := range want {
		if !strings.Contains(g.body, w) {
			s.t.Errorf("%s does not say %q: %s", path, w, g)
		}
	}
	return g
}

// call is prepared by the secretary and approved by the reviewer, by programs.
func (s *seatsStory) call() {
	s.t.Helper()
	s.org("own")
	s.start = s.at(20)
	stamp := func(days float64) string { return s.at(days).Format(time.RFC3339) }
	secretary, reviewer := s.token("own", actor.Secretary), s.token("own", actor.Reviewer)
	a := s.ask("POST", api+"/meetings", secretary, map[string]any{
		"organisation": "own", "title": "请您列席：审议养老服务收费公示办法", "lang": "zh-CN", "kind": "office", "procedure": "plain",
		"matter": "养老服务收费公示办法（草案）", "ask": "局长办公会议决定这份办法以前，想当面听8位列席代表的意见。", "contact": "办公室 0571-1234 5688",
		"place": "云州市人民路100号", "access": "有坡道和电梯", "conditions": "年满18岁", "privacy": "只用于这次会议", "undertaking": vowed,
		"starts_at": stamp(20), "ends_at": stamp(20.1), "opens_at": stamp(0), "closes_at": stamp(9), "answer_by": stamp(13), "papers_at": stamp(14), "forget_at": stamp(40),
		"seats": 8, "minutes_each": 5, "method": "draw", "panels": 1000, "districts": []string{"城北区", "城南区"},
		"categories": []any{object{"code": "citizen", "name": "市民代表", "seats": 3}, object{"code": "enterprise", "name": "企业代表", "seats": 3}, object{"code": "expert", "name": "专家学者", "seats": 2}},
		"quotas":     []any{object{"category": "sex", "feature": "female", "min": 3, "max": 8}},
		"seed":       object{"source": "lottery", "name": "福彩3D", "reference": "2026333", "known_at": stamp(10)},
	}, 201)
	s.slug = a.text(s.t, "slug")
	at := api + "/meetings/" + s.slug
	if hidden := s.seen(at); hidden != 404 {
		s.t.Errorf("a call in preparation is public: %d", hidden)
	}
	s.item = s.ask("POST", at+"/agenda", secretary, object{"title": "养老服务收费公示办法", "attended": true, "minutes": 60}, 201).text(s.t, "id")
	s.ask("POST", at+"/events", secretary, object{"event": "submit"})
	s.ask("POST", at+"/events", secretary, object{"event": "approve"}, 403)
	s.ask("POST", at+"/events", reviewer, object{"event": "approve"})
}

// seen is the status that the public gets at an address.
func (s *seatsStory) seen(path string) int { return s.place.call("GET", path, "", nil).status }

type object = map[string]any

// applications come by form and by program: fourteen citizens, ten of companies, six experts.
func (s *seatsStory) applications() {
	s.t.Helper()
	for n := range 30 {
		c := &candidate{name: fmt.Sprintf("%s%02d", secretName, n), email: fmt.Sprintf("guest%02d@example.test", n), category: "citizen", sex: []string{"female", "male"}[n%2]}
		switch {
		case n >= 24:
			c.category, c.publish, c.name = "expert", true, fmt.Sprintf("%s%02d", openName, n)
		case n >= 14:
			c.category = "enterprise"
		}
		if n < 3 {
			s.byForm(c, n)
		} else {
			s.byProgram(c, n)
		}
		s.people[c.reference] = c
		s.order = append(s.order, c)
	}
	if g := s.visitor().open(s.page("")); !g.reads("30人") {
		s.t.Errorf("the call does not count its applicants: %s", g)
	}
}

func (s *seatsStory) byForm(c *candidate, n int) {
	s.t.Helper()
	v := s.visitor()
	say := url.Values{"category": {c.category}, "name": {c.name}, "email": {c.email}, "phone": {fmt.Sprintf("138000000%02d", n)}, "sex": {c.sex},
		"district": {"城北区"}, "conflict": {"no"}, "opinion": {"收费要写在墙上。"}, "consent": {"true"}}
	g := v.step(v.lastStep(v.open(s.page("/apply")), say), say)
	var ok, also bool
	c.reference, ok = g.byID("application-reference")
	c.secret, also = g.byID("application-secret")
	if !ok || !also {
		s.t.Fatalf("no reference and secret: %s", g)
	}
	c.reference, c.secret = squeeze(c.reference), squeeze(c.secret)
}

func (s *seatsStory) byProgram(c *candidate, n int) {
	s.t.Helper()
	a := s.place.call("POST", api+s.page("/applications"), "", object{
		"category": c.category, "sex": c.sex, "district": []string{"城北区", "城南区"}[n/2%2], "consent": true, "publish_name": c.publish, "language": "zh-CN",
		"person": object{"name": c.name, "email": c.email, "phone": fmt.Sprintf("138000000%02d", n)},
	}, "Idempotency-Key", fmt.Sprint("story-", n))
	if a.status != 201 {
		s.t.Fatalf("refused: %s", a)
	}
	c.reference, c.secret = a.text(s.t, "reference"), a.text(s.t, "secret")
}

// frozen: after the deadline nobody comes in, and the chances come before the seed.
func (s *seatsStory) frozen() {
	s.t.Helper()
	s.until(s.at(9))
	late := s.place.call("POST", api+s.page("/applications"), "", object{"category": "citizen", "sex": "male", "consent": true, "person": object{"name": "迟到", "phone": "13900000000"}})
	if late.status != 410 {
		s.t.Errorf("taken after the deadline: %s", late)
	}
	if n := s.seen(api + s.page("/draw")); n != 404 {
		s.t.Errorf("a record before the pool is frozen: %d", n)
	}
	desk := "/staff/meetings/" + s.slug + "/selection"
	s.press(actor.Secretary, desk, url.Values{"act": {"close"}}, "名单已冻结")
	for again := true; again; {
		var err error
		again, err = s.services.Selections.Work(context.Background())
		must(s.t, err)
	}
	s.press(actor.Secretary, desk, url.Values{"act": {"publish"}}, "机会和名单已公布")
	if r := s.record(); r.Result != nil || r.Panels == nil && r.Redaction == nil {
		s.t.Errorf("before the seed the record holds the chances and no result: %+v", r.Result)
	}
}

func (s *seatsStory) record() (r sortition.Record) {
	s.t.Helper()
	must(s.t, json.Unmarshal(s.ask("GET", api+s.page("/draw"), "", nil).body, &r))
	return r
}

// drawn: one enters the seed, another confirms it, and whoever wants checks it.
func (s *seatsStory) drawn() {
	s.t.Helper()
	s.seeded("472")
	if g := s.visitor().open(s.page("/draw")); !g.reads("30人报名，8人列席") || !g.reads("第472组名单") {
		s.t.Errorf("the result: %s", g)
	}
	s.checked(s.record(), "public", 472)
	v := s.visitor()
	own := v.post(s.page("/draw/full"), url.Values{"csrf": {v.guard()}, "reference": {s.order[3].reference}, "secret": {s.order[3].secret}})
	var whole sortition.Record
	must(s.t, json.Unmarshal([]byte(own.body), &whole))
	s.checked(whole, "full", 472)
	count := map[string]int{}
	for _, a := range s.items(api+s.page("/applications?state=")+string(meeting.Chosen), s.token("own", actor.Secretary)) {
		count[fmt.Sprint(a["category"])]++
		count[fmt.Sprint(a["sex"])]++
	}
	if count["citizen"] != 3 || count["enterprise"] != 3 || count["expert"] != 2 || count["female"] < 3 {
		s.t.Errorf("drawn are %v", count)
	}
	for _, a := range s.items(api+s.page("/applications"), s.token("own", actor.Secretary)) {
		s.people[fmt.Sprint(a["reference"])].id = fmt.Sprint(a["id"])
	}
}

// seeded: one enters the number of the named draw, another confirms it.
func (s *seatsStory) seeded(number string) {
	s.t.Helper()
	s.until(s.at(10))
	desk := "/staff/meetings/" + s.slug + "/selection"
	s.press(actor.Secretary, desk, url.Values{"act": {"seed"}, "seed": {number}})
	s.press(actor.Reviewer, desk, url.Values{"act": {"confirm"}, "seed": {number}}, "名单已定")
}

func (s *seatsStory) checked(r sortition.Record, which string, index int) {
	s.t.Helper()
	for _, f := range verification.CheckRecord(context.Background(), r) {
		if f.State == verification.Broken {
			s.t.Errorf("the %s record: %s", which, f)
		}
	}
	if r.Result == nil || r.Result.Index != index {
		s.t.Errorf("the %s record has the result %+v", which, r.Result)
	}
}

// invited: seven come and say what they need, one does not, and the next reserve is
// asked without anybody's doing.
func (s *seatsStory) invited() {
	s.t.Helper()
	a := s.ask("POST", api+s.page("/invitations"), s.token("own", actor.Secretary), object{})
	if a.object(s.t)["asked"] != 8.0 {
		s.t.Fatalf("asked: %s", a)
	}
	s.deliver()
	first := s.asked()
	if len(first) != 8 {
		s.t.Fatalf("%d hold a link", len(first))
	}
	for i, c := range first {
		answer, says := url.Values{"answer": {"accept"}, "needs": {"wheelchair"}, "diet": {"素食"}}, "您已确认参加"
		if i == 0 {
			answer, says = url.Values{"answer": {"decline"}}, "您不参加"
		}
		s.reply(c, answer, says)
	}
	s.deliver()
	all := s.asked()
	var next *candidate
	for _, c := range all {
		if !slices.Contains(first, c) {
			next = c
		}
	}
	if len(all) != 9 || next == nil {
		s.t.Fatalf("after a refusal %d were asked", len(all))
	}
	s.reply(next, url.Values{"answer": {"accept"}, "needs": {"sign"}}, "您已确认参加")
	s.coming = append(slices.Clone(first[1:]), next)
	states := map[string]int{}
	for _, i := range s.items(api+s.page("/invitations"), s.token("own", actor.Secretary)) {
		states[fmt.Sprint(i["state"])]++
	}
	if states[string(meeting.Accepted)] != 8 || states[string(meeting.Declined)] != 1 {
		s.t.Errorf("the answers are %v", states)
	}
}

func (s *seatsStory) deliver() {
	s.t.Helper()
	_, err := s.services.Notices.Deliver(context.Background())
	must(s.t, err)
}

// asked are those to whom a letter with a personal link came.
func (s *seatsStory) asked() (out []*candidate) {
	for _, c := range s.order {
		if c.link = s.post.link(c.email, "/i/"); c.link != "" {
			out = append(out, c)
		}
	}
	return out
}

func (s *seatsStory) reply(c *candidate, answer url.Values, says string) {
	s.t.Helper()
	v := s.visitor()
	g := v.open(c.link)
	f := g.formTo(s.t, c.link)
	answer.Set("csrf", f.values.Get("csrf"))
	if done := v.follow(v.post(c.link, answer)); done.status != 200 || !strings.Contains(done.body, says) {
		s.t.Fatalf("%v: %s", answer, done)
	}
}

// papers open after the undertaking only.
func (s *seatsStory) papers() {
	s.t.Helper()
	secretary := s.token("own", actor.Secretary)
	s.ask("POST", api+s.page("/papers"), secretary, object{"title": "办法送审稿", "name": "draft.txt", "data": base64.StdEncoding.EncodeToString([]byte("第一条 为了规范收费……\n"))})
	s.until(s.at(12))
	s.ask("POST", api+s.page("/papers/release"), secretary, nil)
	s.deliver()
	c := s.coming[0]
	v := s.visitor()
	shut := v.open(c.link)
	if strings.Contains(shut.body, "办法送审稿") || !shut.reads(vowed) {
		s.t.Errorf("papers before the undertaking: %s", shut)
	}
	done := v.follow(v.post(c.link+"/undertaking", url.Values{"csrf": {v.guard()}, "hash": {invitation.UndertakingHash(vowed)}}))
	if !done.reads("办法送审稿") {
		s.t.Fatalf("after the undertaking: %s", done)
	}
	paper := c.link + "/papers/" + strings.Split(strings.SplitN(done.body, c.link+"/papers/", 2)[1], `"`)[0]
	if got := v.get(paper); got.status != 200 || !strings.Contains(got.body, "第一条") {
		s.t.Errorf("the paper: %d", got.status)
	}
	if other := s.visitor().get(s.coming[1].link + "/papers/" + strings.TrimPrefix(paper, c.link+"/papers/")); other.status != 404 {
		s.t.Errorf("a paper without undertaking: %d", other.status)
	}
}

// day: seven of eight come; one confirms on the spot, one later by a link.
func (s *seatsStory) day() {
	s.t.Helper()
	s.until(s.start.Add(time.Hour))
	n := 0
	act := func(kind sitting.Kind, set sitting.Act) sitting.Act {
		n++
		set.ID, set.Kind, set.At, set.Device = fmt.Sprintf("tablet-%05d", n), kind, s.start.Add(time.Duration(n)*time.Minute), "tablet"
		return set
	}
	acts := []sitting.Act{act(sitting.Begin, sitting.Act{}), act(sitting.OpenItem, sitting.Act{Item: s.item}), act(sitting.Excuse, sitting.Act{Seat: s.coming[7].id})}
	for _, c := range s.coming[:7] {
		acts = append(acts, act(sitting.CheckIn, sitting.Act{Seat: c.id, Way: sitting.ByName}))
	}
	s.spoke = s.coming[:2]
	for i, c := range s.spoke {
		turn := sitting.Act{Seat: c.id, Item: s.item, Entry: fmt.Sprintf("turn-%04d", i)}
		said := turn
		said.Points = []sitting.Point{{Text: fmt.Sprintf("第%d位：收费表挂在大厅，字要大。", i+1)}}
		acts = append(acts, act(sitting.Start, turn), act(sitting.Words, said), act(sitting.Stop, turn))
		if i == 0 {
			said.Way = sitting.OnSpot
			acts = append(acts, act(sitting.Sign, said))
		} else {
			acts = append(acts, act(sitting.Later, turn))
		}
	}
	acts = append(acts, act(sitting.Decide, sitting.Act{Item: s.item, Result: meeting.ResultChanged, Text: "改第六条后通过"}), act(sitting.End, sitting.Act{}))
	for range 2 { // the tablet was not sure that it arrived
		s.upload(acts)
	}
	s.deliver()
	link, v := s.post.link(s.spoke[1].email, "/s/"), s.visitor()
	if link == "" {
		s.t.Fatalf("nobody asked the second speaker to confirm: %v", s.post.subjects(s.spoke[1].email))
	}
	g := v.open(link)
	f := g.formTo(s.t, link)
	if done := v.follow(v.post(link, url.Values{"csrf": {f.values.Get("csrf")}, "how": {"right"}})); done.status != 200 || !strings.Contains(done.body, "您已经确认") {
		s.t.Fatalf("confirmed by link: %s", done)
	}
}

func (s *seatsStory) upload(acts []sitting.Act) {
	s.t.Helper()
	raw, err := json.Marshal(acts)
	must(s.t, err)
	v := s.as("own", actor.Secretary)
	g := v.post("/staff/meetings/"+s.slug+"/day/acts", url.Values{"csrf": {v.guard()}, "acts": {string(raw)}, "now": {s.clock.Now().Format(time.RFC3339)}})
	var got struct {
		Stored  []string
		Refused []any
	}
	if err := json.Unmarshal([]byte(g.body), &got); err != nil || len(got.Stored) != len(acts) || len(got.Refused) > 0 {
		s.t.Fatalf("%d %s", g.status, g.body)
	}
}
