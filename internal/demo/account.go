package demo

import (
	"fmt"
	"strings"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/submission"
)

func (f *filling) draftAccount(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	if err := f.Sittings.SaveAccount(f.ctx, who, c.slug, c.Lead, nil, 0); err != nil {
		return err
	}
	return f.Sittings.SubmitAccount(f.ctx, who, c.slug)
}

func (f *filling) publishAccount(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Reviewer)
	if err != nil {
		return err
	}
	return f.Sittings.PublishAccount(f.ctx, who, c.slug)
}

// own is the consultation in which what was said at a meeting is answered.
func (f *filling) own(c *call) (consultation.Consultation, error) {
	m, err := f.Meetings.BySlug(f.ctx, c.slug)
	if err != nil {
		return consultation.Consultation{}, err
	}
	return f.Consultations.ByID(f.ctx, m.Consultation)
}

// answerStatements decides every point that was said, and has it agreed to.
func (f *filling) answerStatements(c *call) error {
	officer, err := f.staff.does(c.Organisation, actor.Officer)
	if err != nil {
		return err
	}
	own, err := f.own(c)
	if err != nil {
		return err
	}
	page, err := f.Submissions.Comments(f.ctx, officer, own.Slug, submission.Filter{Limit: mostComments})
	if err != nil {
		return err
	}
	for _, said := range page.Items {
		if err := f.answerPoint(c, own, officer, said); err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) answerPoint(c *call, own consultation.Consultation, officer actor.Actor, said submission.Comment) error {
	reviewer, err := f.staff.does(c.Organisation, actor.Reviewer)
	if err != nil {
		return err
	}
	for _, a := range c.Answers {
		if !strings.HasPrefix(said.Text, a.Begins) {
			continue
		}
		d := adoption.Disposition{Code: adoption.Code(a.Disposition), Reason: a.Reason}
		if strings.HasSuffix(a.Disposition, "adopted") && a.Disposition != "not_adopted" {
			if d.Provisions, err = f.changed(own); err != nil {
				return err
			}
		}
		made, err := f.Adoption.Gather(f.ctx, officer, own.Slug, adoption.In{Text: said.Text, Comments: []int64{said.ID}})
		if err != nil {
			return err
		}
		if _, err := f.Adoption.Dispose(f.ctx, officer, made.ID, d, 0); err != nil {
			return err
		}
		if _, err := f.Adoption.Apply(f.ctx, officer, made.ID, adoption.Submit, "", 0); err != nil {
			return err
		}
		_, err = f.Adoption.Apply(f.ctx, reviewer, made.ID, adoption.Agree, "", 0)
		return err
	}
	return fmt.Errorf("nothing answers what was said: %s", said.Text)
}

// changed names the item that a point changed.
func (f *filling) changed(own consultation.Consultation) ([]string, error) {
	all, err := f.Consultations.Drafts().Provisions(f.ctx, own.ID, 1)
	if err != nil || len(all) == 0 {
		return nil, fmt.Errorf("the meeting's own consultation has no items: %w", err)
	}
	return []string{all[len(all)-1].Key}, nil
}

func (f *filling) publishAnswers(c *call) error {
	own, err := f.own(c)
	if err != nil {
		return err
	}
	for _, e := range []consultation.Event{consultation.Decide, consultation.SubmitSummary, consultation.PublishSummary} {
		who, err := f.staff.does(c.Organisation, hands[e]...)
		if err != nil {
			return err
		}
		if _, err := f.Consultations.Apply(f.ctx, who, own.Slug, e, consultation.Note{}); err != nil {
			return err
		}
	}
	return nil
}
