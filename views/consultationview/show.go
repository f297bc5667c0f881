package consultationview

import (
	"net/mail"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Notice is the page of one consultation.
type Notice struct {
	Now     time.Time
	C       consultation.Consultation
	Unit    string
	Tree    *draft.Tree
	Files   []attachment.Attachment
	Past    []consultation.Past
	Preview bool
	Comment bool // a form for comments exists at /comment

	Questions int  // of a survey that can be answered now; 0: none
	Results   bool // the survey's figures are public

	Outages bool     // of its period some was lost
	Mail    []string // addresses that mail for it is fetched from
}

// elderMost is how many points of change the page for old eyes shows.
const elderMost = 3

// change is a line of the main changes.
type change struct {
	topic, text, provision, href string
}

// changes reads the lines: topic | what changes | provision.
func (v Notice) changes(p layouts.Page) []change {
	var out []change
	for _, line := range strings.Split(v.C.Changes, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.SplitN(strings.ReplaceAll(line, "｜", "|"), "|", 3)
		x := change{text: strings.TrimSpace(cells[0])}
		if len(cells) > 1 {
			x.topic, x.text = x.text, strings.TrimSpace(cells[1])
		}
		if len(cells) > 2 {
			x.provision = strings.TrimSpace(cells[2])
			if found, ok := v.Tree.Named(x.provision); ok {
				x.href = v.draftHref() + "#" + found.Key
			}
		}
		out = append(out, x)
	}
	if p.Elder && len(out) > elderMost {
		out = out[:elderMost]
	}
	return out
}

func (v Notice) status() consultation.PublicStatus {
	s, _ := v.C.PublicStatus(v.Now)
	return s
}

// over reports a consultation that takes nothing any more.
func (v Notice) over() bool {
	s := v.status()
	return s == consultation.PublicClosed || s == consultation.PublicSummarised || s == consultation.PublicWithdrawn
}

func (v Notice) draftHref() string {
	if v.Preview {
		return staffAddress(v.C.Slug, "/draft")
	}
	return address(v.C.Slug, "/draft")
}

// statusLine is the first line of the page.
func (v Notice) statusLine(l *i18n.Locale) *components.Status {
	s := StatusOf(l, v.C, v.Now)
	return &s
}

// lead is the sentence below the title: what is asked, or how it ended.
func (v Notice) lead(l *i18n.Locale) string {
	switch v.status() {
	case consultation.PublicClosed:
		s := l.T("consultation.closed.lead", "at", l.Deadline(*v.C.ClosesAt), "count", v.C.Counters.Submissions)
		if v.C.AnswerDue != nil {
			s += l.T("consultation.closed.due", "at", l.Deadline(*v.C.AnswerDue))
		}
		return s
	case consultation.PublicSummarised:
		if v.C.Counters.Submissions == 0 {
			return l.T("consultation.answered.none", "at", l.Date(*v.C.PublishedAt))
		}
		return l.T("consultation.answered.lead", "at", l.Date(*v.C.PublishedAt), "count", v.C.Counters.Submissions)
	case consultation.PublicWithdrawn:
		return l.T("consultation.withdrawn.lead", "at", l.Date(*v.C.WithdrawnAt))
	}
	return v.C.Ask
}

// leadLang is the language of the lead: the notice's own words or the site's.
func (v Notice) leadLang() string {
	if s := v.status(); s == consultation.PublicOpen || s == consultation.PublicScheduled || s == "" {
		return v.C.Lang
	}
	return ""
}

func (v Notice) glance(l *i18n.Locale) []components.Cell {
	n := len(v.Tree.Articles())
	cells := []components.Cell{{Label: l.T("consultation.glance.ask"), Before: l.T("consultation.glance.articles", "count", n), Strong: l.T("consultation.glance.one")}}
	if s := v.status(); s != consultation.PublicOpen && s != consultation.PublicScheduled && s != "" {
		cells[0] = components.Cell{Label: cells[0].Label, Strong: l.T("consultation.draft.articles", "count", n)}
	}
	until := components.Cell{Label: l.T("consultation.glance.until")}
	if v.C.ClosesAt != nil {
		until.Strong = l.Deadline(*v.C.ClosesAt)
	}
	what := components.Cell{Label: l.T("consultation.glance.changes"), After: l.T("consultation.glance.explained")}
	if lines := len(v.changes(layouts.Page{})); lines > 0 {
		what = components.Cell{Label: l.T("consultation.glance.changes"), Strong: l.T("consultation.glance.points", "count", lines), After: l.T("consultation.glance.below")}
	}
	next := components.Cell{Label: l.T("consultation.glance.next"), Before: l.T("consultation.glance.send"), Strong: l.T("consultation.glance.answer")}
	switch v.status() {
	case consultation.PublicClosed:
		next = components.Cell{Label: next.Label, After: l.T("consultation.glance.working")}
		if v.C.AnswerDue != nil {
			next = components.Cell{Label: next.Label, Strong: l.T("consultation.glance.due", "at", l.Deadline(*v.C.AnswerDue))}
		}
	case consultation.PublicSummarised:
		next = components.Cell{Label: next.Label, Strong: l.T("consultation.glance.answered")}
	case consultation.PublicWithdrawn:
		next = components.Cell{Label: next.Label, After: l.T("consultation.glance.stopped")}
	}
	return append(cells, until, what, next)
}

// channels are the rows of period and ways.
func (v Notice) channels(l *i18n.Locale) []components.SummaryRow {
	rows := []components.SummaryRow{v.period(l)}
	if v.C.PeriodReason != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("consultation.field.period_reason"), Text: v.C.PeriodReason, Lang: v.C.Lang})
	}
	if v.over() {
		return rows // the ways are shut
	}
	for _, c := range v.C.Channels {
		row := components.SummaryRow{Key: l.T("site.channel." + c.Channel), Text: c.Detail, Lang: v.C.Lang}
		switch {
		case c.Channel == "web":
			row.Key = l.T("consultation.channel.here")
			if c.Detail == "" {
				row.Text, row.Lang = l.T("consultation.channel.web"), ""
			}
		case c.Channel == "api" && c.Detail == "":
			row.Text, row.Lang = l.T("consultation.channel.api"), ""
		case c.Channel == "email" && c.Detail == "" && len(v.Mail) > 0:
			row.Value, row.Note = mailLink(v.Mail[0]), l.T("consultation.channel.mail")
		case c.Channel == "email" && isAddress(c.Detail):
			row.Value = mailLink(strings.TrimSpace(c.Detail))
		case c.Detail == "":
			row.Text, row.Lang = l.T("consultation.channel.ask"), ""
		}
		rows = append(rows, row)
	}
	return rows
}

