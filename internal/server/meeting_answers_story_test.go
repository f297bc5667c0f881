package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"guangyi/internal/platform/actor"
)

// account is drafted by the secretary, published by the reviewer, and told to all who came.
func (s *seatsStory) account() {
	s.t.Helper()
	desk := "/staff/meetings/" + s.slug + "/account"
	s.press(actor.Secretary, desk, url.Values{"lead": {"会议讨论了收费公示。"}})
	s.press(actor.Secretary, desk+"/events", url.Values{"event": {"submit_account"}})
	if n := s.seen(s.page("/account")); n != 404 {
		s.t.Errorf("an account in review is public: %d", n)
	}
	s.press(actor.Reviewer, desk+"/events", url.Values{"event": {"publish_account"}})
	s.deliver()
	for i, c := range s.coming {
		if told := s.post.link(c.email, "/f/") != ""; told != (i < 7) {
			s.t.Errorf("the one with number %d was told of the account: %v", i, told)
		}
	}
	g := s.visitor().open(s.page("/account"))
	for _, want := range []string{"会议讨论了收费公示。", "修改后通过", "第1位：收费表挂在大厅", "第2位：收费表挂在大厅"} {
		if !g.reads(want) {
			s.t.Errorf("the account does not say %s: %s", want, g)
		}
	}
}

// answered: the statements get their dispositions like any comment, and each
// speaker is told and finds the answer by the receipt.
func (s *seatsStory) answered() {
	s.t.Helper()
	own := s.own()
	ids := s.commentIDs("own", own)
	if len(ids) != 2 {
		s.t.Fatalf("%d statements went in", len(ids))
	}
	for i, id := range ids {
		s.settle("own", s.gather("own", own, fmt.Sprintf("发言归纳之%d", i+1), id), []disposition{{"not_adopted", "现有规定已经平衡了各方利益。", nil}, {"supported", "", nil}}[i])
	}
	s.finish("own", own)
	s.deliver()
	for _, c := range s.spoke {
		if told := strings.Join(s.post.subjects(c.email), "\n"); !strings.Contains(told, "您的发言有了答复") {
			s.t.Errorf("a speaker was not told of the answer: %s", told)
		}
		g := s.visitor().open(s.post.link(c.email, "/s/"))
		r := s.visitor().receiptOn(g)
		a := s.track(r)
		var doc struct {
			State    string
			Comments []struct{ Text, Disposition string }
		}
		must(s.t, json.Unmarshal(a.body, &doc))
		if a.status != 200 || doc.State != "answered" || len(doc.Comments) != 1 || doc.Comments[0].Disposition == "" {
			s.t.Errorf("receipt %s: %s", r.Number, a)
		}
	}
	if g := s.visitor().open(s.page("/account")); !g.reads("现有规定已经平衡了各方利益。") {
		s.t.Errorf("the account does not bring the answer: %s", g)
	}
}

// own is the consultation in which the meeting's statements are answered.
func (s *seatsStory) own() (slug string) {
	s.t.Helper()
	must(s.t, s.db().Read(context.Background()).Raw("SELECT c.slug FROM consultations c JOIN meetings m ON m.consultation_id = c.id WHERE m.slug = ?", s.slug).Row().Scan(&slug))
	return slug
}

// namesStayIn reads every public page: no name stands there that did not consent.
func (s *seatsStory) namesStayIn() {
	s.t.Helper()
	own := s.own()
	pages := []string{"/consultations/" + own + "/summary", "/", "/meetings", s.page(""), s.page("/draw"), s.page("/draw.json"), s.page("/account"), api + "/meetings", api + s.page(""), api + s.page("/draw"),
		api + s.page("/agenda"), fmt.Sprintf("/meetings/report/%d", s.start.Year()), fmt.Sprintf("/meetings/report/%d.csv", s.start.Year())}
	for _, path := range pages {
		g := s.visitor().get(path)
		if g.status != 200 || strings.Contains(g.body, secretName) || strings.Contains(g.body, "@example.test") || strings.Contains(g.body, "138000000") {
			s.t.Errorf("%s: %d, or it tells of persons", path, g.status)
		}
	}
	if strings.Contains(s.log.String(), secretName) || strings.Contains(s.log.String(), "@example.test") {
		s.t.Error("the log tells of persons")
	}
	g := s.visitor().open(s.page("/account"))
	for _, c := range s.coming[:7] {
		if c.publish && !g.reads(c.name) {
			s.t.Errorf("%s let the name be published and does not stand in the account", c.name)
		}
	}
}

// forgotten: on the promised day the contacts of those who were not there are gone.
func (s *seatsStory) forgotten() {
	s.t.Helper()
	mine := func(c *candidate) object {
		return s.place.call("GET", api+"/applications/"+c.reference, "", nil, "Application-Secret", c.secret).object(s.t)
	}
	var away *candidate
	for _, c := range s.order {
		if c.link == "" {
			away = c
		}
	}
	must(s.t, s.services.Invitations.Moments(context.Background()))
	if mine(away)["erased"] != false {
		s.t.Error("forgotten before the promised day")
	}
	if told := s.post.subjects(away.email); len(told) == 0 {
		s.t.Error("somebody who was not drawn heard nothing")
	}
	s.until(s.at(40))
	must(s.t, s.services.Invitations.Moments(context.Background()))
	if got := mine(away); got["erased"] != true || strings.Contains(fmt.Sprint(got), away.name) || strings.Contains(fmt.Sprint(got), away.email) {
		s.t.Errorf("not forgotten: %v", got)
	}
	if got := mine(s.coming[0]); got["erased"] != false {
		s.t.Errorf("somebody who came was forgotten on the day of those who did not: %v", got)
	}
	s.until(s.at(20 + 5*366))
	must(s.t, s.services.Invitations.Moments(context.Background()))
	for _, c := range s.order {
		if mine(c)["erased"] != true {
			s.t.Errorf("%s was never forgotten", c.reference)
		}
	}
}
