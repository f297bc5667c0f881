package adoptionview

import (
	"guangyi/internal/adoption"
	"guangyi/internal/desk"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// List is the staff's list of suggestions.
type List struct {
	Slug     string
	Title    string
	Rows     []adoption.Suggestion
	State    adoption.State
	Text     string
	Previous string
	Next     string
	Label    Labels
	Meant    bool // before the decision: what is meant to be done
}

func (s List) base() string { return "/staff/consultations/" + s.Slug + "/suggestions" }

// states are the tabs of the list.
func (s List) states(l *i18n.Locale) []components.Tab {
	tabs := []components.Tab{{Label: l.T("site.all"), Href: s.base(), Current: s.State == ""}}
	for _, state := range adoption.States {
		tabs = append(tabs, components.Tab{Label: l.T("adoption.state." + string(state)), Href: s.base() + "?state=" + string(state), Current: s.State == state})
	}
	return tabs
}

func (s List) rows(l *i18n.Locale) []components.TableRow {
	rows := make([]components.TableRow, 0, len(s.Rows))
	for _, one := range s.Rows {
		rows = append(rows, components.TableRow{Values: []components.Value{
			{Text: l.T("adoption.number", "number", number2(one.Number)), Href: s.base() + "/" + id(one.ID)},
			{Text: cut(one.Text, 120), Lang: one.Lang},
			{Text: s.Label(one.About)},
			{Text: l.T("adoption.counts", "people", l.Number(one.People), "letters", l.Number(one.Submissions), "comments", l.Number(one.Comments))},
			{Body: mark(l, one, s.Meant)},
			{Text: stateWord(l, one)},
		}})
	}
	return rows
}

func (s List) columns(l *i18n.Locale) []components.Column {
	return []components.Column{{Text: l.T("adoption.col.number"), Lead: true}, {Text: l.T("adoption.col.text")}, {Text: l.T("adoption.col.about")},
		{Text: l.T("adoption.col.counts"), Numeric: true}, {Text: l.T("adoption.col.disposition"), Lead: true}, {Text: l.T("adoption.col.state")}}
}

// One is the staff's page of a suggestion.
type One struct {
	adoption.Seen
	Words      []adoption.Words
	More       string // address of further comments; empty at the end
	Label      Labels
	Provisions []components.Option
	Lang       string // of the consultation
	Form       Form
	Meant      bool
	Next       string // where to go on after this one
}

func (o One) base() string { return "/staff/consultations/" + o.Slug + "/suggestions/" + id(o.ID) }

func (o One) history(l *i18n.Locale) []components.Event {
	events := make([]components.Event, 0, len(o.History))
	for _, h := range o.History {
		what := l.T("adoption.did."+h.Event, "count", h.Note)
		note := ""
		if h.Event == adoption.Returning {
			note = h.Note
		}
		events = append(events, components.Event{When: components.Done, Time: l.DateTime(h.At), What: h.ActorName + l.T("adoption.comma") + what, Note: note})
	}
	return events
}

func (o One) errors() []components.FieldError {
	return summaryOf(o.Form.Errors, "text", "disposition", "reason", "provisions", "comments", "note", "from", "into")
}

// Review is the page before publication.
type Review struct {
	Slug    string
	Title   string
	Balance adoption.Balance
	Desk    desk.Gaps // letters that lie at the desk and are not counted yet
	Stage   Stage
	Steps   []components.Event // who looked
	Due     string             // until when the answer is promised; empty when no date was
	Note    string             // why the summary was returned
	Errors  map[string]string
	Typed   string // the note that was typed
}

// Stage says what can be done with the summary by this person now.
type Stage struct {
	Decide, Submit, Publish, Return bool
	Drafts, Reviews                 bool // gathers and drafts; agrees to what others drafted
	Own                             bool // the person's own work: no publishing, says why
	Waiting                         string
	Published                       bool
}

func (r Review) base() string { return "/staff/consultations/" + r.Slug }

func (r Review) rules(l *i18n.Locale) []components.Balance {
	out := make([]components.Balance, 0, len(r.Balance.Lines)+1)
	if n := r.Desk.Count(); n > 0 {
		out = append(out, components.Balance{Rule: l.T("adoption.rule.desk"), Expression: l.Number(n) + " ≠ 0", Missing: r.atDesk(l)})
	}
	for _, line := range r.Balance.Lines {
		out = append(out, components.Balance{Rule: l.T("adoption.rule." + string(line.Rule)), Expression: expression(l, line), Holds: line.Holds, Missing: r.missing(l, line)})
	}
	return out
}

// atDesk are the letters that are not counted yet, by how far they are.
func (r Review) atDesk(l *i18n.Locale) (out []components.Link) {
	for _, x := range []struct {
		state string
		count int
	}{{"drafts", r.Desk.Drafts}, {"waiting", r.Desk.Waiting}, {"checked", r.Desk.Checked}} {
		if x.count > 0 {
			out = append(out, components.Link{Text: l.T("error.desk.gap."+x.state, "count", x.count), Href: r.base() + "/desk"})
		}
	}
	return out
}

// expression writes a rule's two sides: 161 ≠ 164, or with its summands.
func expression(l *i18n.Locale, line adoption.Line) string {
	left := l.Number(line.Left)
	if len(line.Parts) > 1 {
		left = ""
		for i, part := range line.Parts {
			if i > 0 {
				left += plus(l)
			}
			left += l.Number(part.Count)
		}
	}
	sign := " = "
	if !line.Holds {
		sign = " ≠ "
	}
	return left + sign + l.Number(line.Right)
}

func (r Review) missing(l *i18n.Locale, line adoption.Line) []components.Link {
	var out []components.Link
	for _, gap := range line.Missing {
		out = append(out, components.Link{Text: gapWords(l, gap), Href: r.gapAddress(gap)})
	}
	if line.More > 0 {
		out = append(out, components.Link{Text: l.T("adoption.gap.more", "count", line.More), Href: r.moreAddress(line.Rule)})
	}
	return out
}

func gapWords(l *i18n.Locale, gap adoption.Gap) string {
	return l.T("adoption.gap."+gap.Reason, "number", number2(gap.Number), "text", gap.Text, "receipt", gap.Submission)
}

// gapAddress leads to the place where a gap is filled.
func (r Review) gapAddress(gap adoption.Gap) string {
	switch {
	case gap.Submission != "":
		return r.base() + "/submissions?q=" + gap.Submission
	case gap.Comment != 0:
		return r.base() + "/workbench?comment=" + id(gap.Comment)
	}
	return r.base() + "/suggestions/" + id(gap.Suggestion)
}

func (r Review) moreAddress(rule adoption.Rule) string {
	switch rule {
	case adoption.EachSubmission:
		return r.base() + "/submissions"
	case adoption.EachComment:
		return r.base() + "/workbench"
	}
	return r.base() + "/suggestions"
}

// heading says how far it is from publication.
func (r Review) heading(l *i18n.Locale) string {
	switch {
	case r.Stage.Published:
		return l.T("adoption.review.published")
	case !r.Balance.Holds() || r.Desk.Count() > 0:
		return l.T("adoption.review.gaps", "count", r.Balance.Gaps()+len(r.atDesk(l)))
	}
	return l.T("adoption.review.ready")
}

// first is the primary button while something is missing: the first gap that this
// person can fill. Without one the link is empty.
func (r Review) first(l *i18n.Locale) (components.Link, bool) {
	if left := r.atDesk(l); len(left) > 0 && r.Stage.Drafts {
		return components.Link{Text: l.T("adoption.review.desk"), Href: left[0].Href}, true
	}
	if _, missing := r.Balance.First(); !missing {
		return components.Link{}, r.Desk.Count() > 0
	}
	for _, line := range r.Balance.Lines {
		for _, gap := range line.Missing {
			review := gap.Reason == "in_review"
			if review && r.Stage.Reviews || !review && r.Stage.Drafts {
				return components.Link{Text: l.T("adoption.review.first", "what", gapShort(l, gap)), Href: r.gapAddress(gap)}, true
			}
		}
	}
	return components.Link{}, true
}

func gapShort(l *i18n.Locale, gap adoption.Gap) string {
	switch {
	case gap.Submission != "":
		return gap.Submission
	case gap.Comment != 0:
		return l.T("adoption.review.comment")
	}
	return l.T("adoption.number", "number", number2(gap.Number))
}

func plus(l *i18n.Locale) string {
	if l.Tag() == "en" {
		return " + "
	}
	return "＋"
}
