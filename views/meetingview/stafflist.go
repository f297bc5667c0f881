package meetingview

import (
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// StaffList is a page of the list of the desk.
type StaffList struct {
	Now         time.Time
	Items       []meeting.Meeting
	Status      meeting.Status
	Q           string
	New         bool // may prepare another
	First       bool
	Next, Start string
}

func (v StaffList) options(l *i18n.Locale) []components.Option {
	out := make([]components.Option, 0, len(meeting.Statuses))
	for _, s := range meeting.Statuses {
		out = append(out, components.Option{Value: string(s), Text: l.T("meeting.status." + string(s)), Chosen: s == v.Status})
	}
	return out
}

func (v StaffList) table(l *i18n.Locale) components.Table {
	t := components.Table{
		Caption: l.T("meeting.desk.list"), Stacked: true, RowHead: true,
		Columns: []components.Column{
			{Text: l.T("meeting.column.title"), Lead: true}, {Text: l.T("meeting.column.status")}, {Text: l.T("meeting.column.kind")},
			{Text: l.T("meeting.column.unit")}, {Text: l.T("meeting.column.when")}, {Text: l.T("meeting.column.closes")},
			{Text: l.T("meeting.column.seats"), Numeric: true}, {Text: l.T("meeting.column.applied"), Numeric: true},
		},
	}
	for _, m := range v.Items {
		closes := l.T("meeting.desk.nocall")
		if m.ClosesAt != nil {
			closes = day(l, v.Now, *m.ClosesAt, true)
		}
		when := l.T("meeting.nodate")
		if !m.StartsAt.IsZero() {
			when = day(l, v.Now, m.StartsAt, false)
		}
		s := StaffStatus(l, m, v.Now)
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: titleOr(l, m), Href: staffAddress(m.Slug, ""), Lang: m.Lang}, {Body: components.StatusMark(l, s.State, s.Word)},
			{Text: kindWord(l, m.Kind)}, {Text: m.OrganisationName}, {Text: when}, {Text: closes},
			{Text: l.Number(m.Seats)}, {Text: l.Number(m.Counts[""].Applied)},
		}})
	}
	return t
}
