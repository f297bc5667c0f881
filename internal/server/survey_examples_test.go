package server_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// questionnaire has a question of every kind.
func questionnaire() survey.In {
	w := func(zh, en string) survey.Words { return survey.Words{Text: zh, Other: en} }
	return survey.In{
		Title: w("您怎样看早市", "What you think of the morning market"), Introduction: w("用来修改草案，大约三分钟。", "It serves to change the draft and takes three minutes."),
		Results: survey.Live,
		Questions: []survey.Question{
			{Kind: survey.Single, Label: w("您多久去一次早市？", "How often do you go to the market?"), Required: true, Provision: "art-3",
				Options: []survey.Option{{Label: w("每周都去", "Every week")}, {Label: w("每月一两次", "Once or twice a month")}, {Label: w("很少去", "Rarely")}}},
			{Kind: survey.Several, Label: w("您为什么去？", "Why do you go?"), Most: 2, Other: true,
				Options: []survey.Option{{Label: w("便宜", "It is cheap")}, {Label: w("新鲜", "It is fresh")}, {Label: w("离家近，走路就到", "It is near, I can walk")}}},
			{Kind: survey.Scale, Label: w("您对卫生满意吗？", "Are you content with how clean it is?"), Points: 5, Low: w("很不满意", "not at all"), High: w("很满意", "very")},
			{Kind: survey.Scale, Label: w("您会向邻居推荐吗？", "Would you recommend it?"), Points: 10, Low: w("不会", "no"), High: w("一定会", "certainly")},
			{Kind: survey.Short, Label: w("早市应当几点收摊？", "When should it end?")},
			{Kind: survey.Long, Label: w("您对摊位费有什么意见？", "What do you think of the stall fee?"), Provision: "art-3"},
		},
	}
}

// asking prepares a consultation with a questionnaire.
func (p *place) asking(org string) (slug string) {
	p.t.Helper()
	slug = p.prepare(org, rules)
	_, err := p.services.Surveys.Keep(context.Background(), p.acting(org, actor.Officer), slug, questionnaire(), 0)
	must(p.t, err)
	return slug
}

// respond sends n responses, of several kinds of senders.
func (p *place) respond(slug string, n int) (last submission.Receipt) {
	p.t.Helper()
	for i := range n {
		in := survey.Response{
			Consultation: slug, Key: fmt.Sprint("response-", i), Way: survey.ByWeb, Consent: true,
			Submitter: submission.Submitter{Kind: submission.Kinds[i%2]},
			Answers: survey.Answers{
				"q1": {Choices: []string{fmt.Sprintf("o%d", i%3+1)}},
				"q2": {Choices: []string{"o1"}},
				"q3": {Choices: []string{fmt.Sprint(i%5 + 1)}},
				"q4": {Choices: []string{fmt.Sprint(i%10 + 1)}},
			},
		}
		if i%4 == 0 {
			in.Answers["q6"] = survey.Answer{Text: "摊位费应当按面积收。"}
			in.Answers["q2"] = survey.Answer{Other: "陪家里老人"}
		}
		var err error
		last, err = p.services.Surveys.Receive(context.Background(), actor.Public(), in)
		must(p.t, err)
	}
	return last
}

// surveyNames is a survey in preparation, one that runs, and one that is over.
func (x *exhibition) surveyNames() {
	x.t.Helper()
	ctx := context.Background()
	for _, name := range []string{"surveying", "surveyed", "polled"} {
		x.names[name] = x.asking("own")
		if name != "surveying" {
			x.approve("own", x.names[name], map[string]any{"closes_at": x.clock.Now().Add(period).Format(time.RFC3339)})
		}
	}
	x.respond(x.names["surveyed"], 7)
	x.respond(x.names["polled"], 60)
	x.clock.Add(time.Minute)
	must(x.t, x.db().Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Table("consultations").Where("slug = ?", x.names["polled"]).Update("closes_at", tx.Now).Error
	}))
	x.clock.Add(time.Minute)
}

// surveyPages are the addresses of the pages about surveys.
func surveyPages() map[string][]shown {
	const at, staff = "/consultations/", "/staff/consultations/"
	officer, nobody := actor.Officer, actor.Nobody
	return map[string][]shown{
		"/consultations/:slug/survey":         {{at + "{surveyed}/survey", nobody, 0}, {at + "{polled}/survey", nobody, 410}, {at + "{open}/survey", nobody, 404}},
		"/consultations/:slug/survey/results": {{at + "{polled}/survey/results", nobody, 0}, {at + "{surveyed}/survey/results", nobody, 0}, {at + "{open}/survey/results", nobody, 404}},
		"/staff/consultations/:slug/survey": {
			{staff + "{surveying}/survey", officer, 0}, {staff + "{surveyed}/survey", officer, 0}, {staff + "{polled}/survey", actor.Auditor, 0}, {staff + "{open}/survey", officer, 0},
		},
		"/staff/consultations/:slug/survey/edit":    {{staff + "{surveying}/survey/edit", officer, 0}, {staff + "{surveyed}/survey/edit", officer, 409}},
		"/staff/consultations/:slug/survey/preview": {{staff + "{surveying}/survey/preview", actor.Reviewer, 0}},
		"/staff/consultations/:slug/survey/enter":   {{staff + "{surveyed}/survey/enter", officer, 0}, {staff + "{polled}/survey/enter", officer, 0}},
		"/staff/consultations/:slug/survey/import":  {{staff + "{surveyed}/survey/import", officer, 0}},
	}
}

// surveyExample gives a consultation that carries a survey: one in preparation for
// what writes its questions and where the grid asks about what is hidden, one that
// runs for everything else.
func (g *grid) surveyExample(r web.RouteInfo) (slug string, ok bool) {
	g.t.Helper()
	if !strings.Contains(r.Path, "/survey") {
		return "", false
	}
	writes := strings.HasSuffix(r.Path, "/survey/edit") || r.Method == "PUT"
	prepared := writes || g.slug == g.hidden
	key := fmt.Sprint("survey/", prepared)
	if g.fixed[key] == "" {
		g.fixed[key] = g.asking(g.owner)
		if !prepared {
			g.approve(g.owner, g.fixed[key], nil)
			g.respond(g.fixed[key], 1)
		}
	}
	return g.fixed[key], true
}
