package surveyview

import (
	"strconv"

	"guangyi/internal/platform/i18n"
	"guangyi/internal/survey"
)

// letter names the n-th choice in a plot: A to Z, as many as a question can have.
func letter(n int) string { return string(rune('A' + n)) }

// The plots' measures in pixels; widths are per cent, so that a plot fits a phone.
const (
	rowHeight    = 30
	columnHeight = 110 // of the tallest column
	plotHeight   = 160
	base         = 130 // where columns stand
)

// longest is how much of the width the longest bar takes, in per cent: its figure
// stands behind it.
const longest = 78.0

// bar is a row of the plot of choices.
type bar struct {
	y, textY    string
	width, text string
	strong      bool
}

func bars(f survey.Figures) []bar {
	most := 0
	for _, t := range f.Tallies {
		most = max(most, t.Count)
	}
	out := make([]bar, len(f.Tallies))
	for i, t := range f.Tallies {
		width := 0.0
		if f.Answered > 0 {
			width = longest * float64(t.Count) / float64(f.Answered)
		}
		out[i] = bar{
			y: strconv.Itoa(i*rowHeight + 5), textY: strconv.Itoa(i*rowHeight + 20), width: per(width),
			text: letter(i) + " " + percent(t.Count, f.Answered), strong: t.Count == most && most > 0,
		}
	}
	return out
}

func barsHeight(f survey.Figures) string { return strconv.Itoa(len(f.Tallies) * rowHeight) }

// column is a point of a scale in its plot.
type column struct {
	x, width, middle   string
	y, height, figureY string
	point, figure      string
}

func columns(f survey.Figures) []column {
	most := 0
	for _, t := range f.Tallies {
		most = max(most, t.Count)
	}
	n := float64(len(f.Tallies))
	out := make([]column, len(f.Tallies))
	for i, t := range f.Tallies {
		height := 0
		if most > 0 {
			height = t.Count * columnHeight / most
		}
		if t.Count > 0 {
			height = max(height, 2)
		}
		at := float64(i) * 100 / n
		out[i] = column{
			x: per(at + 12/n), width: per(76 / n), middle: per(at + 50/n),
			y: strconv.Itoa(base - height), height: strconv.Itoa(height), figureY: strconv.Itoa(base - height - 5),
			point: t.Code, figure: whole(t.Count, f.Answered),
		}
	}
	return out
}

// meanAt is where the mean stands on the plot of a scale.
func meanAt(f survey.Figures) string {
	return per((f.Mean - 0.5) * 100 / float64(f.Question.Points))
}

// whole writes a share without digits: ten columns stand beside each other on a
// phone.
func whole(part, all int) string {
	if all == 0 || part == 0 {
		return ""
	}
	if share := float64(part) * 100 / float64(all); share >= 0.5 {
		return strconv.FormatFloat(share, 'f', 0, 64) + "%"
	}
	return "<1%"
}

func per(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }

// alt reads a plot aloud.
func (v Results) alt(l *i18n.Locale, i int) string {
	f := v.R.Questions[i]
	words := make([]string, len(f.Tallies))
	for n, t := range f.Tallies {
		words[n] = Word(l, v.C.Lang, f.Question, t.Code) + " " + percent(t.Count, f.Answered)
	}
	text := v.heading(l, i) + " " + l.List(words)
	if f.Question.Kind == survey.Scale && f.Answered > 0 {
		text += l.T("survey.results.mean", "mean", mean(f), "points", f.Question.Points)
	}
	return text
}
