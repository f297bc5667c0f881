package consultationview

import (
	"strconv"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// List is a page of the public list.
type List struct {
	Now    time.Time
	Items  []consultation.Consultation
	Units  map[int64]organisation.Organisation
	Status consultation.PublicStatus
	Q      string
	First  bool // the first page
	Next   string
	Start  string // address of the first page
}

// group is a part of the list: what is open, what comes, what is over.
type group struct {
	key   string
	items []consultation.Consultation
}

func (v List) groups() []group {
	var out []group
	for _, c := range v.Items {
		key := "over"
		switch s, _ := c.PublicStatus(v.Now); s {
		case consultation.PublicOpen:
			key = "open"
		case consultation.PublicScheduled:
			key = "scheduled"
		}
		if len(out) == 0 || out[len(out)-1].key != key {
			out = append(out, group{key: key})
		}
		last := &out[len(out)-1]
		last.items = append(last.items, c)
	}
	return out
}

func (v List) entry(l *i18n.Locale, c consultation.Consultation) components.Entry {
	e := components.Entry{Title: c.Title, Lang: c.Lang, Href: address(c.Slug, ""), Summary: c.Ask, Meta: []string{v.Units[c.Organisation].Name}}
	switch s, _ := c.PublicStatus(v.Now); s {
	case consultation.PublicOpen:
		e.Mark, e.When = components.Remaining(l, v.Now, *c.ClosesAt), l.T("consultation.until", "at", soon(l, v.Now, *c.ClosesAt))
	case consultation.PublicScheduled:
		e.Mark, e.When = l.T("site.status.scheduled"), l.T("consultation.opens", "at", l.DateTime(*c.OpensAt))
	case consultation.PublicWithdrawn:
		e.Quiet, e.Mark, e.Summary = true, l.Date(*c.WithdrawnAt), l.T("consultation.withdrawn.why", "reason", c.Note)
		e.Status = &components.Status{State: components.Withdrawn}
	case consultation.PublicSummarised:
		e.Quiet, e.Mark, e.Href = true, l.Date(*c.PublishedAt), address(c.Slug, "/summary")
		e.Status = &components.Status{State: components.Answered}
	default:
		e.Quiet, e.Mark = true, l.Date(*c.ClosesAt)
		e.Status = &components.Status{State: components.Closed}
	}
	if c.Counters.Submissions > 0 && c.CountShown(v.Now) {
		e.Meta = append(e.Meta, l.T("consultation.received", "count", c.Counters.Submissions))
	}
	return e
}

func (v List) options(l *i18n.Locale) []components.Option {
	out := []components.Option{}
	for _, s := range consultation.PublicStatuses {
		out = append(out, components.Option{Value: string(s), Text: l.T("consultation.filter." + string(s)), Chosen: s == v.Status})
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
