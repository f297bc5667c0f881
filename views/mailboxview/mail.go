// Package mailboxview shows the mailboxes and what came in them.
package mailboxview

import (
	"strconv"
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/mailbox"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/views/components"
)

// Boxes is the page of all mailboxes that a person may see.
type Boxes struct {
	List     []mailbox.Account
	Units    map[int64]organisation.Organisation
	Settings []organisation.Organisation // where this person may add one
	Reads    bool                        // may read what came
	Waiting  []mailbox.Mail              // of no consultation
	Machines []mailbox.Mail
	Rooms    []Waits
}

// Waits says how many mails of a consultation wait for somebody to decide.
type Waits struct {
	Consultation consultation.Consultation
	Count        int
}

// Box is the page of one mailbox with its settings.
type Box struct {
	Account mailbox.Account // zero: a new one
	Unit    organisation.Organisation
	Typed   mailbox.AccountIn
	Faults  map[string]string
	Errors  []components.FieldError
}

func (v Box) fresh() bool { return v.Account.ID == 0 }

// Room is a consultation's mail.
type Room struct {
	mailbox.Room
	Decide bool
	Typed  string // address
	Faults map[string]string
	Errors []components.FieldError
}

// One is the page of one mail.
type One struct {
	mailbox.Mail
	Consultation *consultation.Consultation  // nil: none
	Choices      []consultation.Consultation // to which one of none can be given
	Box          string                      // the mailbox's address
	Receipt      string                      // number of the submission that it became or adds to
	Decide       bool
	HasOriginal  bool
}

// RoomAddress is where a consultation's mail is shown.
func RoomAddress(slug string) string { return "/staff/consultations/" + slug + "/mail" }

// MailAddress is where one mail is shown.
func MailAddress(id int64) string { return "/staff/mails/" + ids.Format(id) }

// BoxAddress is where one mailbox is shown.
func BoxAddress(id int64) string { return "/staff/mailboxes/" + ids.Format(id) }

// SubmissionAddress is where a submission is shown to staff.
func SubmissionAddress(slug string, id int64) string {
	return "/staff/consultations/" + slug + "/submissions/" + ids.Format(id)
}

// health is how a mailbox fares, as shape and words.
func health(l *i18n.Locale, a mailbox.Account) (components.State, string) {
	switch {
	case !a.Active:
		return components.Closed, l.T("mailbox.health.off")
	case a.Failure != "":
		return components.Offline, l.T("mailbox.health.failing")
	case a.FetchedAt == nil:
		return components.Waiting, l.T("mailbox.health.new")
	}
	return components.Received, l.T("mailbox.health.well")
}

// trouble words what is wrong with a mailbox.
func trouble(l *i18n.Locale, code string) string {
	if key := "mailbox.trouble." + code; l.Has(key) {
		return l.T(key)
	}
	return l.T("mailbox.trouble.broken")
}

func facts(l *i18n.Locale, a mailbox.Account) []components.SummaryRow {
	server := a.Host + ":" + strconv.Itoa(a.Port) + l.T("mailbox.server.by", "security", l.T("mailbox.security."+string(a.Security)))
	rows := []components.SummaryRow{
		{Key: l.T("mailbox.host"), Text: server}, {Key: l.T("mailbox.username"), Text: a.Username}, {Key: l.T("mailbox.folder"), Text: a.Folder},
	}
	return append(lastFetched(l, a), rows...)
}

func lastFetched(l *i18n.Locale, a mailbox.Account) []components.SummaryRow {
	text := l.T("mailbox.fetched.never")
	if a.FetchedAt != nil {
		text = l.DateTime(*a.FetchedAt)
	}
	return []components.SummaryRow{{Key: l.T("mailbox.fetched"), Text: text}}
}

// who is a sender in one line.
func who(m mailbox.Mail) string {
	if m.Name == "" {
		return m.From
	}
	return m.Name + " <" + m.From + ">"
}

func subject(l *i18n.Locale, m mailbox.Mail) string {
	if strings.TrimSpace(m.Subject) == "" {
		return l.T("mailbox.subject.none")
	}
	return m.Subject
}

func reason(l *i18n.Locale, m mailbox.Mail) string { return l.T("mailbox.reason." + string(m.Reason)) }

// why explains a reason, and what can be done.
func why(l *i18n.Locale, m mailbox.Mail) string {
	text := l.T("mailbox.why." + string(m.Reason))
	if m.Reason == mailbox.Refused && l.Has("error."+m.Why) {
		text += " " + l.T("mailbox.why.because", "why", l.T("error."+m.Why, "most", "", "count", ""))
	}
	return text
}

// piece is a part of a mail's text: the sender's own, or not.
type piece struct {
	text   string
	quoted bool
}

// pieces cuts the text of a mail where quotations begin and end.
func pieces(m mailbox.Mail) (out []piece) {
	runes, at := []rune(m.Text), 0
	add := func(to int, quoted bool) {
		if text := strings.Trim(string(runes[at:to]), "\n"); strings.TrimSpace(text) != "" {
			out = append(out, piece{text, quoted})
		}
		at = to
	}
	for _, q := range m.Quoted {
		if q[0] < at || q[1] > len(runes) || q[1] <= q[0] {
			continue
		}
		add(q[0], false)
		add(q[1], true)
	}
	add(len(runes), false)
	return out
}

func (v One) facts(l *i18n.Locale) []components.SummaryRow {
	rows := []components.SummaryRow{
		{Key: l.T("mailbox.from"), Text: who(v.Mail)},
		{Key: l.T("mailbox.to"), Text: strings.Join(v.To, "\n")},
		{Key: l.T("mailbox.received"), Text: l.DateTime(v.ReceivedAt), Note: l.T("mailbox.received.note")},
	}
	if v.SaidAt != nil {
		rows = append(rows, components.SummaryRow{Key: l.T("mailbox.said"), Text: l.DateTime(*v.SaidAt)})
	}
	rows = append(rows, components.SummaryRow{Key: l.T("mailbox.box"), Text: v.Box})
	if len(v.Files) > 0 {
		rows = append(rows, components.SummaryRow{Key: l.T("mailbox.files"), Text: strings.Join(v.Files, "\n")})
	}
	return rows
}

func (v One) takes() bool {
	return v.Decide && v.HasOriginal && (v.State == mailbox.Aside || v.State == mailbox.Dismissed)
}

func securities(l *i18n.Locale, chosen mailbox.Security) []components.Option {
	if chosen == "" {
		chosen = mailbox.TLS
	}
	var out []components.Option
	for _, s := range []mailbox.Security{mailbox.TLS, mailbox.STARTTLS} {
		out = append(out, components.Option{Value: string(s), Text: l.T("mailbox.security." + string(s) + ".long"), Chosen: s == chosen})
	}
	return out
}

func consultations(list []consultation.Consultation) []components.Option {
	var out []components.Option
	for _, c := range list {
		out = append(out, components.Option{Value: c.Slug, Text: c.Title})
	}
	return out
}

func accounts(list []mailbox.Account) []components.Option {
	var out []components.Option
	for i, a := range list {
		out = append(out, components.Option{Value: ids.Format(a.ID), Text: a.Address, Chosen: i == 0})
	}
	return out
}

func portText(port int) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(port)
}
