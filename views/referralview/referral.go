// Package referralview draws the petitions and accusations among the comments: the
// list, the form that passes one on, its page, and the letters.
package referralview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/procedure"
	"guangyi/internal/referral"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

func id(n int64) string { return strconv.FormatInt(n, 10) }

func room(c consultation.Consultation, rest string) string {
	return "/staff/consultations/" + c.Slug + "/referrals" + rest
}

// List is the room of a consultation.
type List struct {
	C          consultation.Consultation
	Items      []referral.Referral
	Now        time.Time
	Recipients bool // the reader keeps the list of recipients
}

func (v List) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("referral.title"), Stacked: true, Columns: []components.Column{
		{Text: l.T("referral.matter"), Lead: true}, {Text: l.T("referral.state")}, {Text: l.T("referral.to")}, {Text: l.T("referral.due"), NoWrap: true},
	}}
	for _, r := range v.Items {
		due := ""
		if d := r.Due(); d != nil {
			due = lastDay(l, *d)
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: l.T("referral.one.title", "kind", l.T("referral.kind."+string(r.Kind)), "number", r.Receipt), Href: room(v.C, "/"+id(r.ID)), Bold: true},
			{Body: mark(l, r, v.Now)}, {Text: r.Recipient, Lang: v.C.Lang}, {Text: due},
		}})
	}
	return t
}

// lastDay writes the end of a period as the day on which it ends.
func lastDay(l *i18n.Locale, end time.Time) string { return l.Date(end.Add(-time.Second)) }

func status(l *i18n.Locale, r referral.Referral, now time.Time) components.Status {
	s := components.Status{State: components.Waiting, Word: l.T("referral.state." + string(r.State))}
	switch {
	case r.Overdue(now):
		s.State, s.Word = components.Overdue, l.T("referral.overdue."+string(r.State))
	case r.State == referral.Answered || r.State == referral.TakenBack:
		s.State = components.Answered
	}
	if d := r.Due(); d != nil {
		s.Aside = l.T("referral.due.by", "date", lastDay(l, *d))
	}
	return s
}

// Form passes a submission on.
type Form struct {
	C      consultation.Consultation
	L      submission.Letter
	To     []referral.Recipient
	Before []referral.Referral // of the same submission
	In     referral.In
	Errors []components.FieldError
	Faults map[string]string
}

func (v Form) kinds(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "kind", Name: "kind", Label: l.T("referral.kind"), Error: v.Faults["kind"]}}
	for _, k := range referral.Kinds {
		c.Options = append(c.Options, components.Option{Value: string(k), Text: l.T("referral.kind." + string(k)), Hint: l.T("referral.kind." + string(k) + ".hint"), Chosen: v.In.Kind == k})
	}
	return c
}

func (v Form) recipients(l *i18n.Locale) components.Choices {
	c := components.Choices{
		Field: components.Field{ID: "recipient", Name: "recipient", Label: l.T("referral.to"), Hint: l.T("referral.to.hint"), Error: v.Faults["recipient"]},
		Empty: l.T("referral.choose"),
	}
	for _, r := range v.To {
		if r.Active {
			c.Options = append(c.Options, components.Option{Value: id(r.ID), Text: r.Name, Chosen: v.In.Recipient == r.ID})
		}
	}
	return c
}

func (v Form) reasons(l *i18n.Locale) components.Choices {
	c := components.Choices{
		Field: components.Field{ID: "reason", Name: "reason", Label: l.T("referral.reason"), Error: v.Faults["reason"]}, Empty: l.T("referral.choose"),
	}
	for _, r := range referral.Reasons {
		c.Options = append(c.Options, components.Option{Value: r, Text: l.T("referral.reason." + r), Chosen: v.In.Reason == r})
	}
	return c
}

func (v Form) active() bool {
	for _, r := range v.To {
		if r.Active {
			return true
		}
	}
	return false
}

// parts are the points as received.
func parts(s submission.Submission) []submission.Comment {
	var out []submission.Comment
	for _, c := range s.Comments {
		if c.ParentID == 0 {
			out = append(out, c)
		}
	}
	return out
}

// One is the page of a referral.
type One struct {
	R                    referral.Referral
	Form                 Form
	Now                  time.Time
	Decide               bool
	Answer               string // typed in a form that was refused
	PassRule, AnswerRule procedure.Rule
}

func state(l *i18n.Locale, v One) *components.Status {
	s := status(l, v.R, v.Now)
	return &s
}

