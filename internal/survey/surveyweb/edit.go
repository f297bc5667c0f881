package surveyweb

import (
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/survey"
	"guangyi/views/surveyview"
)

// editable is a consultation whose questions this person may write now. The role
// is asked before the state, and both before anything that was sent is looked at.
func (h handlers) editable(c *web.Ctx) (consultation.Consultation, survey.Survey, error) {
	x, err := h.mine(c)
	if err != nil {
		return x, survey.Survey{}, err
	}
	if !h.Surveys.MayPrepare(c.Who(), x.Organisation) {
		return x, survey.Survey{}, fault.New(fault.Forbidden, "forbidden")
	}
	if !x.Editable() {
		return x, survey.Survey{}, fault.New(fault.Conflict, "survey.fixed")
	}
	v, err := h.Surveys.Prepared(c.UserContext(), x.ID)
	return x, v, err
}

func (h handlers) editForm(c *web.Ctx) error {
	x, v, err := h.editable(c)
	if err != nil {
		return err
	}
	tree, err := h.tree(c.UserContext(), x)
	if err != nil {
		return err
	}
	return h.renderEdit(c, 200, surveyview.EditingOf(x, tree, v))
}

func (h handlers) renderEdit(c *web.Ctx, status int, v surveyview.Editing) error {
	p := h.staffPage(c, v.C, c.T("survey.room.write"))
	p.Errors = len(v.Faults) > 0
	return c.Render(status, surveyview.Edit(p, v))
}

// edit stores the questions, or adds, moves and removes one without storing. Wrong
// values come back beside their fields.
func (h handlers) edit(c *web.Ctx) error {
	x, stored, err := h.editable(c)
	if err != nil {
		return err
	}
	tree, err := h.tree(c.UserContext(), x)
	if err != nil {
		return err
	}
	v := typedSurvey(c)
	v.C, v.Tree = x, tree
	act, arg, _ := strings.Cut(c.Form("go"), ":")
	if act != "save" && act != "" {
		v.Rows = moved(v.Rows, act, arg)
		return h.renderEdit(c, 200, v)
	}
	_, err = h.Surveys.Keep(c.UserContext(), c.Who(), x.Slug, surveyOf(v), v.Version)
	problem, ok := fault.As(err)
	switch {
	case err == nil:
		c.SetNotice("survey.notice.saved")
		return c.SeeOther("/staff/consultations/" + x.Slug + "/survey")
	case ok && problem.Kind == fault.Invalid:
		v.Faults = worded(c, problem.Fields)
		return h.renderEdit(c, 422, v)
	case ok && problem.Code == fault.Stale().Code:
		v.Stale, v.Version = true, stored.Version
		return h.renderEdit(c, 409, v)
	}
	return err
}

// moved does what a button beside the questions asks for.
func moved(rows []surveyview.EditRow, act, arg string) []surveyview.EditRow {
	if act == "add" && len(rows) < survey.MostQuestions {
		return append(rows, newRow(survey.Kind(arg)))
	}
	i, err := strconv.Atoi(arg)
	if err != nil || i < 0 || i >= len(rows) {
		return rows
	}
	switch {
	case act == "remove":
		return slices.Delete(rows, i, i+1)
	case act == "up" && i > 0:
		rows[i-1], rows[i] = rows[i], rows[i-1]
	case act == "down" && i < len(rows)-1:
		rows[i+1], rows[i] = rows[i], rows[i+1]
	}
	return rows
}

func newRow(k survey.Kind) surveyview.EditRow {
	r := surveyview.EditRow{Kind: string(k)}
	if k == survey.Scale {
		r.Points = "5"
	}
	return r
}

// typedSurvey is the form as it came.
func typedSurvey(c *web.Ctx) surveyview.Editing {
	text := func(name string) string { return strings.ReplaceAll(c.Form(name), "\r\n", "\n") }
	v := surveyview.Editing{
		Version: c.FormVersion(), Title: text("title"), TitleOther: text("title_other"), Introduction: text("introduction"),
		IntroductionOther: text("introduction_other"), Results: text("results"),
	}
	n, err := strconv.Atoi(c.Form("rows"))
	if err != nil {
		n = 0
	}
	for i := range min(max(n, 0), survey.MostQuestions+1) {
		at := func(name string) string { return text(surveyview.FieldOf(name, i)) }
		v.Rows = append(v.Rows, surveyview.EditRow{
			Code: at("code"), Kind: at("kind"), Label: at("label"), LabelOther: at("label_other"), Hint: at("hint"), HintOther: at("hint_other"),
			Required: at("required") != "", Provision: at("provision"), Options: at("options"), Other: at("other") != "", Most: at("most"),
			Points: at("points"), Low: at("low"), LowOther: at("low_other"), High: at("high"), HighOther: at("high_other"),
		})
	}
	return v
}

// surveyOf is the questionnaire as the domain takes it.
func surveyOf(v surveyview.Editing) survey.In {
	in := survey.In{
		Title: survey.Words{Text: v.Title, Other: v.TitleOther}, Introduction: survey.Words{Text: v.Introduction, Other: v.IntroductionOther},
		Results: v.Results,
	}
	for _, r := range v.Rows {
		in.Questions = append(in.Questions, survey.Question{
			Code: strings.TrimSpace(r.Code), Kind: survey.Kind(r.Kind), Label: survey.Words{Text: r.Label, Other: r.LabelOther},
			Hint: survey.Words{Text: r.Hint, Other: r.HintOther}, Required: r.Required, Provision: r.Provision,
			Options: optionsOf(r.Options), Other: r.Other, Most: whole(r.Most), Points: whole(r.Points),
			Low: survey.Words{Text: r.Low, Other: r.LowOther}, High: survey.Words{Text: r.High, Other: r.HighOther},
		})
	}
	return in
}

// whole reads a number; what is none is one that the questionnaire cannot have.
func whole(text string) int {
	text = strings.TrimSpace(text)
	n, err := strconv.Atoi(text)
	if err != nil && text != "" {
		return -1
	}
	return n
}

// optionsOf reads an option a line, its translation behind a bar.
func optionsOf(text string) []survey.Option {
	var out []survey.Option
	for line := range strings.Lines(text) {
		words, other, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(line), "｜", "|"), "|")
		if strings.TrimSpace(words+other) == "" {
			continue
		}
		out = append(out, survey.Option{Label: survey.Words{Text: words, Other: other}})
	}
	return out
}
