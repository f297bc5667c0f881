package invitationview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/views/components"
)

// Room is the staff's page of a meeting's invitations.
type Room struct {
	invitation.Room
	Now                   time.Time
	Ask, Answer, Papering bool     // what the reader's role allows
	Holders               int      // people who hold a place and can be asked
	Shut                  []string // rooms of the meeting that are not open as yet
	Errors                []components.FieldError
	Faults                map[string]string
	Title, Item           string // of a paper that was refused
}

func staffAddress(slug, rest string) string { return "/staff/meetings/" + slug + rest }

func (v Room) facts(l *i18n.Locale) []components.Fact {
	out := []components.Fact{}
	for _, a := range []invitation.Answer{invitation.Accepted, invitation.Open, invitation.Declined, invitation.Withdrawn, invitation.Lapsed} {
		out = append(out, components.Fact{Label: l.T("invitation.answer." + answerKey(a)), Value: l.Number(v.Count(a)), Strong: a == invitation.Accepted})
	}
	return append(out, components.Fact{Label: l.T("invitation.waiting"), Value: l.Number(v.Waiting)})
}

// needFacts say how many of what is needed.
func (v Room) needFacts(l *i18n.Locale) (out []components.Fact) {
	for _, name := range invitation.Counted {
		if n := v.Sum.Count[name]; n > 0 {
			out = append(out, components.Fact{Label: l.T("invitation.need." + name), Value: l.Number(n), Strong: true})
		}
	}
	return out
}

func (v Room) people(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("invitation.people"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("invitation.column.person"), Lead: true}, {Text: l.T("invitation.column.asked")}, {Text: l.T("invitation.column.delivered")},
		{Text: l.T("invitation.column.answer")}, {Text: l.T("invitation.column.needs")}, {Text: l.T("invitation.column.papers")},
	}}
	for _, e := range v.People {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: e.Application.Label, Href: staffAddress(v.Meeting.Slug, "/invitations/"+ids.Format(e.Application.ID))},
			{Text: askedText(l, e)}, {Body: delivered(l, e)}, {Text: answerText(l, e)}, {Text: needsText(l, e.Needs)}, {Text: v.readText(l, e)},
		}})
	}
	return t
}

func askedText(l *i18n.Locale, e invitation.Entry) string {
	if e.Invitation == nil {
		return l.T("invitation.not_asked")
	}
	return l.T("invitation.asked."+string(e.Invitation.Called), "at", l.DateTime(e.Invitation.InvitedAt))
}

func answerText(l *i18n.Locale, e invitation.Entry) string {
	if e.Invitation == nil {
		return l.T("invitation.state." + string(e.Application.State))
	}
	i := e.Invitation
	if i.Answer == invitation.Open {
		return l.T("invitation.answer.until", "at", l.Deadline(i.AnswerBy))
	}
	text := l.T("invitation.answer." + string(i.Answer))
	if i.AnsweredAt != nil {
		text += "\n" + l.DateTime(*i.AnsweredAt)
	}
	if strings.HasPrefix(i.AnsweredBy, "account:") || strings.HasPrefix(i.AnsweredBy, "token:") {
		text += "\n" + l.T("invitation.answer.by_phone")
	}
	return text
}

func needsText(l *i18n.Locale, n invitation.Needs) string {
	var words []string
	for _, row := range needRows(l, n) {
		word := row.Key
		if row.Text != l.T("invitation.need.yes") {
			word = l.T("invitation.need.written", "name", row.Key, "text", row.Text)
		}
		words = append(words, word)
	}
	return strings.Join(words, "\n")
}

func (v Room) readText(l *i18n.Locale, e invitation.Entry) string {
	released := 0
	for _, p := range v.Papers {
		if p.ReleasedAt != nil {
			released++
		}
	}
	if released == 0 || e.Invitation == nil || e.Invitation.Answer != invitation.Accepted {
		return ""
	}
	return l.T("invitation.read_of", "read", e.Read, "all", released)
}

// deliveryState is the shape for where a letter stands.
func deliveryState(s notice.State) components.State {
	switch s {
	case notice.Sent, notice.Called:
		return components.Received
	case notice.Failing, notice.ToCall:
		return components.Closing
	case notice.GivenUp:
		return components.Overdue
	case notice.Nobody:
		return components.Closed
	}
	return components.Waiting
}

