package server_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
)

// A hearing on a major decision: both sides are heard alike, the seats for
// observers go by draw, the list is public before the day, and papers that would
// come too late are refused with the clause that says so.
func TestStoryOfAHearing(t *testing.T) {
	eachPosted(t, func(p *place, post *mailbox) {
		s := &seatsStory{place: p, post: post, people: map[string]*candidate{}}
		s.hearing()
		s.takeSides()
		s.frozen()
		s.listed()
		s.papersInTime()
		auditDatabase(p.t, p.db())
	})
}

// hearing is called for six who speak, three on each side, and two who listen.
func (s *seatsStory) hearing() {
	s.t.Helper()
	s.org("own")
	s.start = s.at(20)
	stamp := func(days float64) string { return s.at(days).Format(time.RFC3339) }
	secretary, reviewer := s.token("own", actor.Secretary), s.token("own", actor.Reviewer)
	s.slug = s.ask("POST", api+"/meetings", secretary, object{
		"organisation": "own", "title": "早市摊位费调整听证会", "lang": "zh-CN", "kind": "hearing", "procedure": "cn", "rule_set": "major",
		"matter": "早市摊位费调整方案", "contact": "办公室 0571-1234 5688", "place": "云州市人民路100号", "privacy": "只用于这次听证会", "undertaking": vowed,
		"starts_at": stamp(20), "ends_at": stamp(20.1), "opens_at": stamp(0), "closes_at": stamp(9), "answer_by": stamp(11), "papers_at": stamp(12), "forget_at": stamp(40),
		"seats": 6, "observers": 2, "sides": true, "minutes_each": 5, "method": "draw", "panels": 1000,
		"categories": []any{object{"code": "citizen", "name": "市民代表", "seats": 6}},
		"seed":       object{"source": "lottery", "name": "福彩3D", "reference": "2026333", "known_at": stamp(10)},
	}, 201).text(s.t, "slug")
	at := api + "/meetings/" + s.slug + "/events"
	s.ask("POST", at, secretary, object{"event": "submit"})
	s.ask("POST", at, reviewer, object{"event": "approve"})
	if g := s.visitor().open(s.page("")); !g.reads("抽签") {
		s.t.Errorf("the call does not say how is selected: %s", g)
	}
}

// takeSides: nine are for, four against, five want to listen.
func (s *seatsStory) takeSides() {
	s.t.Helper()
	for n := range 18 {
		c := &candidate{name: fmt.Sprintf("%s%02d", secretName, n), email: fmt.Sprintf("guest%02d@example.test", n), category: "citizen", sex: "female"}
		side := "for"
		switch {
		case n >= 13:
			c.category, side = meeting.Observer, ""
		case n >= 9:
			side = "against"
		}
		a := s.place.call("POST", api+s.page("/applications"), "", object{
			"category": c.category, "side": side, "sex": c.sex, "consent": true, "language": "zh-CN",
			"person": object{"name": c.name, "email": c.email, "phone": fmt.Sprintf("138000000%02d", n)},
		})
		if a.status != 201 {
			s.t.Fatalf("refused: %s", a)
		}
		c.reference, c.secret = a.text(s.t, "reference"), a.text(s.t, "secret")
		s.people[c.reference] = c
		s.order = append(s.order, c)
	}
}

// listed: the list is public ten days before, without names, and balanced.
func (s *seatsStory) listed() {
	s.t.Helper()
	s.seeded("010")
	s.checked(s.record(), "public", 10)
	if g := s.visitor().open(s.page("/draw")); !g.reads("抽签结果") || strings.Contains(g.body, secretName) {
		s.t.Errorf("the list: %s", g)
	}
	count := map[string]int{}
	for _, a := range s.items(api+s.page("/applications?state=")+string(meeting.Chosen), s.token("own", actor.Secretary)) {
		if a["category"] == meeting.Observer {
			count["observer"]++
			continue
		}
		count[fmt.Sprint(a["side"])]++
	}
	if count["for"] != 3 || count["against"] != 3 || count["observer"] != 2 {
		s.t.Errorf("drawn are %v", count)
	}
	if a := s.ask("POST", api+s.page("/invitations"), s.token("own", actor.Secretary), object{}); a.object(s.t)["asked"] != 8.0 {
		s.t.Errorf("asked: %s", a)
	}
	s.deliver()
	if n := len(s.asked()); n != 8 {
		s.t.Errorf("%d hold a link", n)
	}
}

// papersInTime: six days before the hearing papers are refused by article 16, and
// on the last day that the rule allows they go out.
func (s *seatsStory) papersInTime() {
	s.t.Helper()
	ctx, secretary := context.Background(), s.token("own", actor.Secretary)
	s.ask("POST", api+s.page("/papers"), secretary, object{"title": "听证方案", "name": "plan.txt", "data": base64.StdEncoding.EncodeToString([]byte("摊位费调整方案\n"))})
	s.until(s.start.Add(-6 * 24 * time.Hour))
	a := s.ask("POST", api+s.page("/papers/release"), secretary, nil, 422)
	if !strings.Contains(string(a.body), "重大行政决策程序暂行条例") || !strings.Contains(string(a.body), "第十六条") {
		s.t.Errorf("the refusal does not name its clause: %s", a)
	}
	later := s.start.Add(7 * 24 * time.Hour)
	s.ask("POST", api+s.page("/events"), secretary, object{
		"event": "move", "note": "材料要在7日前送达", "starts_at": later.Format(time.RFC3339), "ends_at": later.Add(2 * time.Hour).Format(time.RFC3339),
	})
	s.ask("POST", api+s.page("/papers/release"), secretary, nil)
	must(s.t, s.services.Invitations.Moments(ctx))
	if g := s.visitor().open(s.page("")); !g.reads("材料要在7日前送达") {
		s.t.Errorf("the call does not say why it was moved: %s", g)
	}
}
