package submissionview

import (
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// chosen lists what a response to a survey chose; what it wrote is a point of its
// own.
func chosen(l *i18n.Locale, answers []submission.SurveyAnswer, lang string) []components.SummaryRow {
	var out []components.SummaryRow
	for _, a := range answers {
		question, answer, written := a.Words(l.T("survey.other") + l.T("submission.form.colon"))
		if !written {
			out = append(out, components.SummaryRow{Key: question, Text: answer, Lang: lang})
		}
	}
	return out
}