func (v Room) papers(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("invitation.papers"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("invitation.column.paper"), Lead: true}, {Text: l.T("invitation.column.item")}, {Text: l.T("invitation.column.released")},
		{Text: l.T("invitation.column.read")},
	}}
	for _, p := range v.Papers {
		row := components.TableRow{Values: []components.Value{
			{Text: p.File.Title, Lang: p.File.Lang, Href: staffAddress(v.Meeting.Slug, "/papers/"+ids.Format(p.ID))}, {Text: p.Item, Lang: v.Meeting.Lang},
			{Text: l.T("invitation.paper.kept")}, {},
		}}
		if p.ReleasedAt != nil {
			row.Values[2].Text = l.DateTime(*p.ReleasedAt)
			row.Values[3].Text = l.T("invitation.read_of", "read", p.Read, "all", v.Count(invitation.Accepted))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// removable are the papers that nobody but staff has seen.
func (v Room) removable() (out []invitation.Paper) {
	for _, p := range v.Papers {
		if p.ReleasedAt == nil {
			out = append(out, p)
		}
	}
	return out
}

func (v Room) over() bool {
	return v.Meeting.State == meeting.Cancelled || !v.Now.Before(v.Meeting.EndsAt)
}

// Person is the staff's page of one invited person.
type Person struct {
	invitation.Entry
	Meeting     meeting.Meeting
	Now         time.Time
	Ask, Answer bool
	Accepted    string // what was typed: yes, no or nothing
	Errors      []components.FieldError
	Faults      map[string]string
}

func (v Person) address(rest string) string {
	return staffAddress(v.Meeting.Slug, "/invitations/"+ids.Format(v.Application.ID)+rest)
}

func (v Person) toCall() bool {
	for _, d := range v.Deliveries {
		if d.State == notice.ToCall {
			return true
		}
	}
	return false
}

func (v Person) facts(l *i18n.Locale) []components.SummaryRow {
	rows := []components.SummaryRow{
		{Key: l.T("invitation.column.asked"), Text: askedText(l, v.Entry)}, {Key: l.T("invitation.column.answer"), Text: strings.ReplaceAll(answerText(l, v.Entry), "\n", l.T("invitation.gap"))},
	}
	if v.Invitation != nil && v.Invitation.UndertakenAt != nil {
		rows = append(rows, components.SummaryRow{Key: l.T("invitation.undertaking"), Text: l.DateTime(*v.Invitation.UndertakenAt)})
	}
	return append(rows, needRows(l, v.Needs)...)
}

func (v Person) log(l *i18n.Locale) components.Table {
	return deliveryTable(l, v.Deliveries)
}

func deliveryTable(l *i18n.Locale, list []notice.Delivery) components.Table {
	t := components.Table{Caption: l.T("invitation.deliveries"), Stacked: true, Columns: []components.Column{
		{Text: l.T("invitation.column.topic"), Lead: true}, {Text: l.T("invitation.column.way")}, {Text: l.T("invitation.column.state")},
		{Text: l.T("invitation.column.tried")}, {Text: l.T("invitation.column.reason")},
	}}
	for _, d := range list {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: topic(l, d.Topic)}, {Text: l.T("invitation.way." + string(d.Way))}, {Body: deliveryMark(l, d)}, {Text: tried(l, d)}, {Text: d.Failure, Lang: "en"},
		}})
	}
	return t
}

func topic(l *i18n.Locale, topic string) string {
	if key := "invitation.topic." + topic; l.Has(key) {
		return l.T(key)
	}
	return topic
}

func stateText(l *i18n.Locale, d notice.Delivery) string {
	switch d.State {
	case notice.Sent, notice.Called:
		return l.T("invitation.delivery."+string(d.State)) + " " + l.DateTime(*d.SentAt)
	case notice.Failing:
		return l.T("invitation.delivery.failing") + " " + l.T("invitation.delivery.next", "at", l.DateTime(*d.NextAt))
	}
	return l.T("invitation.delivery." + string(d.State))
}

func tried(l *i18n.Locale, d notice.Delivery) string {
	if d.Attempts == 0 {
		return l.T("invitation.tried.never", "at", l.DateTime(d.QueuedAt))
	}
	return l.T("invitation.tried", "count", d.Attempts)
}

// Failures is the list of letters that have not reached people.
type Failures struct {
	List  []invitation.Failure
	Retry bool
}

func (v Failures) where(f invitation.Failure) string {
	if f.Slug == "" { // to somebody of the pool
		return "/staff/representatives"
	}
	if f.Organisation == 0 {
		return "/staff/consultations/" + f.Slug
	}
	return staffAddress(f.Slug, "/invitations/"+ids.Format(f.Ref))
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
