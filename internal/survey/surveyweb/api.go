package surveyweb

import (
	"encoding/hex"
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// responsesPerMinute is how many responses one address may send by the API: that
// of submissions.
const responsesPerMinute = 100

func (h handlers) api(s *web.Site) {
	const one = web.APIPrefix + "/consultations/:slug/survey"
	s.Get(one, h.apiShow)
	s.Put(one, h.apiKeep)
	s.Post(one+"/responses", h.apiAnswer)
	s.Get(one+"/results", h.apiResults)
}

// surveyItem is a questionnaire in JSON.
type surveyItem struct {
	Consultation string            `json:"consultation"`
	Language     string            `json:"language"` // of text; other is the site's other language
	Title        survey.Words      `json:"title"`
	Introduction survey.Words      `json:"introduction"`
	Results      string            `json:"results"`
	Questions    []survey.Question `json:"questions"`
	Version      int64             `json:"version"`
}

// apiShow tells the questions: to everybody from approval on, to staff before.
func (h handlers) apiShow(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.See(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v, err := h.Surveys.Of(c.UserContext(), x.ID)
	if err != nil {
		return err
	}
	return c.Answer(200, item(slug, x.Lang, v))
}

func item(slug, lang string, v survey.Survey) surveyItem {
	return surveyItem{
		Consultation: slug, Language: lang, Title: v.Title, Introduction: v.Introduction, Results: v.Results,
		Questions: append([]survey.Question{}, v.Questions...), Version: v.Version,
	}
}

// apiKeep stores the questionnaire of a notice in preparation.
func (h handlers) apiKeep(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.Staff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	var body surveyItem
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	v, err := h.Surveys.Keep(c.UserContext(), c.Who(), slug, survey.In{
		Title: body.Title, Introduction: body.Introduction, Results: body.Results, Questions: body.Questions,
	}, body.Version)
	if err != nil {
		return err
	}
	return c.Answer(200, item(slug, x.Lang, v))
}

// responseBody is a response in JSON.
type responseBody struct {
	Submitter struct {
		Kind        submission.Kind `json:"kind"`
		Name        string          `json:"name"`
		Email       string          `json:"email"`
		Phone       string          `json:"phone"`
		Region      string          `json:"region"`
		PublishName bool            `json:"publish_name"`
	} `json:"submitter"`
	Answers []struct {
		Question string   `json:"question"`
		Choices  []string `json:"choices"`
		Other    string   `json:"other"`
		Text     string   `json:"text"`
	} `json:"answers"`
	Language  string `json:"language"`
	Consent   bool   `json:"consent"`
	Challenge string `json:"challenge"`
}

// acknowledgement is the answer to a response: that to a submission.
type acknowledgement struct {
	Receipt    string    `json:"receipt"`
	Secret     string    `json:"secret"`
	ReceivedAt time.Time `json:"received_at"`
	LeafHash   string    `json:"leaf_hash"`
	StatusURL  string    `json:"status_url"`
}

func (h handlers) apiAnswer(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("submit", responsesPerMinute); err != nil {
		return err
	}
	var body responseBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	// A key that is there and empty is a program's mistake: its retry would count twice.
	if named := c.Request().Header.PeekAll("Idempotency-Key"); len(named) > 0 && len(named[0]) == 0 {
		return fault.Fields{{Name: "idempotency_key", Code: "submission.key", Args: []any{"most", submission.MostKey}}}.Err()
	}
	in := survey.Response{
		Consultation: slug, Key: c.Get("Idempotency-Key"), Way: survey.ByAPI, Language: body.Language, Answers: survey.Answers{},
		Submitter: submission.Submitter(body.Submitter), Consent: body.Consent, ReceivedAt: c.Now(),
	}
	for _, a := range body.Answers {
		if _, twice := in.Answers[a.Question]; twice {
			return fault.Fields{{Name: "answers." + a.Question, Code: "survey.answer_twice"}}.Err()
		}
		in.Answers[a.Question] = survey.Answer{Choices: a.Choices, Other: a.Other, Text: a.Text}
	}
	r, err := h.received(c, in, body.Challenge)
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(201, acknowledgement{
		Receipt: r.Number, Secret: r.Secret, ReceivedAt: r.ReceivedAt, LeafHash: hex.EncodeToString(r.LeafHash),
		StatusURL: c.Visit.Base + "/receipts/" + r.Number,
	})
}

// tallyItem is how many chose what.
type tallyItem struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

type breakdownItem struct {
	Groups []string  `json:"groups"`
	Rows   []rowItem `json:"rows"`
}

type rowItem struct {
	Code   string `json:"code"`
	Counts []int  `json:"counts"`
}

type figuresItem struct {
	Question string         `json:"question"`
	Kind     survey.Kind    `json:"kind"`
	Label    survey.Words   `json:"label"`
	Answered int            `json:"answered"`
	Choices  []tallyItem    `json:"choices"`
	Mean     *float64       `json:"mean"`    // of a scale
	ByKind   *breakdownItem `json:"by_kind"` // null where cells would be small
}

type resultsItem struct {
	Consultation string        `json:"consultation"`
	Responses    int           `json:"responses"`
	Partial      bool          `json:"partial"`
	ByKind       []tallyItem   `json:"by_kind"`
	ByWay        []tallyItem   `json:"by_way"`
	Withdrawn    int           `json:"withdrawn"`
	Withheld     int           `json:"withheld"`
	Held         int           `json:"held"`
	Questions    []figuresItem `json:"questions"`
	Sample       bool          `json:"sample"` // always false: who wanted to answered
}

// apiResults tells the figures: to staff at any time, to everybody when the notice
// shows them.
func (h handlers) apiResults(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Surveys.Results(c.UserContext(), slug)
	if c.Who().Known() {
		if own, failed := h.Surveys.StaffResults(c.UserContext(), c.Who(), slug); failed == nil {
			r, err = own, nil
		}
	}
	if err != nil {
		return err
	}
	return c.Answer(200, resultsOf(slug, r))
}

func resultsOf(slug string, r survey.Results) resultsItem {
	out := resultsItem{
		Consultation: slug, Responses: r.Responses, Partial: r.Partial, ByKind: tallies(r.ByKind), ByWay: tallies(r.ByWay),
		Withdrawn: r.Withdrawn, Withheld: r.Withheld, Held: r.Held, Questions: []figuresItem{},
	}
	for _, f := range r.Questions {
		x := figuresItem{Question: f.Question.Code, Kind: f.Question.Kind, Label: f.Question.Label, Answered: f.Answered, Choices: tallies(f.Tallies)}
		if f.Question.Kind == survey.Scale && f.Answered > 0 {
			x.Mean = &f.Mean
		}
		if b := f.Breakdown; b != nil {
			x.ByKind = &breakdownItem{Groups: b.Groups}
			for _, row := range b.Rows {
				x.ByKind.Rows = append(x.ByKind.Rows, rowItem(row))
			}
		}
		out.Questions = append(out.Questions, x)
	}
	return out
}

func tallies(list []survey.Tally) []tallyItem {
	out := make([]tallyItem, len(list))
	for i, t := range list {
		out[i] = tallyItem(t)
	}
	return out
}
