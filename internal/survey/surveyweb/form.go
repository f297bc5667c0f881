package surveyweb

import (
	"crypto/rand"
	"slices"
	"strings"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views/components"
	"guangyi/views/submissionview"
	"guangyi/views/surveyview"
)

// form shows the questionnaire.
func (h handlers) form(c *web.Ctx) error {
	f, err := h.begin(c)
	if err != nil {
		return err
	}
	if refusal := f.C.Takes(c.Now()); refusal != nil {
		return h.closed(c, f, refusal)
	}
	f.Proof = h.Challenges.Opened(c.Who(), c.Now())
	return h.show(c, 200, f)
}

// begin finds the consultation of the address and its questions.
func (h handlers) begin(c *web.Ctx) (surveyview.Form, error) {
	f := surveyview.Form{Key: newKey(), Answers: survey.Answers{}}
	slug, err := c.Slug()
	if err != nil {
		return f, err
	}
	if f.C, err = h.Consultations.BySlug(c.UserContext(), slug); err != nil {
		return f, err
	}
	if f.V, err = h.Surveys.Of(c.UserContext(), f.C.ID); err != nil {
		return f, err
	}
	f.Tree, err = h.tree(c.UserContext(), f.C)
	return f, err
}

func newKey() string { return "survey-" + rand.Text() }

func (h handlers) show(c *web.Ctx, status int, f surveyview.Form) error {
	p, err := h.publicPage(c, f.C, f.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	p.Back = &components.Link{Text: c.T("submission.closed.notice"), Href: "/consultations/" + f.C.Slug}
	p.Errors, p.NoIndex = len(f.Faults) > 0, true
	c.NoStore()
	return c.Render(status, surveyview.Page(p, f))
}

// closed keeps what was typed, to be copied.
func (h handlers) closed(c *web.Ctx, f surveyview.Form, refusal error) error {
	problem, ok := fault.As(refusal)
	if !ok {
		return refusal
	}
	v := submissionview.ClosedView{C: f.C, Tree: f.Tree, Now: c.Now()}
	if told := f.Told(c.Visit.Locale); told != "" {
		v.Parts = []submission.Part{{Text: told}}
	}
	if f.C.WithdrawnAt != nil {
		v.Note = f.C.Note
	}
	p, err := h.publicPage(c, f.C, v.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	p.NoIndex = true
	c.NoStore()
	return c.Render(web.StatusOf(problem), submissionview.Closed(p, v))
}

// typed reads the form as it was sent.
func (h handlers) typed(c *web.Ctx) (surveyview.Form, error) {
	f, err := h.begin(c)
	if err != nil {
		return f, err
	}
	if key := strings.TrimSpace(c.Form("key")); key != "" && len(key) <= submission.MostKey {
		f.Key = key
	}
	for _, q := range f.V.Questions {
		f.Answers[q.Code] = typedAnswer(c, q)
	}
	f.Proof = challenge.Form{
		Asked: h.Challenges.Asks(c.Who()), Answer: c.Form(challenge.Field), Trap: c.Form(components.TrapName), Began: c.Form("began"),
	}
	f.Sender = submission.Submitter{
		Kind: submission.Kind(c.Form("kind")), Name: strings.TrimSpace(c.Form("name")), Email: strings.TrimSpace(c.Form("email")),
		Phone: strings.TrimSpace(c.Form("phone")), Region: strings.TrimSpace(c.Form("region")),
	}
	f.Consent = c.Form("consent") != ""
	return f, nil
}

// mostTicked bounds the ticks that a form may send for one question.
const mostTicked = survey.MostOptions + 2

// typedAnswer reads the fields of a question. A browser sends every line break as
// CR LF (HTML, form submission); it was typed as one.
func typedAnswer(c *web.Ctx, q survey.Question) survey.Answer {
	name, other := surveyview.FieldNames(q.Code)
	if q.Kind.Written() {
		return survey.Answer{Text: strings.ReplaceAll(c.Form(name), "\r\n", "\n")}
	}
	a := survey.Answer{Choices: c.FormAll(name), Other: c.Form(other)}
	a.Choices = slices.DeleteFunc(a.Choices[:min(len(a.Choices), mostTicked)], func(v string) bool { return v == "" })
	return a
}

// send takes the response in and leads to its receipt.
func (h handlers) send(c *web.Ctx) error {
	f, err := h.typed(c)
	if err != nil {
		return err
	}
	r, err := h.sent(c, f)
	problem, ok := fault.As(err)
	switch {
	case err == nil:
		if err := h.drawer().Keep(c, web.Kept{Number: r.Number, Secret: r.Secret, Sent: true}); err != nil {
			return err
		}
		return c.SeeOther("/receipts/" + r.Number)
	case !ok:
		return err
	case problem.Kind == fault.Invalid:
		f.Faults = worded(c, problem.Fields)
		return h.show(c, 422, f)
	case problem.Code == "submission.key_reused":
		// The sender went back, changed something and sends again: another response,
		// once it is said to be meant.
		f.Key, f.Again = newKey(), true
		return h.show(c, 409, f)
	case problem.Kind == fault.Gone || problem.Code == "consultation.not_open":
		return h.closed(c, f, err)
	}
	return err
}

// languageOf is that of the words, as far as the letters tell, else the page's.
func languageOf(c *web.Ctx, f surveyview.Form) string {
	for _, q := range f.V.Questions {
		if l := submission.LanguageOf(f.Answers[q.Code].Text); l != "" {
			return l
		}
	}
	return c.Visit.Locale.Tag()
}

// drawer keeps the receipts that were sent or looked up from this browser: the
// same as those of comments.
func (h handlers) drawer() web.Drawer { return web.Drawer{Keys: h.Keys, Cookie: "gy_sent"} }
