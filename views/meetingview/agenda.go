package meetingview

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Agenda is the list of what is on the agenda, with the form of one item.
type Agenda struct {
	Now      time.Time
	M        meeting.Meeting
	Items    []meeting.Item
	Edit     bool
	Abouts   []components.Option // consultations of the organisation
	Targets  []components.Option // meetings that an item can go to
	Item     *meeting.Item       // the one that is edited; nil: a new one
	Values   map[string]string
	Attended bool
	Moving   int64 // the item whose move was refused
	Faults   map[string]string
	Errors   []components.FieldError
	Shut     []string
}

// ItemFields are the fields of an item's form.
var ItemFields = []string{"title", "text", "reporter", "minutes", "consultation", "suggestions", "matter", "position"}

// ItemValues fills the form with an item.
func ItemValues(x meeting.Item) map[string]string {
	numbers := make([]string, len(x.Suggestions))
	for i, n := range x.Suggestions {
		numbers[i] = strconv.Itoa(n)
	}
	return map[string]string{
		"title": x.Title, "text": x.Text, "reporter": x.Reporter, "minutes": number(x.Minutes), "consultation": x.Consultation,
		"suggestions": strings.Join(numbers, " "), "matter": x.Matter, "position": number(x.Position),
	}
}

func (v Agenda) field(l *i18n.Locale, name, width string) components.Field {
	f := components.Field{
		ID: name, Name: name, Label: l.T("meeting.item." + name), Value: v.Values[name], Error: v.Faults[name], Width: width,
		Optional: name != "title",
	}
	if v.Moving != 0 {
		f.Error = ""
	}
	if slices.Contains([]string{"minutes", "position"}, name) {
		f.InputMode = "numeric"
	}
	if key := "meeting.item." + name + ".hint"; l.Has(key) {
		f.Hint = l.T(key)
	}
	return f
}

func (v Agenda) abouts(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: v.field(l, "consultation", ""), Empty: l.T("meeting.edit.about.none")}
	for _, o := range v.Abouts {
		o.Chosen = o.Value == v.Values["consultation"]
		c.Options = append(c.Options, o)
	}
	return c
}

func (v Agenda) action() string {
	if v.Item != nil {
		return staffAddress(v.M.Slug, "/agenda/"+id(v.Item.ID))
	}
	return staffAddress(v.M.Slug, "/agenda")
}

// facts are the small facts of an item.
func itemFacts(l *i18n.Locale, x meeting.Item) []string {
	var out []string
	if x.Reporter != "" {
		out = append(out, x.Reporter)
	}
	if x.Minutes > 0 {
		out = append(out, l.T("meeting.item.about.minutes", "count", x.Minutes))
	}
	if x.Attended {
		out = append(out, l.T("meeting.item.attended.yes"))
	} else {
		out = append(out, l.T("meeting.item.attended.no"))
	}
	switch x.State {
	case meeting.ItemMoved:
		out = append(out, l.T("meeting.item.state.moved"))
	case meeting.ItemDone:
		out = append(out, l.T("meeting.item.result."+known(x.Result, meeting.Results...)))
	}
	if x.MovedFrom != 0 && x.State != meeting.ItemMoved {
		out = append(out, l.T("meeting.item.state.came"))
	}
	return out
}

func (v Agenda) targets(l *i18n.Locale, x meeting.Item) components.Choices {
	f := components.Field{ID: "meeting-" + id(x.ID), Name: "meeting", Label: l.T("meeting.item.move.to")}
	if v.Moving == x.ID {
		f.Error = v.Faults["meeting"]
	}
	return components.Choices{Field: f, Options: v.Targets, Empty: l.T("meeting.form.choose")}
}

func (v Agenda) why(l *i18n.Locale, x meeting.Item) components.Area {
	f := components.Field{ID: "reason-" + id(x.ID), Name: "reason", Label: l.T("meeting.item.move.reason")}
	if v.Moving == x.ID {
		f.Error, f.Value = v.Faults["reason"], v.Values["reason"]
	}
	return components.Area{Field: f, Rows: 2}
}
