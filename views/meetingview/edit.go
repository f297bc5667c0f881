package meetingview

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/procedure"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Editing is the form of a call: every value as typed.
type Editing struct {
	M          meeting.Meeting // as stored now
	Version    int64
	Values     map[string]string // by field; times are split into _on and _time
	Ticks      map[string]bool
	Demands    []string
	Categories []CategoryRow
	Quotas     []QuotaRow
	Questions  []QuestionRow
	Sessions   []SessionRow
	Abouts     []components.Option // consultations of the organisation
	Found      []procedure.Finding // what the typed dates lack
	Checked    bool                // the periods were measured by what was typed
	Rules      int                 // how many rules of the profile concern the meeting
	Stale      bool                // somebody else saved in between: both texts are shown
	Faults     map[string]string
	Errors     []components.FieldError
}

// CategoryRow is a category as typed. Code is that of a usual category or Own,
// then Key is its own code.
type CategoryRow struct{ Code, Key, Name, Note, Seats, Method string }

// Own is the choice of a category that the call names itself.
const Own = "own"

// QuotaRow bounds a feature: What is category:feature.
type QuotaRow struct{ What, Min, Max string }

// QuestionRow is a question with an option a line.
type QuestionRow struct{ Code, Label, Options string }

// SessionRow is a session as typed.
type SessionRow struct{ ID, Name, On, From, To, Capacity, Group string }

// TextFields are the fields of one text; TimeFields those of an instant; Numbers
// those of a whole number; Switches are ticked or not.
var (
	TextFields = []string{
		"title", "ask", "kind", "matter", "description", "about", "lang", "place", "link", "access", "contact", "open_to", "conditions", "duties",
		"privacy", "undertaking", "method", "procedure", "rules", "short_reason", "districts", "seed_source", "seed_name", "seed_reference",
		"seed_commitments",
	}
	TimeFields = []string{"starts_at", "ends_at", "opens_at", "closes_at", "answer_by", "papers_at", "forget_at", "seed_known_at"}
	Numbers    = []string{"seats", "observers", "panels", "invited_at_most", "invited_within_months", "minutes_each"}
	Switches   = []string{"sides", "account_needed", "households", "units", "exclude_conflict"}
)

// ends lists the instants that end a day when no time is given.
func ends(field string) bool {
	return slices.Contains([]string{"closes_at", "answer_by", "papers_at", "forget_at"}, field)
}

// EditingOf fills the form from what is stored.
func EditingOf(l *i18n.Locale, m meeting.Meeting) Editing {
	v := Editing{M: m, Version: m.Version, Demands: m.Demands, Values: map[string]string{
		"title": m.Title, "ask": m.Ask, "kind": string(m.Kind), "matter": m.Matter, "description": m.Description, "about": m.About, "lang": m.Lang,
		"place": m.Place, "link": m.Link, "access": m.Access, "contact": m.Contact, "open_to": m.OpenTo, "conditions": m.Conditions,
		"duties": m.Duties, "privacy": m.Privacy, "undertaking": m.Undertaking, "method": m.Method, "procedure": m.Procedure, "rules": m.Rules,
		"short_reason": m.ShortReason, "districts": strings.Join(m.Districts, "\n"), "seed_source": m.Seed.Source, "seed_name": m.Seed.Name,
		"seed_reference": m.Seed.Reference, "seats": number(m.Seats), "observers": number(m.Observers), "panels": number(m.Panels),
		"invited_at_most": number(m.InvitedAtMost), "invited_within_months": number(m.InvitedWithinMonths), "minutes_each": number(m.MinutesEach),
	}, Ticks: map[string]bool{
		"sides": m.Sides, "account_needed": m.AccountNeeded, "households": m.Households, "units": m.Units, "exclude_conflict": m.ExcludeConflict,
	}}
	var sealed []string
	for _, c := range m.Seed.Commitments {
		sealed = append(sealed, c.Party+"｜"+c.Digest)
	}
	v.Values["seed_commitments"] = strings.Join(sealed, "\n")
	for field, t := range map[string]*time.Time{
		"starts_at": &m.StartsAt, "ends_at": &m.EndsAt, "opens_at": m.OpensAt, "closes_at": m.ClosesAt, "answer_by": m.AnswerBy,
		"papers_at": m.PapersAt, "forget_at": m.ForgetAt, "seed_known_at": &m.Seed.KnownAt,
	} {
		v.Values[field+"_on"], v.Values[field+"_time"] = dayAndTime(l, t, ends(field))
	}
	v.rows(l)
	return v
}

