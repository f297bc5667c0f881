// Package meetingview draws the pages of meetings: the call, the application in
// its three steps, what became of it, and the desk of those who prepare a meeting.
package meetingview

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/attachment"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

func address(slug, rest string) string { return "/meetings/" + slug + rest }

func staffAddress(slug, rest string) string { return "/staff/meetings/" + slug + rest }

func itoa(n int) string { return strconv.Itoa(n) }

func id(n int64) string { return strconv.FormatInt(n, 10) }

// lastDay is when the time left is counted in hours and said in amber.
const lastDay = 24 * time.Hour

// StatusOf is where a meeting stands, as shape and word, with what is left.
func StatusOf(l *i18n.Locale, m meeting.Meeting, now time.Time) components.Status {
	s, public := m.PublicStatus(now)
	if !public {
		return components.Status{State: components.Waiting, Word: l.T("meeting.status." + string(m.State))}
	}
	out := components.Status{State: components.Closed, Word: publicWord(l, m, s)}
	switch s {
	case meeting.PublicOpen:
		out.State, out.Note = components.Open, components.Remaining(l, now, *m.ClosesAt)
		if m.ClosesAt.Sub(now) < lastDay {
			out.State = components.Closing
		}
	case meeting.PublicAnnounced:
		out.State = components.Scheduled
		if m.OpensAt != nil {
			out.Aside = l.T("meeting.call.opens", "at", l.DateTime(*m.OpensAt))
		}
	case meeting.PublicSelected:
		out.State = components.Received
	case meeting.PublicAccount:
		out.State = components.Answered
	case meeting.PublicCancelled:
		out.State = components.Withdrawn
	}
	return out
}

// publicWord words a public status; a meeting without applications is only to
// come or over.
func publicWord(l *i18n.Locale, m meeting.Meeting, s meeting.PublicStatus) string {
	if s == meeting.PublicClosed && m.ClosesAt == nil {
		return l.T("meeting.public.coming")
	}
	return l.T("meeting.public." + string(s))
}

// StaffStatus is StatusOf in the words of the desk, which knows more states.
func StaffStatus(l *i18n.Locale, m meeting.Meeting, now time.Time) components.Status {
	s := StatusOf(l, m, now)
	at := m.Status(now)
	s.Word = l.T("meeting.status." + string(at))
	if at == meeting.Due {
		s.State = components.Overdue
	}
	return s
}

// CategoryName is a category in the reader's language; own ones have the call's.
func CategoryName(l *i18n.Locale, c meeting.Category) string {
	if c.Name != "" && c.Name != c.Code {
		return c.Name
	}
	if key := "meeting.category." + c.Code; l.Has(key) {
		return l.T(key)
	}
	return c.Code
}

// categoryLang is the language of a category's own name.
func categoryLang(m meeting.Meeting, c meeting.Category) string {
	if c.Name == "" || c.Name == c.Code {
		return ""
	}
	return m.Lang
}

func categoryByCode(l *i18n.Locale, m meeting.Meeting, code string) string {
	if c, ok := m.Category(code); ok {
		return CategoryName(l, c)
	}
	return CategoryName(l, meeting.Category{Code: code})
}

func kindWord(l *i18n.Locale, k meeting.Kind) string { return l.T("meeting.kind." + string(k)) }

// lines are the lines of a stored text that say something.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "•·-*")); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// shortest is how long a title in the breadcrumbs may be, in Chinese characters.
const shortest = 16

// Short is a title for the breadcrumbs.
func Short(l *i18n.Locale, title string) string {
	title = strings.ReplaceAll(title, "\u200b", "")
	if title == "" {
		return l.T("meeting.untitled")
	}
	most := shortest
	r := []rune(title)
	if r[0] < 0x2e80 {
		most *= 2
	}
	if len(r) <= most {
		return title
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}

func titleOr(l *i18n.Locale, m meeting.Meeting) string {
	if m.Title == "" {
		return l.T("meeting.untitled")
	}
	return m.Title
}

// langOr is the language of a text: the page's own when it has none.
func langOr(p layouts.Page, lang string) string {
	if lang == "" {
		return p.Locale.Tag()
	}
	return lang
}

// stamp writes an instant to the minute.
func stamp(l *i18n.Locale, t time.Time) string { return l.DateTime(t.Truncate(time.Minute)) }

// day writes an instant without the year when it is this one's.
func day(l *i18n.Locale, now, t time.Time, deadline bool) string {
	text := stamp(l, t)
	if deadline {
		text = l.Deadline(t)
	}
	year := now.In(l.Zone()).Format("2006")
	text = strings.Replace(text, year+"年", "", 1)
	return strings.Replace(text, " "+year+",", ",", 1)
}

// lasts words how long a meeting takes: to half an hour.
func lasts(l *i18n.Locale, from, to time.Time) string {
	d := to.Sub(from)
	switch {
	case d <= 0:
		return ""
	case d < time.Hour:
		return l.T("meeting.lasts.minutes", "count", int(d.Minutes()))
	case d > lastDay:
		return l.T("meeting.lasts.days", "count", int((d+lastDay-1)/lastDay))
	}
	halves := int((d + 15*time.Minute) / (30 * time.Minute))
	if halves%2 == 0 {
		return l.T("meeting.lasts.hours", "count", halves/2)
	}
	return l.T("meeting.lasts.halves", "hours", strconv.FormatFloat(float64(halves)/2, 'f', 1, 64))
}

// span is the time of a meeting or session: the end without its day when it is the same.
func span(l *i18n.Locale, from, to time.Time) string {
	if from.IsZero() {
		return l.T("meeting.nodate")
	}
	if to.IsZero() || !to.After(from) {
		return stamp(l, from)
	}
	a, b := from.In(l.Zone()), to.In(l.Zone())
	if a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return l.T("meeting.span", "from", stamp(l, from), "to", l.Time(to))
	}
	return l.T("meeting.span", "from", stamp(l, from), "to", l.Deadline(to))
}

// size writes a file's size as people read it.
func size(bytes int64) string {
	if bytes >= 1<<20 {
		return itoa(int((bytes+1<<19)>>20)) + " MB"
	}
	return itoa(int(max(1, (bytes+512)>>10))) + " kB"
}

// ending is the part of a file's name that tells its kind.
func ending(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && len(name)-i <= 6 {
		return strings.ToUpper(name[i+1:])
	}
	return ""
}

func fileHref(slug string, f attachment.Attachment) string {
	return address(slug, "/attachments/"+id(f.ID))
}

func dutiesTitle(l *i18n.Locale, v Call) string {
	if v.representative() {
		return l.T("meeting.duties")
	}
	return l.T("meeting.duties.visitor")
}

// lastDate is the day on which a period ends: the end of a day is that day's.
func lastDate(l *i18n.Locale, t time.Time) string { return l.Date(t.Add(-time.Microsecond)) }

// begun writes a sentence's first letter large, where letters have two sizes.
func begun(s string) string {
	if s == "" {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
