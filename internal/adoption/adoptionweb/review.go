package adoptionweb

import (
	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// review shows the balance and what comes before publication.
func (h handlers) review(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	view, err := h.reviewView(c, slug)
	if err != nil {
		return err
	}
	return h.showReview(c, 200, view)
}

func (h handlers) showReview(c *web.Ctx, status int, view adoptionview.Review) error {
	p := layouts.FromStaff(c.Visit, c.T("adoption.review.title"))
	p.Section, p.Errors = "consultations", len(view.Errors) > 0
	return c.Render(status, adoptionview.ReviewPage(p, view))
}

func (h handlers) reviewView(c *web.Ctx, slug string) (adoptionview.Review, error) {
	ctx := c.UserContext()
	balance, err := h.adoption.Balance(ctx, c.Who(), slug)
	if err != nil {
		return adoptionview.Review{}, err
	}
	of, err := h.consultations.Staff(ctx, c.Who(), slug)
	if err != nil {
		return adoptionview.Review{}, err
	}
	view := adoptionview.Review{Slug: slug, Title: of.Title, Balance: balance, Stage: h.stage(c, of)}
	if of.AnswerDue != nil {
		view.Due = c.T("adoption.review.due", "date", c.Visit.Locale.Deadline(*of.AnswerDue))
	}
	if of.State == consultation.Decided {
		view.Note = of.Note
	}
	if h.desk != nil {
		if view.Desk, err = h.desk.Gaps(ctx, of.ID); err != nil {
			return view, err
		}
	}
	view.Steps, err = h.looked(c, of, balance.Figures)
	return view, err
}

// stage asks which step of the consultation this person may take now.
func (h handlers) stage(c *web.Ctx, of consultation.Consultation) adoptionview.Stage {
	status, own := of.Status(c.Now()), of.OwnWork(c.Who().Key())
	may := func(e consultation.Event) (possible, mine bool) {
		step, ok := consultation.Step(status, e)
		possible = ok && h.consultations.May(c.Who(), e, of)
		return possible && !(step.Others && own), possible && step.Others && own
	}
	s := adoptionview.Stage{
		Drafts:  c.Who().Has(of.Organisation, actor.Officer),
		Reviews: c.Who().Has(of.Organisation, actor.Reviewer) || c.Who().Has(of.Organisation, actor.Signer),
	}
	s.Decide, _ = may(consultation.Decide)
	s.Submit, _ = may(consultation.SubmitSummary)
	s.Publish, s.Own = may(consultation.PublishSummary)
	if of.State == consultation.SummaryInReview {
		s.Return, _ = may(consultation.Return)
	}
	s.Published = of.State == consultation.Published || of.State == consultation.Archived
	switch {
	case status == consultation.Scheduled, status == consultation.Open:
		s.Waiting = c.T("adoption.review.open")
	case s.Decide || s.Submit || s.Publish || s.Published || s.Own:
	default:
		s.Waiting = c.T("adoption.review.others")
	}
	return s
}

// looked lists who drafted, reviewed and signed.
func (h handlers) looked(c *web.Ctx, of consultation.Consultation, f adoption.Figures) ([]components.Event, error) {
	past, err := h.consultations.History(c.UserContext(), of.ID)
	if err != nil {
		return nil, err
	}
	l := c.Visit.Locale
	last := map[consultation.Event]consultation.Past{}
	for _, p := range past {
		last[p.Event] = p
	}
	step := func(e consultation.Event, word string) components.Event {
		p, done := last[e]
		if !done || e == consultation.SubmitSummary && of.SummaryBy == "" {
			return components.Event{When: components.Next, Time: c.T("site.timeline.next"), What: c.T(word)}
		}
		return components.Event{When: components.Done, Time: l.DateTime(p.At), What: c.T(word), Note: p.ActorName}
	}
	agreed := components.Event{When: components.Now, What: c.T("adoption.looked.agreed", "agreed", f.Agreed, "suggestions", f.Suggestions), Note: c.T("adoption.looked.others")}
	if f.Agreed == f.Suggestions {
		agreed.When, agreed.Time = components.Done, c.T("site.timeline.done")
	}
	return []components.Event{step(consultation.Decide, "adoption.looked.decided"), agreed,
		step(consultation.SubmitSummary, "adoption.looked.submitted"), step(consultation.PublishSummary, "adoption.looked.published")}, nil
}

// step takes a step of the consultation: decide, submit_summary, return or
// publish_summary. What is missing is shown on the page again.
func (h handlers) step(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	event := consultation.Event(c.Form("event"))
	switch event {
	case consultation.Decide, consultation.SubmitSummary, consultation.Return, consultation.PublishSummary:
	default:
		if _, err := h.adoption.Balance(c.UserContext(), c.Who(), slug); err != nil {
			return err
		}
		return fault.Fields{{Name: "event", Code: "suggestion.event_unknown"}}.Err()
	}
	_, err = h.consultations.Apply(c.UserContext(), c.Who(), slug, event, consultation.Note{Text: c.Form("note")})
	if err == nil {
		c.SetNotice("adoption.step." + string(event))
		return c.SeeOther("/staff/consultations/" + slug + "/review")
	}
	refused, ok := fault.As(err)
	if !ok || refused.Kind != fault.Invalid && refused.Code != "summary.unbalanced" {
		return err
	}
	view, viewErr := h.reviewView(c, slug)
	if viewErr != nil {
		return viewErr
	}
	view.Typed = c.Form("note")
	view.Errors = adoptionview.Messages(c.Visit.Locale, refused.Fields)
	return h.showReview(c, web.StatusOf(refused), view)
}
