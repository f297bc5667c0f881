package consultation

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
)

// Longest texts in characters.
const (
	TitleLength  = 200
	LineLength   = 500
	NoticeLength = 50_000
)

// Changes are new values of a notice; nil leaves one as it is. A zero time
// empties it.
type Changes struct {
	Title, Ask, Background, Explanation, Changes *string
	Contact, Privacy, DemandReason, PeriodReason *string
	CommentsPublic, Lang, Procedure              *string
	HideCount                                    *bool
	Channels                                     *[]Channel
	Demands                                      *[]string
	OpensAt, ClosesAt, AnswerDue                 *time.Time
}

// noticeColumns are what Edit may change.
var noticeColumns = []string{
	"title", "ask", "background", "explanation", "changes", "contact", "privacy", "demand_reason", "period_reason", "comments_public", "lang", "procedure", "hide_count",
	"channels", "demands", "opens_at", "closes_at", "answer_due", "contributors", "updated_at", "version",
}

// Edit changes a notice while it is prepared or returned; afterwards it is a
// Conflict. version is the one that was read (0: not checked); another is Stale.
// Values that cannot be are faults of their fields; what is still missing is not:
// submit asks for it.
func (s *Service) Edit(ctx context.Context, who actor.Actor, slug string, in Changes, version int64) (Consultation, error) {
	var out Consultation
	err := s.change(ctx, who, slug, func(tx *database.Tx, c *Consultation) error {
		if err := s.gate.Require(who, PermissionPrepare, c.Organisation); err != nil {
			return err
		}
		if !c.Editable() {
			return notEditable()
		}
		if version != 0 && version != c.Version {
			return fault.Stale()
		}
		before := *c
		in.apply(c)
		if err := s.check(c); err != nil {
			return err
		}
		c.contribute(who.Key(), tx.Now)
		c.Version++
		if err := tx.Model(&Consultation{}).Where("id = ?", c.ID).Select(noticeColumns).Updates(c).Error; err != nil {
			return err
		}
		out = *c
		was, is := differing(before, *c)
		return audit.Record(tx, audit.Entry{
			Organisation: c.Organisation, Consultation: c.ID, Action: "edit", Object: "consultation", ObjectID: c.ID, Before: was, After: is,
		})
	})
	return out, err
}

