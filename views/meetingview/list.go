package meetingview

import (
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// List is a page of the public list.
type List struct {
	Now          time.Time
	Items        []meeting.Meeting
	Units        []organisation.Organisation // to choose from
	Organisation string
	Status       meeting.PublicStatus
	Q            string
	First        bool
	Next, Start  string
}

func (v List) filtered() bool { return v.Q != "" || v.Status != "" || v.Organisation != "" }

// group is a part of the list: what one can apply for, what comes, what is over.
type group struct {
	key   string
	items []meeting.Meeting
}

func (v List) groups() []group {
	var out []group
	for _, m := range v.Items {
		key := "coming"
		switch s, _ := m.PublicStatus(v.Now); s {
		case meeting.PublicOpen:
			key = "open"
		case meeting.PublicHeld, meeting.PublicAccount, meeting.PublicCancelled:
			key = "over"
		}
		if len(out) == 0 || out[len(out)-1].key != key {
			out = append(out, group{key: key})
		}
		last := &out[len(out)-1]
		last.items = append(last.items, m)
	}
	return out
}

func (v List) entry(l *i18n.Locale, m meeting.Meeting) components.Entry {
	e := components.Entry{Title: titleOr(l, m), Lang: m.Lang, Href: address(m.Slug, ""), Summary: m.Ask, Meta: []string{m.OrganisationName, kindWord(l, m.Kind)}}
	s, _ := m.PublicStatus(v.Now)
	st := StatusOf(l, m, v.Now)
	switch s {
	case meeting.PublicOpen:
		e.Mark, e.When = components.Remaining(l, v.Now, *m.ClosesAt), l.T("meeting.call.until", "at", day(l, v.Now, *m.ClosesAt, true))
		e.Meta = append(e.Meta, l.T("meeting.list.meets", "at", day(l, v.Now, m.StartsAt, false)))
	case meeting.PublicAnnounced, meeting.PublicClosed, meeting.PublicSelected:
		e.Mark, e.When = l.ShortDate(m.StartsAt), l.Time(m.StartsAt)
		e.Status = &components.Status{State: st.State, Word: st.Word, Aside: st.Aside}
	case meeting.PublicCancelled:
		e.Quiet, e.Mark, e.Summary = true, l.Date(m.StartsAt), l.T("meeting.list.cancelled", "reason", m.Note)
		e.Status = &components.Status{State: components.Withdrawn, Word: st.Word}
	case meeting.PublicAccount:
		e.Quiet, e.Mark, e.Href = true, l.Date(m.StartsAt), address(m.Slug, "/account")
		e.Status = &components.Status{State: st.State, Word: st.Word}
	default:
		e.Quiet, e.Mark = true, l.Date(m.StartsAt)
	}
	if n := m.Counts[""].Applied; n > 0 {
		e.Meta = append(e.Meta, l.T("meeting.call.applied", "count", n, "number", l.Number(n)))
	}
	return e
}

func (v List) statuses(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, s := range meeting.PublicStatuses {
		out = append(out, components.Option{Value: string(s), Text: l.T("meeting.public." + string(s)), Chosen: s == v.Status})
	}
	return out
}

func (v List) units() []components.Option {
	var out []components.Option
	for _, o := range v.Units {
		out = append(out, components.Option{Value: o.Slug, Text: o.Name, Chosen: o.Slug == v.Organisation})
	}
	return out
}