func (v Notice) period(l *i18n.Locale) components.SummaryRow {
	row := components.SummaryRow{Key: l.T("consultation.period")}
	opens, closes := v.C.OpensAt, v.C.ClosesAt
	switch {
	case closes == nil:
		row.Text = l.T("consultation.period.open")
	case opens == nil:
		row.Text = l.T("consultation.until", "at", l.Deadline(*closes))
	default:
		row.Text = l.T("consultation.period.range", "from", l.DateTime(*opens), "to", l.Deadline(*closes), "count", days(*opens, *closes), "zone", zoneName(l))
	}
	if v.C.Extended() {
		row.Note = l.T("consultation.period.extended", "was", l.Deadline(*v.C.FirstClosesAt))
		row.Said, row.SaidLang = v.why(consultation.Extend), v.C.Lang
	}
	return row
}

// why is the note of the last event of a kind.
func (v Notice) why(e consultation.Event) string {
	for i := len(v.Past) - 1; i >= 0; i-- {
		if v.Past[i].Event == e {
			return v.Past[i].Note
		}
	}
	return ""
}

// days counts the days of a period, a begun one as a whole.
func days(from, to time.Time) int { return int((to.Sub(from) + 24*time.Hour - 1) / (24 * time.Hour)) }

func isAddress(s string) bool {
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	return err == nil && a.Address == strings.TrimSpace(s)
}

// timeline says what was, is and will be.
func (v Notice) timeline(l *i18n.Locale) []components.Event {
	var out []components.Event
	c := v.C
	point := func(at *time.Time, end bool, key string) {
		if at == nil {
			return
		}
		e := components.Event{When: components.Next, Time: l.DateTime(at.Truncate(time.Minute)), What: l.T("consultation.timeline." + key)}
		if end {
			e.Time = l.Deadline(*at)
		}
		if !at.After(v.Now) {
			e.When = components.Done
		}
		out = append(out, e)
	}
	point(c.ApprovedAt, false, "notice")
	if c.State == consultation.Withdrawn {
		point(c.WithdrawnAt, false, "withdrawn")
		return out
	}
	point(c.OpensAt, false, "opens")
	if v.status() == consultation.PublicOpen {
		out = append(out, components.Event{When: components.Now, What: l.T("consultation.timeline.open")})
	}
	if c.Extended() {
		out = append(out, v.extension(l)...)
	}
	point(c.ClosesAt, true, "closes")
	if v.status() == consultation.PublicClosed {
		out = append(out, components.Event{When: components.Now, What: l.T("consultation.timeline.working")})
	}
	if c.PublishedAt != nil {
		point(c.PublishedAt, false, "published")
	} else {
		point(c.AnswerDue, true, "due")
	}
	return out
}

func (v Notice) extension(l *i18n.Locale) []components.Event {
	var out []components.Event
	for _, p := range v.Past {
		if p.Event == consultation.Extend {
			out = append(out, components.Event{
				When: components.Done, Time: l.DateTime(p.At), What: l.T("consultation.timeline.extended"), Note: p.Note,
			})
		}
	}
	return out
}

// demanded says which fields of the sender the notice demands; the reason stands
// behind it in the notice's own words.
func (v Notice) demanded(l *i18n.Locale) string {
	if len(v.C.Demands) == 0 {
		return ""
	}
	words := make([]string, len(v.C.Demands))
	for i, d := range v.C.Demands {
		words[i] = l.T("consultation.demand." + d)
	}
	return l.T("consultation.demanded", "fields", l.List(words))
}

func mailLink(address string) templ.Component { return mailTo(address) }

func joinWords(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
