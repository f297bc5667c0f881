// Package consultationview draws the pages of consultations and drafts.
package consultationview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// StatusOf is a consultation's status as shape and word, with what is left.
func StatusOf(l *i18n.Locale, c consultation.Consultation, now time.Time) components.Status {
	switch s, _ := c.PublicStatus(now); s {
	case consultation.PublicOpen:
		return components.OpenUntil(l, now, *c.ClosesAt)
	case consultation.PublicScheduled:
		return components.Status{State: components.Scheduled, Aside: l.T("consultation.opens", "at", l.DateTime(*c.OpensAt))}
	case consultation.PublicClosed:
		return components.Status{State: components.Closed}
	case consultation.PublicSummarised:
		return components.Status{State: components.Answered}
	case consultation.PublicWithdrawn:
		return components.Status{State: components.Withdrawn}
	}
	return components.Status{State: components.Waiting, Word: l.T("consultation.status." + string(c.State))}
}

// StaffStatus is StatusOf in the words of the staff side, which knows more states.
func StaffStatus(l *i18n.Locale, c consultation.Consultation, now time.Time) components.Status {
	s := StatusOf(l, c, now)
	s.Word = l.T("consultation.status." + string(c.Status(now)))
	return s
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

func address(slug string, rest string) string { return "/consultations/" + slug + rest }

func staffAddress(slug string, rest string) string { return "/staff/consultations/" + slug + rest }

func fileHref(slug string, f attachment.Attachment) string {
	return address(slug, "/attachments/"+strconv.FormatInt(f.ID, 10))
}

// langOr is the language of a text: the page's own when it has none.
func langOr(p layouts.Page, lang string) string {
	if lang == "" {
		return p.Locale.Tag()
	}
	return lang
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// soon writes a deadline without the year when it is this one's, for lists.
func soon(l *i18n.Locale, now, end time.Time) string {
	year := now.In(l.Zone()).Format("2006")
	text := strings.Replace(l.Deadline(end), year+"年", "", 1)
	return strings.Replace(text, " "+year+",", ",", 1)
}

// shortest is how long a title in the breadcrumbs may be, in characters.
const shortest = 16

// Short is a title for the breadcrumbs: what stands before the brackets.
func Short(title string) string {
	title = strings.ReplaceAll(title, "\u200b", "")
	if i := strings.IndexAny(title, "（("); i > 0 {
		title = strings.TrimSpace(title[:i])
	}
	if r := []rune(title); len(r) > shortest && r[0] > 0x2e80 {
		return string(r[:shortest-1]) + "…"
	} else if len(r) > shortest*2 {
		return strings.TrimSpace(string(r[:shortest*2-1])) + "…"
	}
	return title
}

// zoneName says in which time the page's dates are.
func zoneName(l *i18n.Locale) string {
	if z := l.Zone().String(); z != "Asia/Shanghai" {
		return z
	}
	return l.T("consultation.zone")
}