func (v *Editing) rows(l *i18n.Locale) {
	for _, c := range v.M.Categories {
		row := CategoryRow{Code: c.Code, Name: c.Name, Note: c.Note, Seats: number(c.Seats), Method: c.Method}
		if !slices.Contains(meeting.CategoryCodes, c.Code) {
			row.Code, row.Key = Own, c.Code
		}
		v.Categories = append(v.Categories, row)
	}
	for _, q := range v.M.Quotas {
		v.Quotas = append(v.Quotas, QuotaRow{What: q.Category + ":" + q.Feature, Min: strconv.Itoa(q.Min), Max: strconv.Itoa(q.Max)})
	}
	for _, q := range v.M.Questions {
		row := QuestionRow{Code: q.Code, Label: q.Label}
		for _, o := range q.Options {
			row.Options += o.Label + "\n"
		}
		v.Questions = append(v.Questions, row)
	}
	for _, s := range v.M.Sessions {
		from, to := s.StartsAt.In(l.Zone()), s.EndsAt.In(l.Zone())
		v.Sessions = append(v.Sessions, SessionRow{
			ID: id(s.ID), Name: s.Name, On: from.Format(time.DateOnly), From: from.Format("15:04"), To: to.Format("15:04"),
			Capacity: number(s.Capacity), Group: number(s.Group),
		})
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// dayAndTime splits an instant as the form shows it; an end at midnight is 24:00
// of the day that ends.
func dayAndTime(l *i18n.Locale, t *time.Time, end bool) (day, clock string) {
	if t == nil || t.IsZero() {
		if end {
			return "", "24:00"
		}
		return "", ""
	}
	at := t.In(l.Zone())
	if end && at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return at.AddDate(0, 0, -1).Format(time.DateOnly), "24:00"
	}
	return at.Format(time.DateOnly), at.Format("15:04")
}

// ControlID is the id of the control that a fault's path leads to:
// categories[0].name is categories-1-name.
func ControlID(path string) string {
	list, rest, row := strings.Cut(path, "[")
	if !row {
		return strings.ReplaceAll(path, ".", "_")
	}
	index, field, _ := strings.Cut(rest, "].")
	n, _ := strconv.Atoi(index)
	if own, ok := controls[list+"."+field]; ok {
		field = own
	}
	return fmt.Sprintf("%s-%d-%s", list, n+1, field)
}

// controls are the rows' fields that the form names otherwise than the domain.
var controls = map[string]string{
	"sessions.starts_at": "on", "sessions.ends_at": "to", "quotas.category": "what", "quotas.feature": "what", "questions.code": "label",
	"categories.short": "name",
}

// WordFaults words the faults beside their controls.
func WordFaults(l *i18n.Locale, fields fault.Fields) (by map[string]string, all []components.FieldError) {
	named := make(fault.Fields, len(fields))
	for i, f := range fields {
		f.Name = ControlID(f.Name)
		named[i] = f
	}
	return components.WordFaults(l, named)
}

func (v Editing) field(p layouts.Page, name string) components.Field {
	l := p.Locale
	f := components.Field{ID: name, Name: name, Label: l.T("meeting.edit." + name), Error: v.Faults[name], Value: v.Values[name]}
	if key := "meeting.edit." + name + ".hint"; l.Has(key) {
		f.Hint = l.T(key)
	}
	if v.M.Lang != "" && v.M.Lang != l.Tag() {
		f.Lang = v.M.Lang
	}
	return f
}

func (v Editing) plain(p layouts.Page, name, width string) components.Field {
	f := v.field(p, name)
	f.Lang, f.Width = "", width
	if slices.Contains(Numbers, name) {
		f.InputMode = "numeric"
	}
	return f
}

func (v Editing) area(p layouts.Page, name string, rows int) components.Area {
	return components.Area{Field: v.field(p, name), Rows: rows}
}

// day is the input of a date; the error summary leads to it by the field's name.
func (v Editing) day(p layouts.Page, name string) components.Field {
	f := v.plain(p, name, "")
	f.Name, f.Type, f.Value = name+"_on", "date", v.Values[name+"_on"]
	return f
}

func (v Editing) clock(p layouts.Page, name string) components.Field {
	return components.Field{
		ID: name + "_time", Name: name + "_time", Label: p.Locale.T("meeting.edit.time", "of", p.Locale.T("meeting.edit."+name)), Value: v.Values[name+"_time"], Width: "5",
	}
}

func (v Editing) check(p layouts.Page, name string) components.Field {
	f := v.plain(p, name, "")
	f.Value = "yes"
	return f
}

func (v Editing) options(l *i18n.Locale, name, prefix string, values ...string) []components.Option {
	var out []components.Option
	for _, x := range values {
		word := x
		if x == "" {
			word = "none"
		}
		o := components.Option{Value: x, Text: l.T(prefix + word), Chosen: x == v.Values[name]}
		if key := prefix + word + ".hint"; l.Has(key) {
			o.Hint = l.T(key)
		}
		out = append(out, o)
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

func (v Editing) kinds(l *i18n.Locale) []components.Option {
	values := make([]string, len(meeting.Kinds))
	for i, k := range meeting.Kinds {
		values[i] = string(k)
	}
	return v.options(l, "kind", "meeting.kind.", values...)
}

func (v Editing) demands(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, d := range meeting.Demandable {
		out = append(out, components.Option{Value: d, Text: l.T("meeting.demand." + d), Chosen: slices.Contains(v.Demands, d)})
	}
	return out
}

// draws reports a method of which a draw is part.
func (v Editing) draws() bool {
	return v.Values["method"] == meeting.ByDraw || v.Values["method"] == meeting.Mixed
}

// found words what the dates lack, and what is kept.
func (v Editing) found(l *i18n.Locale) []string {
	var out []string
	for _, f := range v.Found {
		out = append(out, l.T("meeting.edit.periods."+string(f.Severity))+f.Text(l))
	}
	return out
}

// other is a text that somebody else saved in between.
type other struct{ label, text string }

// others lists where what is stored differs from what was typed.
func (v Editing) others(p layouts.Page) []other {
	stored := EditingOf(p.Locale, v.M).Values
	var out []other
	for _, name := range TextFields {
		if normal(stored[name]) != normal(v.Values[name]) {
			out = append(out, other{p.Locale.T("meeting.edit." + name), stored[name]})
		}
	}
	for _, name := range TimeFields {
		if stored[name+"_on"]+stored[name+"_time"] != v.Values[name+"_on"]+v.Values[name+"_time"] {
			out = append(out, other{p.Locale.T("meeting.edit." + name), strings.TrimSpace(stored[name+"_on"] + " " + stored[name+"_time"])})
		}
	}
	return out
}

func normal(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n") }
