package moderationview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

func backReasons(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, r := range moderation.TakeBackReasons {
		out = append(out, components.Option{Value: r, Text: l.T("moderation.reason." + r)})
	}
	return out
}

// Rules is the page of the rules by which submissions wait.
type Rules struct {
	C      consultation.Consultation
	Set    moderation.Set
	Unit   bool // the reader may set those of the whole unit
	Errors []components.FieldError
	Faults map[string]string
}

func (v Rules) address() string {
	return "/staff/consultations/" + v.C.Slug + "/moderation/rules"
}

func (v Rules) words() string { return strings.Join(v.Set.Words, "\n") }

func (v Rules) scope(l *i18n.Locale) components.Choices {
	return components.Choices{
		Field: components.Field{ID: "scope", Name: "scope", Label: l.T("moderation.rules.scope")},
		Options: []components.Option{
			{Value: "consultation", Text: l.T("moderation.rules.scope.consultation"), Chosen: true},
			{Value: "organisation", Text: l.T("moderation.rules.scope.organisation")},
		},
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Reports is the list of people who say that something was not theirs.
type Reports struct {
	C      consultation.Consultation
	List   []moderation.Report
	Now    time.Time
	Quotes map[int64][]string // receipts in which the quoted words occur
	At     int64              // the report whose form was refused
	Typed  moderation.Settlement
	Errors []components.FieldError
	Faults map[string]string
}

func (v Reports) address(r moderation.Report) string {
	return "/staff/consultations/" + v.C.Slug + "/moderation/reports/" + id(r.ID)
}

func (v Reports) facts(l *i18n.Locale, r moderation.Report) []components.SummaryRow {
	rows := []components.SummaryRow{
		{Key: l.T("moderation.reports.name"), Text: r.Contact.Name},
		{Key: l.T("moderation.reports.contact"), Text: strings.TrimSpace(r.Contact.Email + " " + r.Contact.Phone)},
	}
	if r.Receipt != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("site.receipt.number"), Text: r.Receipt})
	}
	if r.Quoted != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("moderation.notme.quoted"), Text: r.Quoted, Lang: r.Lang})
	}
	if len(v.Quotes[r.ID]) > 0 {
		rows = append(rows, components.SummaryRow{Key: l.T("moderation.reports.found"), Text: l.List(v.Quotes[r.ID])})
	}
	if r.State != moderation.ReportOpen {
		told := l.T("moderation.reports.told." + string(r.Told))
		rows = append(rows, components.SummaryRow{Key: l.T("moderation.reports.outcome"), Text: r.Outcome, Lang: r.Lang, Note: told})
	}
	return rows
}

func (v Reports) status(l *i18n.Locale, r moderation.Report) components.Status {
	switch {
	case r.Overdue(v.Now):
		return components.Status{State: components.Overdue, Aside: l.T("moderation.reports.due", "at", l.DateTime(r.DueAt))}
	case r.State == moderation.ReportOpen:
		return components.Status{State: components.Waiting, Word: l.T("moderation.reports.state.open"), Aside: l.T("moderation.reports.due", "at", l.DateTime(r.DueAt))}
	}
	return components.Status{State: components.Answered, Word: l.T("moderation.reports.state." + string(r.State)), Aside: l.DateTime(*r.DecidedAt)}
}

// NotMe is the form on which somebody says that a submission was not theirs.
type NotMe struct {
	C      consultation.Consultation
	In     moderation.NewReport
	Errors []components.FieldError
	Faults map[string]string
	Sent   *moderation.Report // taken in just now
}

// TakingBack asks a sender again before a submission is withdrawn.
type TakingBack struct {
	T submission.Tracked
}

func (v TakingBack) rows(l *i18n.Locale) []components.SummaryRow {
	var out []components.SummaryRow
	for i, p := range v.T.Parts {
		out = append(out, components.SummaryRow{Key: l.T("moderation.withdraw.part", "number", i+1), Text: p.Text, Lang: p.Lang})
	}
	return out
}

func (v Reports) receipt(l *i18n.Locale, r moderation.Report) components.Field {
	f := components.Field{
		ID: "receipt-" + id(r.ID), Name: "receipt", Label: l.T("moderation.reports.receipt"), Hint: l.T("moderation.reports.receipt.hint"),
		Value: r.Receipt, Width: "20", Autocomplete: "off",
	}
	if v.At == r.ID {
		f.Value, f.Error = v.Typed.Receipt, v.Faults["receipt"]
	}
	return f
}

func (v Reports) outcome(l *i18n.Locale, r moderation.Report) components.Area {
	a := components.Area{Rows: 3, Limit: moderation.MostOutcome, Field: components.Field{
		ID: "outcome-" + id(r.ID), Name: "outcome", Label: l.T("moderation.reports.words"), Hint: l.T("moderation.reports.words.hint"),
	}}
	if v.At == r.ID {
		a.Value, a.Error = v.Typed.Outcome, v.Faults["outcome"]
	}
	return a
}
