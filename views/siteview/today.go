package siteview

import (
	"time"

	"guangyi/internal/platform/i18n"
	"guangyi/internal/site"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Desk is the page “today” of a member of staff.
type Desk struct {
	Now     time.Time
	Manages bool // keeps the accounts, tokens and settings of an organisation
	site.Today
}

// band is a part of the list of tasks: overdue, today, this week, later.
type band struct {
	key   string
	tasks []site.Task
}

func (d Desk) bands(l *i18n.Locale) []band {
	bands := []band{{key: "overdue"}, {key: "day"}, {key: "week"}, {key: "later"}, {key: "undated"}}
	now := d.Now.In(l.Zone())
	midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, l.Zone())
	for _, t := range d.Tasks {
		i := 4
		switch {
		case t.Due == nil:
		case t.Due.Before(d.Now):
			i = 0
		case !t.Due.After(midnight):
			i = 1
		case t.Due.Before(midnight.AddDate(0, 0, 7)):
			i = 2
		default:
			i = 3
		}
		bands[i].tasks = append(bands[i].tasks, t)
	}
	return bands
}

// table sets the bands under each other, each below its heading.
func (d Desk) table(p layouts.Page) components.Table {
	l := p.Locale
	t := components.Table{Caption: l.T("today.tasks"), Stacked: true, Columns: []components.Column{
		{Text: l.T("today.column.task"), Lead: true}, {Text: l.T("today.column.place")},
		{Text: l.T("today.column.progress")}, {Text: l.T("today.column.due")},
	}}
	for _, b := range d.bands(l) {
		if len(b.tasks) == 0 {
			continue
		}
		head := components.Value{Text: l.T("today.band."+b.key, "count", len(b.tasks))}
		if b.key == "overdue" {
			head = components.Value{Body: overdueBand(p, len(b.tasks))}
		}
		t.Rows = append(t.Rows, components.TableRow{Group: true, Values: []components.Value{head}})
		for _, task := range b.tasks {
			t.Rows = append(t.Rows, taskRow(p, task))
		}
	}
	return t
}

func taskRow(p layouts.Page, t site.Task) components.TableRow {
	due := ""
	if t.Due != nil {
		due = p.Locale.Deadline(*t.Due)
	}
	return components.TableRow{Values: []components.Value{
		{Body: taskName(p, t)}, {Body: taskPlace(p, t)}, {Body: taskProgress(p, t)}, {Text: due},
	}}
}

func (d Desk) overdue() int {
	n := 0
	for _, t := range d.Tasks {
		if t.Overdue(d.Now) {
			n++
		}
	}
	return n
}

func facts(l *i18n.Locale, w site.Work) []components.Fact {
	base := "/staff/consultations/" + w.Slug
	return []components.Fact{
		{Label: l.T("today.fact.submissions"), Value: l.Number(w.Submissions), Href: base + "/submissions"},
		{Label: l.T("today.fact.comments"), Value: l.Number(w.Comments)},
		{Label: l.T("today.fact.open"), Value: l.Number(w.Open), Href: base + "/workbench", Strong: w.Open > 0},
		{Label: l.T("today.fact.suggestions"), Value: l.Number(w.Suggestions), Href: base + "/suggestions"},
		{Label: l.T("today.fact.draft"), Value: l.Number(w.ToDraft), Href: base + "/suggestions?state=drafted"},
		{Label: l.T("today.fact.review"), Value: l.Number(w.InReview), Href: base + "/suggestions?state=in_review"},
		{Label: l.T("today.fact.agreed"), Value: l.Number(w.Agreed)},
	}
}

func first(list []site.Upcoming, n int) []site.Upcoming { return list[:min(n, len(list))] }

func firstWorks(list []site.Work, n int) []site.Work { return list[:min(n, len(list))] }
