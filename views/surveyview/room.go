package surveyview

import (
	"guangyi/internal/platform/i18n"
	"guangyi/internal/survey"
	"guangyi/views/components"
)

// Room is what staff see of a consultation's survey: the questions before it runs,
// the figures from then on.
type Room struct {
	Results
	V         survey.Survey
	Provision func(l *i18n.Locale, key string) string // the label of a provision
	Edit      bool                                    // this person may write questions now
	Enter     bool                                    // and enter paper
	Export    bool
	Answered  bool // figures can be there: the notice is public
}

func (v Room) facts(l *i18n.Locale) []components.SummaryRow {
	shown := l.T("survey.edit.results." + v.V.Results)
	return []components.SummaryRow{
		{Key: l.T("survey.room.questions"), Text: l.Number(len(v.V.Questions))},
		{Key: l.T("survey.edit.results"), Text: shown},
		{Key: l.T("survey.room.state"), Text: v.state(l)},
	}
}

// state says whether the questions can be changed, and why not.
func (v Room) state(l *i18n.Locale) string {
	if v.C.Editable() {
		return l.T("survey.room.editable")
	}
	return l.T("error.survey.fixed")
}

func (v Room) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("survey.room.list"), Stacked: true, Columns: []components.Column{
		{Text: l.T("survey.edit.label"), Lead: true}, {Text: l.T("survey.edit.kind"), Bare: true},
		{Text: l.T("survey.edit.provision"), Bare: true}, {Text: l.T("survey.edit.required"), Bare: true},
	}}
	for i, q := range v.V.Questions {
		required := l.T("survey.room.no")
		if q.Required {
			required = l.T("survey.room.yes")
		}
		label, lang := q.Label.In(l.Tag(), v.C.Lang)
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: itoa(i+1) + numberMark(l) + label, Lang: lang}, {Text: l.T("survey.kind." + string(q.Kind))},
			{Text: v.Provision(l, q.Provision)}, {Text: required},
		}})
	}
	return t
}
