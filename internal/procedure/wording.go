package procedure

import (
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
)

// Text says a finding in the reader's language: what the rule asks, how the dates
// lie, which date would do, and where the rule stands.
func (f Finding) Text(l *i18n.Locale) string {
	text := l.T("procedure.rule", "rule", f.Rule.Says.In(l.Tag()), "citation", f.Rule.Citation.In(l.Tag()))
	text += f.measured(l)
	if f.Provisional {
		text += l.T("procedure.provisional")
	}
	if f.Severity == Refuse && f.Rule.Kind == General {
		text += l.T("procedure.reason_needed")
	}
	return text
}

func (f Finding) measured(l *i18n.Locale) string {
	switch {
	case f.Missing:
		return l.T("procedure.missing." + string(f.Rule.From))
	case f.Rule.As == Order:
		return l.T("procedure.order")
	case f.Rule.As == Limit:
		return l.T("procedure.late", "due", f.due(l))
	}
	have := l.T("procedure.unit."+string(f.Rule.Unit), "count", f.Have)
	return l.T("procedure.short", "have", have, "due", f.due(l))
}

// due writes a day by its date: for a lead the first day that will do, for a
// period or limit its last.
func (f Finding) due(l *i18n.Locale) string {
	switch {
	case f.Rule.Unit == Hours:
		return l.DateTime(f.Due)
	case f.Rule.As == Lead:
		return l.Date(f.Due)
	}
	return l.T("procedure.midnight", "date", l.Date(f.Due.Add(-time.Second)))
}

// Fault refuses with one field for each finding that refuses; nil when none does.
// A field is named after the rule's second event, and says the rule's id, what
// there is and what is needed.
func Fault(all []Finding) error {
	var fields fault.Fields
	for _, f := range all {
		if f.Severity != Refuse {
			continue
		}
		fields.Add(string(f.Rule.To), "procedure."+f.code(), "rule", f.Rule.Citation.Zh, "have", f.Have, "need", f.Need,
			"due", f.lastDay())
	}
	return fields.Err()
}

func (f Finding) code() string {
	switch {
	case f.Missing:
		return "missing"
	case f.Rule.As == Order:
		return "order"
	case f.Rule.As == Limit:
		return "late"
	case f.Rule.Kind == General:
		return "reason_needed"
	}
	return "short"
}

// lastDay is the due date as year-month-day in the profile's zone: the first day
// that will do for a lead, the last one for a period or limit.
func (f Finding) lastDay() string {
	due := f.Due
	if f.Rule.As == Period || f.Rule.As == Limit {
		due = due.Add(-time.Second)
	}
	if due.IsZero() || f.zone == nil {
		return ""
	}
	return due.In(f.zone).Format(time.DateOnly)
}
