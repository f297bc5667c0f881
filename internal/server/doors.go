package server

import (
	"context"

	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/mailbox"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/referral"
	"guangyi/internal/submission"
	"guangyi/views/consultationview"
)

// rooms leads from a consultation's pages to what other capabilities keep of it.
type rooms struct{ *Services }

// Outages reports whether nothing could be taken in for some of the period.
func (r rooms) Outages(ctx context.Context, c consultation.Consultation) (bool, error) {
	l, err := r.Availability.Of(ctx, c)
	return len(l.Outages) > 0, err
}

// Addresses lists those that mail for the consultation is fetched from.
func (r rooms) Addresses(ctx context.Context, c consultation.Consultation) ([]string, error) {
	return r.Mail.AddressesOf(ctx, c)
}

// Doors lists the rooms of a consultation that are open to a person, and what waits
// in each for somebody; a door that would not open is left out.
func (r rooms) Doors(ctx context.Context, who actor.Actor, c consultation.Consultation) (out []consultationview.Door, err error) {
	base := "/staff/consultations/" + c.Slug
	add := func(kind, at string, count int) {
		out = append(out, consultationview.Door{Kind: kind, Href: base + at, Count: count})
	}
	if r.Desk.May(who, desk.PermissionSee, c.Organisation) && c.Public() {
		g, err := r.Desk.Gaps(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		add("desk", "/desk", g.Count())
	}
	if r.Mail.May(who, mailbox.PermissionSee, c.Organisation) {
		waiting, err := r.Mail.Waiting(ctx, who, mostMails)
		if err != nil {
			return nil, err
		}
		add("mail", "/mail", waiting[c.ID])
	}
	switch {
	case c.Public() && r.Moderation.May(who, moderation.PermissionSee, c.Organisation):
		add("moderation", "/moderation", int(c.Counters.Held))
	case !c.Public() && r.Moderation.May(who, moderation.PermissionRules, c.Organisation):
		add("rules", "/moderation/rules", 0)
	}
	if r.Gate.May(who, submission.PermissionImport, c.Organisation) && c.Public() {
		add("imports", "/imports", 0)
	}
	if r.Referrals.May(who, referral.PermissionSee, c.Organisation) && c.Public() {
		add("referrals", "/referrals", 0)
	}
	add("survey", "/survey", 0)
	loss, err := r.Availability.Of(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(loss.Outages) > 0 {
		proposed := 0
		if loss.Proposed() {
			proposed = 1
		}
		add("availability", "/availability", proposed)
	}
	return out, nil
}
