package availability_test

import (
	"strings"
	"testing"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

const law = "试行办法\n\n第一章 总则\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

func person(id int64, o organisation.Organisation, role actor.Role) actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: id, Name: string(role), Grants: []actor.Grant{{Organisation: o.ID, Role: role, OrganisationSlug: o.Slug}}}
}

func (s *site) officer() actor.Actor { return person(1, s.org, actor.Officer) }

func ptr[T any](v T) *T { return &v }

// running is a consultation that opens now, for thirty days.
func (s *site) running() consultation.Consultation {
	s.t.Helper()
	c, err := s.consultations.ImportDraft(ctx, s.officer(), s.org.ID, draft.Source{Name: "a.txt", Text: law})
	must(s.t, err)
	now := s.clock.Now()
	c, err = s.consultations.Edit(ctx, s.officer(), c.Slug, consultation.Changes{
		Title: ptr("试行办法"), Background: ptr("背景"), Explanation: ptr("说明"), Contact: ptr("法规处"),
		Channels: &[]consultation.Channel{{Channel: "web"}}, OpensAt: ptr(now), ClosesAt: ptr(now.Add(30 * 24 * time.Hour)),
	}, c.Version)
	must(s.t, err)
	_, err = s.consultations.Apply(ctx, s.officer(), c.Slug, consultation.Submit, consultation.Note{})
	must(s.t, err)
	c, err = s.consultations.Apply(ctx, person(2, s.org, actor.Reviewer), c.Slug, consultation.Approve, consultation.Note{})
	must(s.t, err)
	return c
}

// down lets the site stand still, and come back.
func (s *site) down(d time.Duration) {
	s.t.Helper()
	s.beat(s.Service)
	s.pass(d)
	s.Service = s.node()
	s.beat(s.Service)
}

func (s *site) of(slug string) availability.Loss {
	s.t.Helper()
	c, err := s.consultations.Staff(ctx, s.officer(), slug)
	must(s.t, err)
	l, err := s.Of(ctx, c)
	must(s.t, err)
	return l
}

