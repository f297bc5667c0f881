package components

import (
	"strconv"

	"guangyi/internal/platform/i18n"
)

// Share is one part of a stacked bar.
type Share struct {
	Code  string // disposition code: gives pattern and word
	Count int
}

// Stack is a stacked bar. ID is unique on the page; Label says in words what it
// shows, because the bar is one picture for a screen reader.
type Stack struct {
	ID     string
	Label  string
	Shares []Share
	Small  bool // 12 px high, for lists
}

// Strip is a plot of counts by provision.
type Strip struct {
	ID      string // unique on the page
	Label   string
	Bars    []Bar
	First   string // label below the left end
	Last    string // below the right end
	Caption string // one sentence with the largest figures
	Scale   string // explains the scale when it is a share; may be empty
}

// Bar is one provision of a strip; Strong ones are in the accent colour.
type Bar struct {
	Label  string
	Href   string
	Count  int
	Strong bool
}

type segment struct {
	code     string
	x, width string // percentages
}

func (s Stack) total() int {
	n := 0
	for _, share := range s.Shares {
		n += share.Count
	}
	return n
}

// segments places the shares from left to right; empty ones are left out.
func (s Stack) segments() []segment {
	total := s.total()
	if total == 0 {
		return nil
	}
	var out []segment
	before := 0
	for _, share := range s.Shares {
		if share.Count <= 0 {
			continue
		}
		out = append(out, segment{share.Code, percent(before, total), percent(share.Count, total)})
		before += share.Count
	}
	return out
}

func (s Stack) height() string {
	if s.Small {
		return "12"
	}
	return "34"
}

// words reads the bar aloud: 采纳41、部分采纳29.
func (s Stack) words(l *i18n.Locale) string {
	words := make([]string, 0, len(s.Shares))
	for _, share := range s.Shares {
		if share.Count > 0 {
			words = append(words, l.T("site.disposition."+share.Code)+" "+l.Number(share.Count))
		}
	}
	return s.Label + " " + l.List(words)
}

func percent(part, whole int) string {
	if whole == 0 {
		return "0%"
	}
	return strconv.FormatFloat(float64(part)*100/float64(whole), 'f', 2, 64) + "%"
}

type column struct {
	x, y, width, height string // in percent of the plot
	strong              bool
}

// columns draws the bars: a bar takes four fifths of its place, and a count
// above zero is never invisible.
func (s Strip) columns() []column {
	most := 0
	for _, b := range s.Bars {
		most = max(most, b.Count)
	}
	out := make([]column, 0, len(s.Bars))
	n := len(s.Bars)
	for i, b := range s.Bars {
		height := 0.0
		if most > 0 {
			height = float64(b.Count) * 100 / float64(most)
		}
		if b.Count > 0 {
			height = max(height, 2)
		}
		out = append(out, column{
			x:      fixed((float64(i) + 0.1) * 100 / float64(n)),
			width:  fixed(80 / float64(n)),
			y:      fixed(100 - height),
			height: fixed(height),
			strong: b.Strong,
		})
	}
	return out
}

func fixed(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

func patternFill(id, code string) string { return "url(#" + id + "-" + code + ")" }
