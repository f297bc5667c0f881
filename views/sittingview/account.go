package sittingview

import (
	"strconv"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/sitting"
	"guangyi/views/components"
)

// Account is the public account, or its draft at a desk.
type Account struct {
	Meeting meeting.Meeting
	sitting.Account
	Label      func(l *i18n.Locale, key string) string
	Feedback   sitting.Feedback
	Minutes    bool // may be read in public
	MayDraft   bool
	MayReview  bool
	Own        bool // the reader's own work: not theirs to publish
	Errors     []components.FieldError
	Typed      string // lead as typed
	TypedNotes map[string]string
}

func (v Account) base() string { return "/staff/meetings/" + v.Meeting.Slug + "/account" }

func (v Account) about(l *i18n.Locale, key string) string {
	if key == "" {
		return l.T("sitting.whole")
	}
	if v.Label != nil {
		return v.Label(l, key)
	}
	return key
}

func (v Account) itemTitle(l *i18n.Locale, i sitting.AccountItem) string {
	return l.T("sitting.item.title", "n", ordinal(l, i.Position), "title", i.Title)
}

func (v Account) provisions(l *i18n.Locale, keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = v.about(l, k)
	}
	return l.List(out)
}

func (v Account) facts(l *i18n.Locale) []components.SummaryRow {
	rows := []components.SummaryRow{
		{Key: l.T("sitting.account.time"), Text: l.DateTime(v.Meeting.StartsAt)},
		{Key: l.T("sitting.account.place"), Text: v.Meeting.Place},
		{Key: l.T("sitting.account.matter"), Text: v.Meeting.Matter, Lang: v.Meeting.Lang},
		{Key: l.T("sitting.account.came"), Text: l.T("sitting.account.came.of", "came", v.Came, "expected", v.Expected), Note: v.tallies(l)},
		{Key: l.T("sitting.account.participants"), Text: l.List(v.Participants)},
	}
	if v.Came == 0 {
		rows = rows[:len(rows)-1]
	}
	return rows
}

func (v Account) tallies(l *i18n.Locale) string {
	var out []string
	for _, t := range v.Categories {
		out = append(out, l.T("sitting.account.tally", "category", CategoryName(l, v.Meeting, t.Category), "came", t.Came, "expected", t.Expected))
	}
	return strings.Join(out, l.T("sitting.semicolon"))
}

func (v Account) typed(key string) string {
	if v.TypedNotes != nil {
		return v.TypedNotes[key]
	}
	return v.Reasons[key]
}

func (v Account) errorOf(id string) string {
	for _, e := range v.Errors {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

// MinutesDraft is the page of internal minutes.
type MinutesDraft struct {
	Meeting meeting.Meeting
	sitting.Minutes
	MayDraft, MayAgree bool
	Errors             []components.FieldError
}

// Feedback is the page behind a feedback link.
type Feedback struct {
	Meeting meeting.Meeting
	Address string
	Used    bool
	Chosen  map[string]string
	Errors  []components.FieldError
}

func (v Feedback) question(l *i18n.Locale, name string) components.Choices {
	c := components.Choices{Field: components.Field{ID: name, Name: name, Label: l.T("sitting.feedback." + name), Heading: true}}
	for _, e := range v.Errors {
		if e.ID == name {
			c.Error = e.Message
		}
	}
	for n := sitting.Scale; n >= 1; n-- {
		value := strconv.Itoa(n)
		c.Options = append(c.Options, components.Option{Value: value, Text: l.T("sitting.feedback.scale." + value), Chosen: v.Chosen[name] == value})
	}
	return c
}

func feedbackTable(l *i18n.Locale, f sitting.Feedback) components.Table {
	t := components.Table{Caption: l.T("sitting.feedback.counts"), RowHead: true, Stacked: true, Columns: []components.Column{{Text: l.T("sitting.feedback.question"), Lead: true}}}
	for n := sitting.Scale; n >= 1; n-- {
		t.Columns = append(t.Columns, components.Column{Text: l.T("sitting.feedback.scale." + strconv.Itoa(n)), Numeric: true})
	}
	for _, q := range sitting.Questions {
		row := components.TableRow{Values: []components.Value{{Text: l.T("sitting.feedback." + q)}}}
		for n := sitting.Scale; n >= 1; n-- {
			row.Values = append(row.Values, components.Value{Text: l.Number(f.Counts[q][n-1])})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Year is the yearly account.
type Year struct {
	sitting.Year
	Unit     string // slug; empty: all
	UnitName string
	Units    []components.Option
}

func (v Year) csv() string {
	out := "/meetings/report/" + strconv.Itoa(v.Year.Year) + ".csv"
	if v.Unit != "" {
		out += "?organisation=" + v.Unit
	}
	return out
}

func (v Year) shares(l *i18n.Locale, caption string, name func(string) string, list []sitting.Share) components.Table {
	t := components.Table{Caption: caption, Shown: true, RowHead: true, Columns: []components.Column{{Text: l.T("sitting.year.part")}, {Text: l.T("sitting.year.invited"), Numeric: true}, {Text: l.T("sitting.year.came"), Numeric: true}}}
	for _, s := range list {
		text := l.T("sitting.year.few", "most", sitting.FewestShown)
		if s.Name != "" {
			text = name(s.Name)
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{{Text: text}, {Text: l.Number(s.Invited)}, {Text: l.Number(s.Came)}}})
	}
	return t
}