func (s *site) refused(what, code string, err error) {
	s.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != code && (len(f.Fields) == 0 || f.Fields[0].Code != code) {
		s.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestAnOutageOfAnOpenPeriodIsMadeUpForByOnePress(t *testing.T) {
	each(t, func(s *site) {
		s.down(time.Hour) // before there was a consultation
		c := s.running()
		end := *c.ClosesAt
		if l := s.of(c.Slug); l.Proposed() || l.Total != 0 {
			s.t.Fatalf("what was before the opening counts: %+v", l)
		}
		s.refused("nothing is lost", "availability.nothing", s.Extend(ctx, s.officer(), c.Slug, 0, "x"))
		s.down(3 * time.Hour)
		s.down(26 * time.Hour)
		l := s.of(c.Slug)
		if l.Total != 29*time.Hour || l.Days != 2 || !l.NewEnd.Equal(end.AddDate(0, 0, 2)) || len(l.Outages) != 2 {
			s.t.Fatalf("%+v", l)
		}
		waiting, err := s.Waiting(ctx, s.officer())
		if err != nil || len(waiting) != 1 || waiting[0].Consultation.ID != c.ID {
			s.t.Fatalf("%v %v", waiting, err)
		}
		s.refused("the figure that was shown is old", "availability.changed", s.Extend(ctx, s.officer(), c.Slug, 1, "x"))
		s.refused("a reviewer extends nothing", "forbidden", s.Extend(ctx, person(2, s.org, actor.Reviewer), c.Slug, 2, "x"))
		s.refused("another organisation's", "not_found", s.Extend(ctx, person(9, s.other, actor.Officer), c.Slug, 2, "x"))
		s.refused("nobody", "sign_in_first", s.Extend(ctx, actor.Public(), c.Slug, 2, "x"))
		must(s.t, s.Extend(ctx, s.officer(), c.Slug, 2, "停用了，补两天。"))
		c, err = s.consultations.Staff(ctx, s.officer(), c.Slug)
		must(s.t, err)
		if !c.ClosesAt.Equal(end.AddDate(0, 0, 2)) {
			s.t.Errorf("it closes at %s", c.ClosesAt)
		}
		l = s.of(c.Slug)
		if l.Proposed() || l.Total != 29*time.Hour || len(l.Answers) != 1 || l.Answers[0].Days != 2 || l.Answers[0].Answer != availability.Extended {
			s.t.Fatalf("%+v", l)
		}
		s.refused("a second press", "availability.nothing", s.Extend(ctx, s.officer(), c.Slug, 0, "x"))
		s.down(10 * time.Minute)
		if l = s.of(c.Slug); l.Days != 1 || l.Pending != 10*time.Minute {
			s.t.Fatalf("the next outage: %+v", l)
		}
	})
}

func TestAnExtensionByTheOtherDoorAnswersTooWhenItIsLongEnough(t *testing.T) {
	each(t, func(s *site) {
		c := s.running()
		s.down(30 * time.Hour)
		extend := func(d time.Duration) {
			s.t.Helper()
			now, err := s.consultations.Staff(ctx, s.officer(), c.Slug)
			must(s.t, err)
			_, err = s.consultations.Apply(ctx, s.officer(), c.Slug, consultation.Extend, consultation.Note{Text: "x", ClosesAt: ptr(now.ClosesAt.Add(d))})
			must(s.t, err)
		}
		extend(time.Hour)
		if l := s.of(c.Slug); l.Days != 2 || len(l.Answers) != 0 {
			s.t.Errorf("an hour more makes up for a day and a half: %+v", l)
		}
		extend(72 * time.Hour)
		if l := s.of(c.Slug); l.Proposed() || len(l.Answers) != 1 || l.Answers[0].Days != 3 {
			s.t.Errorf("%+v", l)
		}
	})
}

func TestToDeclineNeedsAReasonAndTheOutageStaysOnRecord(t *testing.T) {
	each(t, func(s *site) {
		c := s.running()
		s.down(5 * time.Minute)
		s.refused("no reason", "availability.reason", s.Decline(ctx, s.officer(), c.Slug, "  "))
		s.refused("an endless reason", "availability.long", s.Decline(ctx, s.officer(), c.Slug, strings.Repeat("长", availability.MostReason+1)))
		s.refused("a reviewer", "forbidden", s.Decline(ctx, person(2, s.org, actor.Reviewer), c.Slug, "因为"))
		s.refused("another organisation", "not_found", s.Decline(ctx, person(9, s.other, actor.Officer), c.Slug, "因为"))
		must(s.t, s.Decline(ctx, s.officer(), c.Slug, "停用在深夜，不到十分钟。"))
		l := s.of(c.Slug)
		if l.Proposed() || len(l.Outages) != 1 || len(l.Answers) != 1 || l.Answers[0].Reason == "" || l.Answers[0].Lost != 300 {
			s.t.Errorf("%+v", l)
		}
		s.refused("again", "availability.nothing", s.Decline(ctx, s.officer(), c.Slug, "因为"))
	})
}

// After the end there is nothing to extend; an outage across it counts up to it.
func TestAfterTheEndAnOutageCanOnlyBeAccountedFor(t *testing.T) {
	each(t, func(s *site) {
		c := s.running()
		s.pass(30*24*time.Hour - time.Hour)
		s.Service = s.node()
		s.down(3 * time.Hour)
		l := s.of(c.Slug)
		if l.Total != time.Hour || l.Days != 1 || !l.NewEnd.IsZero() {
			s.t.Fatalf("%+v", l)
		}
		s.refused("it is over", "availability.over", s.Extend(ctx, s.officer(), c.Slug, 1, "x"))
		must(s.t, s.Decline(ctx, s.officer(), c.Slug, "已经截止。"))
	})
}

func TestPlansAndReportsAreForWhoRunsTheSite(t *testing.T) {
	each(t, func(s *site) {
		operator := actor.Actor{Kind: actor.Account, ID: 7, Name: "运行", Grants: []actor.Grant{{Role: actor.Operator}}}
		now := s.clock.Now()
		plan := availability.Maintenance{BeginsAt: now.Add(time.Hour), EndsAt: now.Add(2 * time.Hour), NoteZH: "换磁盘", NoteEN: "New disks"}
		for name, who := range map[string]actor.Actor{"an officer": s.officer(), "an auditor": person(3, s.org, actor.Auditor)} {
			_, err := s.Announce(ctx, who, plan)
			s.refused(name, "forbidden", err)
		}
		_, err := s.Announce(ctx, actor.Actor{Kind: actor.Account, ID: 8}, plan)
		s.refused("a member of the public", "not_found", err)
		_, err = s.Announce(ctx, operator, availability.Maintenance{BeginsAt: now, EndsAt: now})
		s.refused("an empty plan", "availability.order", err)
		m, err := s.Announce(ctx, operator, plan)
		must(s.t, err)
		if list, err := s.Planned(ctx); err != nil || len(list) != 1 || list[0].Note("en") != "New disks" || list[0].Note("zh-CN") != "换磁盘" {
			s.t.Fatalf("%v %v", list, err)
		}
		must(s.t, s.Cancel(ctx, operator, m.ID))
		s.refused("twice", "availability.cancelled", s.Cancel(ctx, operator, m.ID))
		if list, err := s.Planned(ctx); err != nil || len(list) != 0 {
			s.t.Fatalf("%v %v", list, err)
		}
		c := s.running()
		s.pass(5 * time.Hour)
		now = s.clock.Now()
		_, err = s.Report(ctx, operator, availability.Outage{BeganAt: now.Add(-time.Hour), EndedAt: now.Add(time.Hour), Note: "断网"})
		s.refused("an outage that is not over", "availability.future", err)
		_, err = s.Report(ctx, operator, availability.Outage{BeganAt: now.Add(-2 * time.Hour), EndedAt: now.Add(-time.Hour), Note: "专线中断"})
		must(s.t, err)
		if l := s.of(c.Slug); l.Total != time.Hour || l.Days != 1 || l.Outages[0].Note != "专线中断" {
			s.t.Errorf("%+v", l)
		}
	})
}

func TestTheShareOfTimeCountsFromTheFirstSignOfLife(t *testing.T) {
	each(t, func(s *site) {
		if _, _, ok, err := s.Share(ctx, 30); ok || err != nil {
			s.t.Errorf("something is known of the time before: %v", err)
		}
		s.beat(s.Service)
		s.pass(time.Minute)
		s.down(99 * time.Minute)
		share, since, ok, err := s.Share(ctx, 30)
		if err != nil || !ok || !since.Equal(start) || share < 0.0099 || share > 0.0101 {
			s.t.Errorf("%v %v %v %v", share, since, ok, err)
		}
	})
}
