// Package invitationview draws the page behind a personal link, and the staff's
// pages of invitations, papers and deliveries.
package invitationview

import (
	"strconv"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Guest is the page behind a personal link.
type Guest struct {
	invitation.Guest
	Token  string
	Now    time.Time
	Errors []components.FieldError
	Faults map[string]string
	Full   bool   // the place was given to somebody else
	Code   string // for the check-in on the day
}

func (v Guest) address(rest string) string { return "/i/" + v.Token + rest }

// Asks reports whether the page asks for an answer: none was given, or it was
// silence or a refusal that can still be taken back.
func (v Guest) Asks() bool { return v.Invitation.Answer == invitation.Open }

// Comes reports an acceptance.
func (v Guest) Comes() bool { return v.Invitation.Answer == invitation.Accepted }

func (v Guest) status(l *i18n.Locale) *components.Status {
	states := map[invitation.Answer]components.State{
		invitation.Open: components.Waiting, invitation.Accepted: components.Received, invitation.Declined: components.Withdrawn,
		invitation.Withdrawn: components.Withdrawn, invitation.Lapsed: components.Closed,
	}
	s := components.Status{State: states[v.Invitation.Answer], Word: l.T("invitation.guest.status." + answerKey(v.Invitation.Answer))}
	if v.Asks() {
		s.Aside = l.T("invitation.guest.by", "at", l.Deadline(v.Invitation.AnswerBy))
	}
	return &s
}

func answerKey(a invitation.Answer) string {
	if a == invitation.Open {
		return "open"
	}
	return string(a)
}

func (v Guest) lead(l *i18n.Locale) string {
	if v.Asks() && v.Invitation.Called == invitation.ByReserve {
		return l.T("invitation.guest.lead.reserve")
	}
	return l.T("invitation.guest.lead." + answerKey(v.Invitation.Answer))
}

// rows are where and when, and what about.
func (v Guest) rows(l *i18n.Locale) []components.SummaryRow {
	m := v.Meeting
	from, to := m.StartsAt, m.EndsAt
	if s, ok := m.Session(v.Application.Session); ok {
		from, to = s.StartsAt, s.EndsAt
	}
	rows := []components.SummaryRow{
		{Key: l.T("invitation.guest.when"), Value: components.Dates(l.T("invitation.period", "date", l.Date(from), "weekday", l.Weekday(from), "from", l.Time(from), "to", l.Time(to)))},
	}
	add := func(key, text string) {
		if text != "" {
			rows = append(rows, components.SummaryRow{Key: l.T(key), Text: text, Lang: m.Lang})
		}
	}
	add("invitation.guest.place", m.Place)
	if v.Comes() {
		add("invitation.guest.link", m.Link)
	}
	add("invitation.guest.access", m.Access)
	add("invitation.guest.matter", m.Matter)
	return rows
}

// more is what can be read after the answer.
func (v Guest) more(l *i18n.Locale) (rows []components.SummaryRow) {
	for _, r := range []struct{ key, text string }{
		{"invitation.guest.duties", v.Meeting.Duties}, {"invitation.guest.contact", v.Meeting.Contact},
	} {
		if r.text != "" {
			rows = append(rows, components.SummaryRow{Key: l.T(r.key), Text: r.text, Lang: v.Meeting.Lang})
		}
	}
	return append(rows, components.SummaryRow{Key: l.T("invitation.guest.you"), Text: v.Application.Label, Note: l.T("invitation.guest.you.note")})
}

func (v Guest) needOptions(l *i18n.Locale) (out []components.Option) {
	for _, name := range invitation.Counted {
		out = append(out, components.Option{Value: name, Text: l.T("invitation.need." + name), Chosen: v.Needs.Has(name)})
	}
	return out
}

func needField(l *i18n.Locale, name string, n invitation.Needs, fault string) components.Field {
	f := components.Field{ID: "need-" + name, Name: name, Label: l.T("invitation.need." + name), Value: n.Text(name), Error: fault, Optional: true}
	if key := "invitation.need." + name + ".hint"; l.Has(key) {
		f.Hint = l.T(key)
	}
	return f
}

// needRows are the needs that were told, for the summary after the answer.
func needRows(l *i18n.Locale, n invitation.Needs) (rows []components.SummaryRow) {
	for _, name := range invitation.Counted {
		if n.Has(name) {
			rows = append(rows, components.SummaryRow{Key: l.T("invitation.need." + name), Text: l.T("invitation.need.yes")})
		}
	}
	for _, name := range invitation.Written {
		if text := n.Text(name); text != "" {
			rows = append(rows, components.SummaryRow{Key: l.T("invitation.need." + name), Text: text})
		}
	}
	return rows
}

// paperNote is what stands behind a paper: type and size, and whether it was opened.
func (v Guest) paperNote(l *i18n.Locale, p invitation.Paper) string {
	note := kind(p.File) + " " + size(l, p.File.Size)
	if r, ok := v.Read[p.ID]; ok {
		return l.T("invitation.paper.read", "file", note, "at", l.DateTime(r.FirstAt))
	}
	return l.T("invitation.paper.unread", "file", note)
}

func kind(a attachment.Attachment) string {
	for i := len(a.Name) - 1; i >= 0; i-- {
		if a.Name[i] == '.' {
			return upper(a.Name[i+1:])
		}
	}
	return ""
}

func upper(s string) string {
	out := []byte(s)
	for i, c := range out {
		if 'a' <= c && c <= 'z' {
			out[i] = c - 'a' + 'A'
		}
	}
	return string(out)
}

func size(l *i18n.Locale, bytes int64) string {
	if bytes >= 1<<20 {
		return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MB"
	}
	return l.Number(int((bytes+1023)/1024)) + " kB"
}

func paperAddress(v Guest, p invitation.Paper) string {
	return v.address("/papers/" + strconv.FormatInt(p.ID, 10))
}

func calendarAddress(m meeting.Meeting, a meeting.Application) string {
	address := "/calendar/" + m.Slug + ".ics"
	if a.Session != 0 {
		address += "?session=" + strconv.FormatInt(a.Session, 10)
	}
	return address
}
