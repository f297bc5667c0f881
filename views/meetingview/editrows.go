package meetingview

import (
	"fmt"
	"slices"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// cellOf is a field of a row: its name is repeated in every row, its id is not.
func (v Editing) cellOf(p layouts.Page, list string, i int, field, value, width string) components.Field {
	where := fmt.Sprintf("%s-%d-%s", list, i+1, field)
	f := components.Field{
		ID: where, Name: list + "_" + field, Label: p.Locale.T("meeting.edit." + list + "." + field), Value: value, Error: v.Faults[where], Width: width,
	}
	if slices.Contains([]string{"seats", "min", "max", "capacity", "group"}, field) {
		f.InputMode = "numeric"
	}
	if key := "meeting.edit." + list + "." + field + ".hint"; p.Locale.Has(key) {
		f.Hint = p.Locale.T(key)
	}
	return f
}

func (v Editing) rowLegend(l *i18n.Locale, list string, i int) string {
	return l.T("meeting.edit."+list+".row", "number", i+1)
}

func (v Editing) categoryCodes(p layouts.Page, i int) components.Choices {
	c := components.Choices{Field: v.cellOf(p, "categories", i, "code", "", "")}
	for _, code := range append(slices.Clone(meeting.CategoryCodes), Own) {
		word := "meeting.category." + code
		if code == Own {
			word = "meeting.edit.categories.own"
		}
		c.Options = append(c.Options, components.Option{Value: code, Text: p.Locale.T(word), Chosen: code == v.Categories[i].Code})
	}
	return c
}

func (v Editing) categoryMethods(p layouts.Page, i int) components.Choices {
	c := components.Choices{Field: v.cellOf(p, "categories", i, "method", "", "")}
	for _, m := range []string{meeting.ByDraw, meeting.ByOrder, meeting.ByNomination} {
		c.Options = append(c.Options, components.Option{Value: m, Text: p.Locale.T("meeting.method." + m), Chosen: m == v.Categories[i].Method})
	}
	return c
}

// quotaChoices are all features that can be bounded, as typed so far.
func (v Editing) quotaChoices(p layouts.Page, i int) components.Choices {
	l := p.Locale
	c := components.Choices{Field: v.cellOf(p, "quotas", i, "what", "", ""), Empty: l.T("meeting.form.choose")}
	known := v.Quotas[i].What == ""
	add := func(group, value, text string) {
		known = known || value == v.Quotas[i].What
		c.Options = append(c.Options, components.Option{Value: value, Text: text, Group: group, Chosen: value == v.Quotas[i].What})
	}
	for _, sex := range []string{"female", "male"} {
		add(l.T("meeting.demand.sex"), "sex:"+sex, l.T("meeting.sex.choice."+sex))
	}
	for _, band := range meeting.AgeBands {
		add(l.T("meeting.edit.age"), "age:"+band, ageWord(l, band))
	}
	for _, d := range lines(v.Values["districts"]) {
		add(l.T("meeting.demand.district"), "district:"+d, d)
	}
	for _, x := range v.Categories {
		code := x.Code
		if code == Own {
			code = x.Key
		}
		if code != "" {
			add(l.T("meeting.seats.category"), "category:"+code, categoryWord(l, code, x.Name))
		}
	}
	if v.Ticks["sides"] {
		for _, s := range meeting.Sides {
			add(l.T("meeting.field.side"), "side:"+s, l.T("meeting.side."+s))
		}
	}
	for _, q := range v.Questions {
		labels := Labels(q.Options)
		for n, code := range OptionCodes(v.M, q.Code, labels) {
			if q.Code != "" {
				add(q.Label, q.Code+":"+code, labels[n])
			}
		}
	}
	if !known {
		add(l.T("meeting.edit.quotas.gone"), v.Quotas[i].What, v.Quotas[i].What)
	}
	return c
}

func categoryWord(l *i18n.Locale, code, name string) string {
	return CategoryName(l, meeting.Category{Code: code, Name: strings.TrimSpace(name)})
}

// Labels are the options of a question, one a line.
func Labels(text string) []string { return lines(text) }

// OptionCodes gives every option its code: the stored one where the words are
// the same, else the first that is free.
func OptionCodes(m meeting.Meeting, question string, labels []string) []string {
	out, taken := make([]string, len(labels)), map[string]bool{}
	for _, q := range m.Questions {
		if q.Code != question {
			continue
		}
		for _, o := range q.Options {
			if i := slices.Index(labels, o.Label); i >= 0 && out[i] == "" {
				out[i], taken[o.Code] = o.Code, true
			}
		}
	}
	next := 1
	for i := range out {
		for out[i] == "" {
			if code := fmt.Sprintf("o%d", next); !taken[code] {
				out[i], taken[code] = code, true
			}
			next++
		}
	}
	return out
}

func (v Editing) seedSources(p layouts.Page) components.Choices {
	return components.Choices{
		Field: v.plain(p, "seed_source", ""), Empty: p.Locale.T("meeting.form.choose"),
		Options: v.options(p.Locale, "seed_source", "meeting.edit.seed.", meeting.SeedSources...),
	}
}

// asDate makes a cell of a row a date.
func asDate(f components.Field) components.Field {
	f.Type = "date"
	return f
}

// Making is the form of a new meeting.
type Making struct {
	Editing
	Units []organisation.Organisation
	Unit  string
}

func (v Making) units() []components.Option {
	var out []components.Option
	for _, o := range v.Units {
		out = append(out, components.Option{Value: o.Slug, Text: o.Name, Chosen: o.Slug == v.Unit})
	}
	return out
}

// categoriesField is where the summary of errors leads for the categories as a whole.
const categoriesField = "categories"
