package server

import (
	"context"
	"maps"
	"slices"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/desk"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/register"
	"guangyi/internal/site"
)

// todaySources are the rooms in which something can wait for a member of staff.
func (s *Services) todaySources() []site.Source {
	return []site.Source{s.waitsAtDesk, s.waitsForModeration, s.waitsToMakeUp, s.waitsInMail, s.waitsToBePassedOn, s.waitsForRegister}
}

// waitsAtDesk is the paper that is half typed, half checked or not yet taken.
func (s *Services) waitsAtDesk(ctx context.Context, who actor.Actor) (out site.Waits, err error) {
	if !mayAnywhere(who, func(o int64) bool { return s.Desk.May(who, desk.PermissionCheck, o) }) {
		return out, nil
	}
	list, err := s.Desk.Work(ctx, who)
	for _, w := range list {
		c := w.Consultation
		if !s.Desk.May(who, desk.PermissionCheck, c.Organisation) {
			continue
		}
		for _, x := range []struct {
			kind, at string
			count    int
		}{
			{"desk_finish", "/desk", w.Drafts}, {"desk_check", "/desk/check", w.Mine}, {"desk_take", "/desk", w.Checked},
		} {
			if x.count > 0 {
				out.Tasks = append(out.Tasks, site.Task{Kind: x.kind, ID: c.ID, Href: x.at, Count: x.count})
			}
		}
	}
	return out, err
}

// waitsForModeration are the submissions that are not shown until somebody decides.
func (s *Services) waitsForModeration(ctx context.Context, who actor.Actor) (out site.Waits, err error) {
	due, err := s.Moderation.Today(ctx, who, who.Organisations())
	for _, d := range due {
		add := func(kind, pile string) {
			out.Tasks = append(out.Tasks, site.Task{Kind: kind, Consultation: d.Slug, Title: d.Title, Lang: d.Lang,
				Href: "/staff/consultations/" + d.Slug + "/moderation?pile=" + pile})
		}
		if d.Held {
			add("held", string(moderation.PileHeld))
		}
		if d.Waiting {
			add("show", string(moderation.PileWaiting))
		}
	}
	return out, err
}

// waitsToMakeUp are the consultations that lost time, for whoever may answer.
func (s *Services) waitsToMakeUp(ctx context.Context, who actor.Actor) (out site.Waits, err error) {
	if !mayAnywhere(who, func(o int64) bool { return s.Gate.May(who, availability.PermissionAnswer, o) }) {
		return out, nil
	}
	list, err := s.Availability.Waiting(ctx, who)
	for _, p := range list {
		if s.Availability.MayAnswer(who, p.Consultation) {
			out.Tasks = append(out.Tasks, site.Task{Kind: "make_up", ID: p.Consultation.ID, Href: "/availability", Count: p.Loss.Days, Due: p.Consultation.ClosesAt})
		}
	}
	return out, err
}

// mostMails bounds what is counted for a page.
const mostMails = 1000

// waitsInMail are the mails that nobody could tell where they belong, and the
// mailboxes that do not answer.
func (s *Services) waitsInMail(ctx context.Context, who actor.Actor) (out site.Waits, err error) {
	count, err := s.Mail.Waiting(ctx, who, mostMails)
	if err != nil {
		return out, err
	}
	for _, id := range slices.Sorted(maps.Keys(count)) {
		t := site.Task{Kind: "mail", ID: id, Href: "/mail", Count: count[id]}
		if id == 0 {
			t.Kind, t.Href = "mail_stray", "/staff/mail"
		}
		out.Tasks = append(out.Tasks, t)
	}
	boxes, _, err := s.Mail.Accounts(ctx, who)
	for _, b := range boxes {
		if b.Active && b.Failure != "" && b.FailingSince != nil {
			out.Alarms = append(out.Alarms, site.Alarm{Kind: "mailbox", Name: b.Address, Since: *b.FailingSince, Href: "/staff/mail"})
		}
	}
	return out, err
}

// waitsToBePassedOn are the petitions that nobody passed on yet, and those whose
// answer should be there.
func (s *Services) waitsToBePassedOn(ctx context.Context, who actor.Actor) (out site.Waits, err error) {
	list, err := s.Referrals.Waiting(ctx, who)
	for _, w := range list {
		for _, x := range []struct {
			kind  string
			count int
		}{{"pass_on", w.ToPass}, {"referral_answer", w.Overdue}} {
			if x.count > 0 {
				out.Tasks = append(out.Tasks, site.Task{Kind: x.kind, ID: w.ConsultationID, Href: "/referrals", Count: x.count, Due: w.Due})
			}
		}
	}
	return out, err
}

// waitsForRegister tells everybody who works here when the register stands still:
// what comes meanwhile is kept, and its proof is late.
func (s *Services) waitsForRegister(ctx context.Context, _ actor.Actor) (out site.Waits, err error) {
	wait, err := s.Register.Waiting(ctx)
	if err == nil && wait > register.Late {
		out.Alarms = append(out.Alarms, site.Alarm{Kind: "register", Since: s.Clock.Now().Add(-wait).Truncate(time.Second), Href: "/log"})
	}
	return out, err
}

func mayAnywhere(who actor.Actor, may func(organisation int64) bool) bool {
	for _, o := range who.Organisations() {
		if may(o) {
			return true
		}
	}
	return false
}