func (v One) facts(l *i18n.Locale) []components.SummaryRow {
	r := v.R
	rows := []components.SummaryRow{
		{Key: l.T("site.receipt.number"), Text: r.Receipt, Action: &components.Action{
			Text: l.T("referral.whole"), Href: "/staff/consultations/" + v.Form.C.Slug + "/submissions/" + id(r.SubmissionID)}},
		{Key: l.T("referral.received"), Text: l.DateTime(r.ReceivedAt)},
	}
	if r.PassDue != nil {
		rows = append(rows, ruled(l, l.T("referral.pass_due"), *r.PassDue, v.PassRule))
	}
	if r.PassedAt == nil {
		return rows
	}
	passed := components.SummaryRow{Key: l.T("referral.passed_at"), Text: l.DateTime(*r.PassedAt)}
	if r.Late() {
		passed.Note = l.T("referral.late")
	}
	lang := v.Form.C.Lang
	rows = append(rows, passed,
		components.SummaryRow{Key: l.T("referral.to"), Text: r.Recipient, Note: address(r), Lang: lang},
		components.SummaryRow{Key: l.T("referral.reason"), Text: l.T("referral.reason." + r.Reason)})
	if r.Note != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("referral.note"), Text: r.Note, Lang: lang})
	}
	told := l.T("referral.told." + string(r.Told))
	if r.ToldAt != nil {
		told = l.T("referral.told.at", "told", told, "at", l.DateTime(*r.ToldAt))
	}
	rows = append(rows, components.SummaryRow{Key: l.T("referral.told"), Text: told})
	if r.AnswerDue != nil {
		rows = append(rows, ruled(l, l.T("referral.answer_due"), *r.AnswerDue, v.AnswerRule))
	}
	if r.AnsweredAt != nil {
		rows = append(rows, components.SummaryRow{Key: l.T("referral.answer"), Text: r.Answer, Lang: lang, Note: l.DateTime(*r.AnsweredAt)})
	}
	return rows
}

// ruled writes an end with the rule by which it was counted, and that it only warns.
func ruled(l *i18n.Locale, key string, end time.Time, r procedure.Rule) components.SummaryRow {
	row := components.SummaryRow{Key: key, Text: lastDay(l, end)}
	switch {
	case r.ID == "":
	case r.Source == procedure.Own:
		row.Note = r.Citation.In(l.Tag())
	default:
		row.Note = l.T("referral.rule", "citation", r.Citation.In(l.Tag()), "says", r.Says.In(l.Tag()))
	}
	return row
}

func address(r referral.Referral) string { return strings.TrimSpace(r.Address + " " + r.Phone) }

// Letter is what is printed.
type Letter struct {
	R           referral.Referral
	L           submission.Letter
	Tree        *draft.Tree
	Unit        string
	BaseURL     string
	ToRecipient bool
	Now         time.Time
}

// Words is the letter to a sender: subject and text.
func Words(l *i18n.Locale, r referral.Referral, answered bool, unit, title, base string) (subject, text string) {
	say := []any{
		"number", r.Receipt, "title", title, "unit", unit, "recipient", r.Recipient, "address", address(r),
		"kind", l.T("referral.kind." + string(r.Kind)), "url", base + "/receipts/" + r.Receipt, "answer", r.Answer,
	}
	key := "referral.word.passed"
	if answered {
		key = "referral.word.answered"
	}
	subject, text = l.T(key+".subject", say...), l.T(key+".text", say...)
	return subject, text + l.T("referral.word.end", say...)
}

func (v Letter) words(l *i18n.Locale) []string {
	_, text := Words(l, v.R, v.R.State == referral.Answered, v.Unit, v.L.Consultation.Title, v.BaseURL)
	return lines(text)
}

func lines(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// sender is who is written to or about, as far as the reader may know.
func (v Letter) sender(l *i18n.Locale) []components.SummaryRow {
	rows := []components.SummaryRow{{Key: l.T("site.receipt.number"), Text: v.R.Receipt}, {Key: l.T("referral.received"), Text: l.DateTime(v.R.ReceivedAt)}}
	if s := v.L.Sender; s != nil {
		for _, f := range []struct{ key, value string }{{"name", s.Name}, {"phone", s.Phone}, {"email", s.Email}} {
			if f.value != "" {
				rows = append(rows, components.SummaryRow{Key: l.T("submission.who." + f.key), Text: f.value})
			}
		}
	}
	return rows
}

func (v Letter) name(l *i18n.Locale) string {
	if v.L.Sender != nil && v.L.Sender.Name != "" {
		return v.L.Sender.Name
	}
	return l.T("referral.letter.sir")
}

// Recipients is the list of those to whom the organisation passes on.
type Recipients struct {
	C      consultation.Consultation
	List   []referral.Recipient
	At     int64 // the one that the form changes; 0: a new one
	In     referral.Recipient
	Errors []components.FieldError
	Faults map[string]string
}

func (v Recipients) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("referral.recipients.title"), Stacked: true, Columns: []components.Column{
		{Text: l.T("referral.recipients.name"), Lead: true}, {Text: l.T("referral.recipients.address")}, {Text: l.T("referral.recipients.phone"), NoWrap: true}, {Text: l.T("referral.state")},
	}}
	for _, r := range v.List {
		state := l.T("referral.recipients.active")
		if !r.Active {
			state = l.T("referral.recipients.inactive")
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: r.Name, Href: room(v.C, "/recipients?change="+id(r.ID)), Bold: true, Lang: v.C.Lang}, {Text: r.Address, Lang: v.C.Lang}, {Text: r.Phone}, {Text: state},
		}})
	}
	return t
}
