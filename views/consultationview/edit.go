package consultationview

import (
	"maps"
	"slices"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/procedure"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Editing is the form of a notice: every value as typed.
type Editing struct {
	C       consultation.Consultation // as stored now
	Version int64
	Values  map[string]string // by field; times are split into _on and _time
	Ways    map[string]string // channels that are ticked, with their details
	Demands []string
	Stale   bool // somebody else saved in between: both texts are shown
	Faults  map[string]string
	Errors  []components.FieldError

	Procedures procedure.Profiles
}

// channelsField is where the summary of errors leads for the ways to comment.
const channelsField = "channels"

// EditingOf fills the form from what is stored.
func EditingOf(l *i18n.Locale, c consultation.Consultation) Editing {
	v := Editing{C: c, Version: c.Version, Demands: c.Demands, Ways: map[string]string{}, Values: map[string]string{
		"title": c.Title, "ask": c.Ask, "background": c.Background, "explanation": c.Explanation, "changes": c.Changes, "contact": c.Contact,
		"privacy": c.Privacy, "demand_reason": c.DemandReason, "period_reason": c.PeriodReason, "comments_public": c.CommentsPublic, "lang": c.Lang,
		"procedure": c.Procedure,
	}}
	if c.HideCount {
		v.Values["hide_count"] = "true"
	}
	for _, ch := range c.Channels {
		v.Ways[ch.Channel] = ch.Detail
	}
	v.Values["opens_on"], v.Values["opens_time"] = dayAndTime(l, c.OpensAt, false)
	v.Values["closes_on"], v.Values["closes_time"] = dayAndTime(l, c.ClosesAt, true)
	v.Values["answer_on"], _ = dayAndTime(l, c.AnswerDue, true)
	return v
}

// dayAndTime splits an instant as the form shows it; an end at midnight is 24:00
// of the day that ends.
func dayAndTime(l *i18n.Locale, t *time.Time, end bool) (day, clock string) {
	if t == nil {
		if end {
			return "", "24:00"
		}
		return "", "0:00"
	}
	at := t.In(l.Zone())
	if end && at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return at.AddDate(0, 0, -1).Format("2006-01-02"), "24:00"
	}
	return at.Format("2006-01-02"), at.Format("15:04")
}

func (v Editing) field(p layouts.Page, name string) components.Field {
	l := p.Locale
	f := components.Field{ID: name, Name: name, Label: l.T("consultation.field." + name), Error: v.Faults[name], Value: v.Values[name]}
	if key := "consultation.hint." + name; l.Has(key) {
		f.Hint = l.T(key)
	}
	f.Optional = slices.Contains([]string{"ask", "changes", "privacy", "period_reason"}, name)
	if v.C.Lang != l.Tag() && name != "demand_reason" {
		f.Lang = v.C.Lang
	}
	return f
}

func (v Editing) area(p layouts.Page, name string, rows int) components.Area {
	return components.Area{Field: v.field(p, name), Rows: rows}
}

// day is the input of a date; the error summary leads to it by the field's name.
func (v Editing) day(p layouts.Page, name, input string) components.Field {
	f := v.field(p, name)
	f.Name, f.Type, f.Value, f.Lang = input, "date", v.Values[input], ""
	return f
}

func (v Editing) clock(p layouts.Page, input string) components.Field {
	return components.Field{ID: input, Name: input, Label: p.Locale.T("consultation.field.time"), Value: v.Values[input], Width: "5"}
}

func (v Editing) ticked(channel string) bool {
	_, ok := v.Ways[channel]
	return ok
}

func (v Editing) demandOptions(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, d := range consultation.Demandable {
		out = append(out, components.Option{Value: d, Text: l.T("consultation.demand." + d), Chosen: slices.Contains(v.Demands, d)})
	}
	return out
}

func (v Editing) publicOptions(l *i18n.Locale) []components.Option {
	ways := []string{consultation.PublicNo, consultation.PublicModerated, consultation.PublicAtOnce}
	var out []components.Option
	for _, w := range ways {
		out = append(out, components.Option{Value: w, Text: l.T("consultation.public.short." + w), Chosen: w == v.Values["comments_public"]})
	}
	return out
}

// procedures are the profiles that a consultation can follow.
func (v Editing) procedures(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, id := range slices.Sorted(maps.Keys(v.Procedures)) {
		out = append(out, components.Option{Value: id, Text: v.Procedures[id].Name.In(l.Tag()), Chosen: id == v.Values["procedure"]})
	}
	return out
}

func (v Editing) languages() []components.Option {
	names := map[string]string{"zh-CN": "中文", "en": "English"}
	var out []components.Option
	for _, tag := range i18n.Tags {
		out = append(out, components.Option{Value: tag, Text: names[tag], Chosen: tag == v.Values["lang"]})
	}
	return out
}

// other is a text that somebody else saved in between.
type other struct{ label, text string }

// others lists where what is stored differs from what was typed.
func (v Editing) others(p layouts.Page) []other {
	stored := EditingOf(p.Locale, v.C).Values
	var out []other
	for _, name := range []string{"title", "ask", "background", "explanation", "changes", "contact", "privacy", "demand_reason", "period_reason"} {
		if normal(stored[name]) != normal(v.Values[name]) {
			out = append(out, other{p.Locale.T("consultation.field." + name), stored[name]})
		}
	}
	for _, name := range []string{"opens", "closes", "answer"} {
		if stored[name+"_on"]+stored[name+"_time"] != v.Values[name+"_on"]+v.Values[name+"_time"] {
			label := map[string]string{"opens": "opens_at", "closes": "closes_at", "answer": "answer_due"}[name]
			out = append(out, other{p.Locale.T("consultation.field." + label), joinWords(stored[name+"_on"], stored[name+"_time"])})
		}
	}
	return out
}

func normal(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n") }