func (in Changes) apply(c *Consultation) {
	set(&c.Title, trimmed(in.Title))
	set(&c.Ask, trimmed(in.Ask))
	set(&c.Background, in.Background)
	set(&c.Explanation, in.Explanation)
	set(&c.Changes, in.Changes)
	set(&c.Contact, in.Contact)
	set(&c.Privacy, in.Privacy)
	set(&c.DemandReason, in.DemandReason)
	set(&c.PeriodReason, in.PeriodReason)
	set(&c.CommentsPublic, in.CommentsPublic)
	set(&c.Lang, in.Lang)
	set(&c.Procedure, in.Procedure)
	set(&c.HideCount, in.HideCount)
	set(&c.Channels, in.Channels)
	set(&c.Demands, in.Demands)
	setTime(&c.OpensAt, in.OpensAt)
	setTime(&c.ClosesAt, in.ClosesAt)
	setTime(&c.AnswerDue, in.AnswerDue)
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

func setTime(to **time.Time, v *time.Time) {
	if v == nil {
		return
	}
	if v.IsZero() {
		*to = nil
		return
	}
	t := v.UTC().Truncate(time.Microsecond)
	*to = &t
}

func trimmed(s *string) *string {
	if s == nil {
		return nil
	}
	t := strings.TrimSpace(*s)
	return &t
}

// check refuses values that no notice can have, and what its procedure forbids.
func (s *Service) check(c *Consultation) error {
	if err := c.check(); err != nil || c.Procedure == "" {
		return err
	}
	var f fault.Fields
	p, known := s.procedures[c.Procedure]
	switch {
	case !known:
		f.Add("procedure", "consultation.procedure")
	case p.ReadFirst && c.CommentsPublic == PublicAtOnce:
		f.Add("comments_public", "consultation.read_first")
	}
	return f.Err()
}

// check refuses values that no notice can have.
func (c *Consultation) check() error {
	var f fault.Fields
	for _, t := range []struct {
		field, text string
		most        int
	}{
		{"title", c.Title, TitleLength}, {"ask", c.Ask, LineLength}, {"background", c.Background, NoticeLength},
		{"explanation", c.Explanation, NoticeLength}, {"changes", c.Changes, NoticeLength}, {"contact", c.Contact, NoticeLength},
		{"privacy", c.Privacy, NoticeLength}, {"demand_reason", c.DemandReason, LineLength}, {"period_reason", c.PeriodReason, LineLength},
	} {
		if n := utf8.RuneCountInString(t.text); n > t.most {
			f.Add(t.field, "consultation.too_long", "most", t.most, "count", n-t.most)
		}
	}
	if !slices.Contains([]string{PublicNo, PublicModerated, PublicAtOnce}, c.CommentsPublic) {
		f.Add("comments_public", "consultation.comments_public")
	}
	if !slices.Contains(i18n.Tags, c.Lang) {
		f.Add("lang", "consultation.lang")
	}
	c.checkLists(&f)
	if c.OpensAt != nil && c.ClosesAt != nil && !c.ClosesAt.After(*c.OpensAt) {
		f.Add("closes_at", "consultation.closes_before_opens")
	}
	return f.Err()
}

func (c *Consultation) checkLists(f *fault.Fields) {
	var seen []string
	for _, ch := range c.Channels {
		switch {
		case !slices.Contains(Announced, ch.Channel):
			f.Add("channels", "consultation.channel", "channel", ch.Channel)
		case slices.Contains(seen, ch.Channel):
			f.Add("channels", "consultation.channel_twice", "channel", ch.Channel)
		case utf8.RuneCountInString(ch.Detail) > LineLength:
			f.Add("channels", "consultation.too_long", "most", LineLength, "count", utf8.RuneCountInString(ch.Detail)-LineLength)
		}
		seen = append(seen, ch.Channel)
	}
	for _, d := range c.Demands {
		if !slices.Contains(Demandable, d) {
			f.Add("demands", "consultation.demand", "field", d)
		}
	}
	if len(c.Demands) > 0 && strings.TrimSpace(c.DemandReason) == "" {
		f.Add("demand_reason", "consultation.demand_reason")
	}
}

// differing lists what a change of a notice moved, for the trail.
func differing(a, b Consultation) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	note := func(name string, x, y any, same bool) {
		if !same {
			was[name], is[name] = x, y
		}
	}
	note("title", a.Title, b.Title, a.Title == b.Title)
	note("ask", a.Ask, b.Ask, a.Ask == b.Ask)
	note("background", a.Background, b.Background, a.Background == b.Background)
	note("explanation", a.Explanation, b.Explanation, a.Explanation == b.Explanation)
	note("changes", a.Changes, b.Changes, a.Changes == b.Changes)
	note("contact", a.Contact, b.Contact, a.Contact == b.Contact)
	note("privacy", a.Privacy, b.Privacy, a.Privacy == b.Privacy)
	note("demand_reason", a.DemandReason, b.DemandReason, a.DemandReason == b.DemandReason)
	note("period_reason", a.PeriodReason, b.PeriodReason, a.PeriodReason == b.PeriodReason)
	note("comments_public", a.CommentsPublic, b.CommentsPublic, a.CommentsPublic == b.CommentsPublic)
	note("lang", a.Lang, b.Lang, a.Lang == b.Lang)
	note("procedure", a.Procedure, b.Procedure, a.Procedure == b.Procedure)
	note("hide_count", a.HideCount, b.HideCount, a.HideCount == b.HideCount)
	note("channels", a.Channels, b.Channels, slices.Equal(a.Channels, b.Channels))
	note("demands", a.Demands, b.Demands, slices.Equal(a.Demands, b.Demands))
	note("opens_at", a.OpensAt, b.OpensAt, sameTime(a.OpensAt, b.OpensAt))
	note("closes_at", a.ClosesAt, b.ClosesAt, sameTime(a.ClosesAt, b.ClosesAt))
	note("answer_due", a.AnswerDue, b.AnswerDue, sameTime(a.AnswerDue, b.AnswerDue))
	return was, is
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
