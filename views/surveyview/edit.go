package surveyview

import (
	"fmt"
	"strconv"
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/survey"
	"guangyi/views/components"
)

// Editing is the form of a questionnaire: every value as typed.
type Editing struct {
	C                               consultation.Consultation
	Tree                            *draft.Tree
	Version                         int64
	Title, TitleOther               string
	Introduction, IntroductionOther string
	Results                         string
	Rows                            []EditRow
	Stale                           bool // somebody else saved in between
	Faults                          []Fault
}

// EditRow is a question as typed: an option a line, its translation behind a bar.
type EditRow struct {
	Code, Kind, Label, LabelOther, Hint, HintOther string
	Required                                       bool
	Provision, Options                             string
	Other                                          bool
	Most, Points                                   string
	Low, LowOther, High, HighOther                 string
}

// EditingOf fills the form from what is stored.
func EditingOf(c consultation.Consultation, tree *draft.Tree, v survey.Survey) Editing {
	e := Editing{
		C: c, Tree: tree, Version: v.Version, Title: v.Title.Text, TitleOther: v.Title.Other,
		Introduction: v.Introduction.Text, IntroductionOther: v.Introduction.Other, Results: v.Results,
	}
	for _, q := range v.Questions {
		e.Rows = append(e.Rows, EditRow{
			Code: q.Code, Kind: string(q.Kind), Label: q.Label.Text, LabelOther: q.Label.Other, Hint: q.Hint.Text, HintOther: q.Hint.Other,
			Required: q.Required, Provision: q.Provision, Options: optionLines(q), Other: q.Other, Most: number(q.Most), Points: number(q.Points),
			Low: q.Low.Text, LowOther: q.Low.Other, High: q.High.Text, HighOther: q.High.Other,
		})
	}
	return e
}

func optionLines(q survey.Question) string {
	var b strings.Builder
	for _, o := range q.Options {
		b.WriteString(o.Label.Text)
		if o.Label.Other != "" {
			b.WriteString(" | " + o.Label.Other)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// number writes none as empty.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func itoa(n int) string { return strconv.Itoa(n) }

// FieldOf is the name and id of a field of the n-th question, from 0.
func FieldOf(name string, n int) string { return fmt.Sprintf("%s-%d", name, n+1) }

func staffAddress(slug, rest string) string {
	return "/staff/consultations/" + slug + "/survey" + rest
}

func (v Editing) address() string { return staffAddress(v.C.Slug, "/edit") }

func (v Editing) fault(path string) string {
	for _, x := range v.Faults {
		if x.Name == path {
			return x.Message
		}
	}
	return ""
}

// place is the field of a fault's path: questions[2].options[1] is in the field
// of the third question's options.
func place(path string) (id string, question int) {
	var n int
	var name string
	if _, err := fmt.Sscanf(path, "questions[%d].%s", &n, &name); err != nil {
		if path == "questions" {
			return "add", 0
		}
		return path, 0
	}
	name, _, _ = strings.Cut(name, "[")
	if name == "code" {
		name = "label"
	}
	return FieldOf(name, n), n + 1
}

func (v Editing) summary(l *i18n.Locale) []components.FieldError {
	out := make([]components.FieldError, 0, len(v.Faults))
	for _, x := range v.Faults {
		id, n := place(x.Name)
		message := x.Message
		if n > 0 {
			message = l.T("survey.form.question", "number", n) + l.T("submission.form.colon") + message
		}
		out = append(out, components.FieldError{ID: id, Message: message})
	}
	return out
}

// cell is a field of a row. Faults of an option stand at the options.
func (v Editing) cell(l *i18n.Locale, i int, name, value, width string) components.Field {
	f := components.Field{ID: FieldOf(name, i), Name: FieldOf(name, i), Label: l.T("survey.edit." + name), Value: value, Width: width}
	if key := "survey.edit." + name + ".hint"; l.Has(key) {
		f.Hint = l.T(key)
	}
	for _, x := range v.Faults {
		if id, _ := place(x.Name); id == f.ID && f.Error == "" {
			f.Error = x.Message
		}
	}
	return f
}

func (v Editing) top(l *i18n.Locale, name, value string) components.Field {
	f := components.Field{ID: name, Name: name, Label: l.T("survey.edit." + name), Value: value, Error: v.fault(name), Optional: true}
	if key := "survey.edit." + name + ".hint"; l.Has(key) {
		f.Hint = l.T(key)
	}
	return f
}

func (v Editing) legend(l *i18n.Locale, i int) string {
	return l.T("survey.form.question", "number", i+1)
}

func (v Editing) kinds(l *i18n.Locale, i int) components.Choices {
	c := components.Choices{Field: v.cell(l, i, "kind", "", "")}
	for _, k := range survey.Kinds {
		c.Options = append(c.Options, components.Option{Value: string(k), Text: l.T("survey.kind." + string(k)), Chosen: v.Rows[i].Kind == string(k)})
	}
	return c
}

func (v Editing) provisions(l *i18n.Locale, i int) components.Choices {
	chosen := v.Rows[i].Provision
	c := components.Choices{Field: v.cell(l, i, "provision", "", ""), Options: []components.Option{{Text: l.T("draft.whole"), Chosen: chosen == ""}}}
	known := chosen == ""
	for _, p := range v.Tree.Articles() {
		known = known || p.Key == chosen
		c.Options = append(c.Options, components.Option{Value: p.Key, Text: v.Tree.Label(l, p.Key), Chosen: p.Key == chosen})
	}
	if !known {
		c.Options = append(c.Options, components.Option{Value: chosen, Text: v.Tree.Label(l, chosen), Chosen: true})
	}
	return c
}

func (v Editing) results(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "results", Name: "results", Label: l.T("survey.edit.results"), Error: v.fault("results")}}
	for _, r := range []string{survey.AtEnd, survey.Live} {
		c.Options = append(c.Options, components.Option{Value: r, Text: l.T("survey.edit.results." + r), Chosen: v.Results == r})
	}
	return c
}

// choice, scale: which fields a row shows. A new row shows all until its kind is
// chosen and saved.
func (r EditRow) choice() bool { return survey.Kind(r.Kind).Choice() || r.Options != "" }

func (r EditRow) scale() bool { return r.Kind == string(survey.Scale) }

func (r EditRow) several() bool { return r.Kind == string(survey.Several) }

func (r EditRow) translated() bool { return r.LabelOther+r.HintOther+r.LowOther+r.HighOther != "" }
