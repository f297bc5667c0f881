package surveyview

import (
	"strconv"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/survey"
	"guangyi/views/components"
)

// Results are the figures of a survey on a page.
type Results struct {
	C   consultation.Consultation
	R   survey.Results
	Now time.Time
}

// Head is the beginning of the public page.
func (v Results) head(l *i18n.Locale) components.Head {
	h := components.Head{Title: l.T("survey.results.title"), Lead: l.T("survey.results.lead", "count", v.R.Responses)}
	if v.R.Partial {
		h.Status = &components.Status{State: components.Open, Note: l.T("survey.results.partial")}
	}
	return h
}

func kindWord(l *i18n.Locale, code string) string {
	if code == survey.OtherCode {
		return l.T("survey.kinds.small")
	}
	return l.T("submission.kind." + code)
}

// tallyTable is a table of people by something, with their share.
func tallyTable(l *i18n.Locale, caption, head string, list []survey.Tally, whole int, word func(*i18n.Locale, string) string) components.Table {
	t := components.Table{Caption: caption, Shown: true, RowHead: true, Columns: []components.Column{
		{Text: head}, {Text: l.T("survey.results.count"), Numeric: true}, {Text: l.T("survey.results.share"), Numeric: true},
	}}
	for _, x := range list {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: word(l, x.Code)}, {Text: l.Number(x.Count)}, {Text: percent(x.Count, whole)},
		}})
	}
	return t
}

func (v Results) byKind(l *i18n.Locale) components.Table {
	return tallyTable(l, l.T("survey.results.by_kind"), l.T("survey.results.kind"), v.R.ByKind, v.R.Responses, kindWord)
}

func (v Results) byWay(l *i18n.Locale) components.Table {
	return tallyTable(l, l.T("survey.results.by_way"), l.T("survey.results.way"), v.R.ByWay, v.R.Responses, func(l *i18n.Locale, code string) string {
		return l.T("survey.way." + code)
	})
}

// percent writes a share with one digit; a dash of nothing.
func percent(part, whole int) string {
	if whole == 0 {
		return "—"
	}
	return survey.Share(part, whole) + "%"
}

// heading is the question with its number.
func (v Results) heading(l *i18n.Locale, i int) string {
	text, _ := v.R.Questions[i].Question.Label.In(l.Tag(), v.C.Lang)
	return strconv.Itoa(i+1) + numberMark(l) + text
}

func (v Results) labelLang(l *i18n.Locale, i int) string {
	_, lang := v.R.Questions[i].Question.Label.In(l.Tag(), v.C.Lang)
	return lang
}

// answered says how many answered the question, and what the shares are of.
func (v Results) answered(l *i18n.Locale, f survey.Figures) string {
	text := l.T("survey.results.answered", "count", f.Answered, "all", v.R.Responses)
	switch f.Question.Kind {
	case survey.Several:
		text += l.T("survey.results.several")
	case survey.Scale:
		if f.Answered > 0 {
			text += l.T("survey.results.mean", "mean", mean(f), "points", f.Question.Points)
		}
	}
	return text
}

func mean(f survey.Figures) string { return strconv.FormatFloat(f.Mean, 'f', 2, 64) }

// figuresTable is the question's table: each choice with its letter in the plot.
func (v Results) figuresTable(l *i18n.Locale, i int) components.Table {
	f := v.R.Questions[i]
	t := components.Table{Caption: v.heading(l, i), RowHead: true, Columns: []components.Column{
		{Text: l.T("survey.results.choice")}, {Text: l.T("survey.results.count"), Numeric: true}, {Text: l.T("survey.results.share"), Numeric: true},
	}}
	for n, x := range f.Tallies {
		word := Word(l, v.C.Lang, f.Question, x.Code)
		if f.Question.Kind != survey.Scale {
			word = letter(n) + numberMark(l) + word
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: word, Lang: v.labelLang(l, i)}, {Text: l.Number(x.Count)}, {Text: percent(x.Count, f.Answered)},
		}})
	}
	return t
}

// breakdownTable is the question by kind of sender.
func (v Results) breakdownTable(l *i18n.Locale, i int) components.Table {
	f := v.R.Questions[i]
	t := components.Table{
		Caption: l.T("survey.results.broken"), RowHead: true, Stacked: true, Columns: []components.Column{{Text: l.T("survey.results.choice"), Lead: true}},
	}
	for _, g := range f.Breakdown.Groups {
		t.Columns = append(t.Columns, components.Column{Text: kindWord(l, g), Numeric: true})
	}
	for _, r := range f.Breakdown.Rows {
		row := components.TableRow{Values: []components.Value{{Text: Word(l, v.C.Lang, f.Question, r.Code)}}}
		for _, n := range r.Counts {
			row.Values = append(row.Values, components.Value{Text: l.Number(n)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// marked says what stays counted although it was taken back or is not shown.
func (v Results) marked(l *i18n.Locale) []string {
	var out []string
	if v.R.Withdrawn > 0 {
		out = append(out, l.T("survey.results.withdrawn", "count", v.R.Withdrawn))
	}
	if v.R.Held > 0 {
		out = append(out, l.T("survey.results.held", "count", v.R.Held))
	}
	if v.R.Withheld > 0 {
		out = append(out, l.T("survey.results.withheld", "count", v.R.Withheld))
	}
	return out
}
