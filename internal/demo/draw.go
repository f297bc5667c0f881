package demo

import (
	"fmt"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
)

// freeze closes the list of a call and works out the chances.
func (f *filling) freeze(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	if _, err := f.Selections.Close(f.ctx, who, c.slug); err != nil {
		return err
	}
	for {
		if worked, err := f.Selections.Work(f.ctx); err != nil || !worked {
			return err
		}
	}
}

func (f *filling) publishChances(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	_, err = f.Selections.Publish(f.ctx, who, c.slug)
	return err
}

func (f *filling) enterSeed(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	_, err = f.Selections.EnterSeed(f.ctx, who, c.slug, c.Drawn)
	return err
}

func (f *filling) confirmSeed(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Reviewer)
	if err != nil {
		return err
	}
	_, err = f.Selections.ConfirmSeed(f.ctx, who, c.slug, c.Drawn)
	return err
}

func (f *filling) invite(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	_, err = f.Invitations.Invite(f.ctx, who, c.slug)
	return err
}

// givePapers attaches the draft that is decided and gives it out.
func (f *filling) givePapers(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	text, err := files.ReadFile("content/lift.md")
	if err != nil {
		return err
	}
	if err := f.Invitations.AddPaper(f.ctx, who, c.slug, invitation.NewPaper{Title: c.Matter, Name: "caoan.txt", Data: text}); err != nil {
		return err
	}
	return f.Invitations.Release(f.ctx, who, c.slug)
}

// acceptAll enters what everybody said on the telephone; whoever asks for a
// wheelchair's place is the first.
func (f *filling) acceptAll(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	asked, err := f.seats(c, meeting.Chosen)
	if err != nil {
		return err
	}
	if len(asked) == 0 {
		return fmt.Errorf("nobody was asked to %s", c.Title)
	}
	for i, a := range asked {
		if err := f.Invitations.AnswerFor(f.ctx, who, c.slug, a.ID, true, invitation.Needs{Wheelchair: i == 0}); err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) seats(c *call, states ...meeting.ApplicationState) ([]meeting.Application, error) {
	m, err := f.Meetings.BySlug(f.ctx, c.slug)
	if err != nil {
		return nil, err
	}
	return f.Meetings.Applications(f.ctx, m.ID, states...)
}
