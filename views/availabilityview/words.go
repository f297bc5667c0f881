// Package availabilityview shows when the site could not take anything in, and
// what was done about it.
package availabilityview

import (
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// length words a duration to the minute; a part of a minute counts as one.
func length(l *i18n.Locale, d time.Duration) string {
	minutes := int((d + time.Minute - 1) / time.Minute)
	days, hours, rest := minutes/1440, minutes/60%24, minutes%60
	word := func(unit string, n int) string { return l.T("availability.length."+unit, "count", n) }
	var parts []string
	if days > 0 {
		parts = append(parts, word("days", days))
	}
	if hours > 0 {
		parts = append(parts, word("hours", hours))
	}
	if rest > 0 || len(parts) == 0 {
		parts = append(parts, word("minutes", rest))
	}
	text := parts[0]
	for _, p := range parts[1:] {
		text = l.T("availability.length.two", "a", text, "b", p)
	}
	return text
}

func cause(l *i18n.Locale, c availability.Cause) string {
	return l.T("availability.cause." + string(c))
}

// table lists outages; note shows what staff wrote about reported ones.
func table(l *i18n.Locale, list []availability.Outage, caption string) components.Table {
	t := components.Table{
		Caption: caption, Stacked: true, Columns: []components.Column{
			{Text: l.T("availability.column.from")}, {Text: l.T("availability.column.to")},
			{Text: l.T("availability.column.length")}, {Text: l.T("availability.column.cause")},
		},
	}
	for _, o := range list {
		why := cause(l, o.Cause)
		if o.Note != "" {
			why = l.T("availability.cause.noted", "cause", why, "note", o.Note)
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: stamp(l, o.BeganAt)}, {Text: stamp(l, o.EndedAt)}, {Text: length(l, o.Span().Length())}, {Text: why},
		}})
	}
	return t
}

// stamp is an instant to the second: outages are short.
func stamp(l *i18n.Locale, t time.Time) string {
	return l.Date(t) + " " + t.In(l.Zone()).Format("15:04:05")
}

// Notice is the text of an extension that makes up for lost time, in one language.
func Notice(l *i18n.Locale, loss availability.Loss, c consultation.Consultation) string {
	return l.T("availability.notice", "lost", length(l, loss.Pending), "days", l.T("availability.length.days", "count", loss.Days),
		"until", l.Deadline(loss.NewEnd), "was", l.Deadline(*c.ClosesAt))
}

func answered(l *i18n.Locale, a availability.Answer) string {
	lost, days := length(l, time.Duration(a.Lost)*time.Second), l.T("availability.length.days", "count", a.Days)
	return l.T("availability.answered."+a.Answer, "at", l.DateTime(a.At), "lost", lost, "days", days)
}
