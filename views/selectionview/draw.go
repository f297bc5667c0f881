// Package selectionview draws the pages of a selection: what came out of it, how
// likely each was, how to check it, and the desk of those who run it.
package selectionview

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/selection"
	"guangyi/internal/sortition"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// Draw is the public page of a selection.
type Draw struct {
	selection.Result
	Now  time.Time
	Base string // address of the site, without a slash at its end
}

func (v Draw) address(rest string) string { return "/meetings/" + v.Meeting.Slug + "/draw" + rest }

// stage is the public's: what is entered and not confirmed is not known yet.
func (v Draw) stage() selection.Stage {
	switch {
	case !v.Found:
		return ""
	case v.Selection.Stage == selection.Entered:
		return selection.Published
	case v.Selection.Stage == selection.Computed:
		return selection.Computing
	}
	return v.Selection.Stage
}

func (v Draw) drawn() bool { return v.stage() == selection.Drawn }

// shown reports whether chances are public.
func (v Draw) shown() bool { return v.Selection.Draws() && v.Selection.Public() }

func (v Draw) status(l *i18n.Locale) *components.Status {
	s := components.Status{State: components.Waiting, Word: l.T("selection.public.none")}
	if v.Found {
		s.Word = l.T("selection.public." + string(v.stage()))
	}
	switch v.stage() {
	case selection.Drawn:
		s.State = components.Answered
		if !v.Selection.Draws() {
			s.Word = l.T("selection.public.settled")
		}
		s.Aside = stamp(l, *v.Selection.DrawnAt)
	case selection.Published:
		s.State, s.Aside = components.Scheduled, l.T("selection.public.due", "at", stamp(l, v.Source.DueAt))
	case selection.Infeasible:
		s.State = components.Closing
	}
	return &s
}

func stamp(l *i18n.Locale, t time.Time) string { return l.DateTime(t.Truncate(time.Minute)) }

// come is the word for coming to this kind of meeting.
func (v Draw) come(l *i18n.Locale) string {
	if v.Meeting.Kind.Decides() {
		return l.T("selection.come.sit")
	}
	return l.T("selection.come.attend")
}

// Title is the page's heading.
func (v Draw) Title(l *i18n.Locale) string {
	args := []any{"people", l.Number(v.Applied), "seats", l.Number(len(v.Seats)), "come", v.come(l), "count", v.Applied}
	switch {
	case v.drawn() && v.Selection.Draws():
		return l.T("selection.title.drawn", args...)
	case v.drawn() && v.Selection.Trivial:
		return l.T("selection.title.trivial", args...)
	case v.drawn():
		return l.T("selection.title.settled", args...)
	case v.shown():
		return l.T("selection.title.chances", "people", l.Number(v.Applied), "seats", l.Number(v.Selection.Seats), "count", v.Applied)
	}
	return l.T("selection.title.waiting")
}

// source names the number: 福彩3D第2026331期.
func source(l *i18n.Locale, s sortition.Source) string {
	name := s.Name
	if name == "" {
		name = l.T("selection.source." + string(s.Kind))
	}
	if s.Round == "" {
		return name
	}
	return l.T("selection.source.round."+string(s.Kind), "name", name, "round", s.Round)
}

func (v Draw) number(l *i18n.Locale) string { return panelNumber(v.Index, v.Selection.Panels) }

// panelNumber numbers panels as the digits of a seed do: 007 of 1,000.
func panelNumber(index, panels int) string {
	return fmt.Sprintf("%0*d", len(strconv.Itoa(max(0, panels-1))), index)
}

// balls are the digits that name the panel, when they do so without arithmetic.
func (v Draw) balls() []string {
	if !v.drawn() || v.Source.Derivation != sortition.ByDigits {
		return nil
	}
	return strings.Split(v.Selection.Seed, "")
}

func (v Draw) lead(l *i18n.Locale) string {
	src := source(l, v.Source)
	at := stamp(l, v.Source.DueAt)
	switch {
	case v.drawn() && v.Selection.Draws():
		key := "selection.lead." + string(v.Source.Kind)
		if v.numeric() && v.Source.Derivation != sortition.ByDigits {
			key += ".derived"
		}
		args := []any{"source", src, "seed", strings.Join(strings.Split(v.Selection.Seed, ""), " "), "panel", v.number(l)}
		return l.T(key, args...)
	case v.drawn() && v.Selection.Trivial:
		return l.T("selection.lead.trivial", "count", v.Selection.People, "seats", v.Selection.Seats)
	case v.drawn():
		return l.T("selection.lead.by." + v.Selection.Method)
	case v.shown():
		return l.T("selection.lead.due."+string(v.Source.Kind), "source", src, "at", at)
	case v.stage() == selection.Infeasible:
		return l.T("selection.lead.infeasible")
	case v.stage() == selection.Listed:
		return l.T("selection.lead.listed")
	case v.Found:
		return l.T("selection.lead.computing")
	}
	return v.before(l)
}

func (v Draw) numeric() bool {
	return v.Source.Kind == sortition.SourceNumber || v.Source.Kind == sortition.SourceWitnessed
}

// before is what is said while the pool is not frozen.
func (v Draw) before(l *i18n.Locale) string {
	if v.Meeting.ClosesAt == nil {
		return l.T("selection.lead.nocall")
	}
	if !v.Meeting.Draws() {
		return l.T("selection.lead.before.list", "at", l.Deadline(*v.Meeting.ClosesAt))
	}
	return l.T("selection.lead.before", "at", l.Deadline(*v.Meeting.ClosesAt), "due", stamp(l, v.Source.DueAt))
}

// feature words a feature as a table shows it: 男, 城北区.
func feature(l *i18n.Locale, m meeting.Meeting, category, code string) string {
	if code == "" {
		return l.T("selection.unsaid")
	}
	if category == "sex" {
		return l.T("meeting.sex.choice." + code)
	}
	return meetingview.Feature(l, m, category, code)
}

// categoryName heads a column: 性别, 区.
func categoryName(l *i18n.Locale, m meeting.Meeting, category string) string {
	for _, q := range m.Questions {
		if q.Code == category {
			return q.Label
		}
	}
	return l.T("selection.category." + category)
}

// full is the chance that fills a bar: a round number above all of them.
func (v Draw) full() float64 {
	highest := 0.0
	for _, g := range v.Groups {
		highest = max(highest, g.High)
	}
	for _, f := range []float64{0.05, 0.1, 0.2, 0.25, 0.5} {
		if highest <= f {
			return f
		}
	}
	return 1
}

func (v Draw) width(g selection.Group) string {
	return strconv.FormatFloat(math.Round(1000*min(1, g.High/v.full()))/10, 'f', 1, 64) + "%"
}

func (v Draw) fullPercent() string { return strconv.Itoa(int(math.Round(v.full()*100))) + "%" }

func (v Draw) share(l *i18n.Locale, g selection.Group) string {
	low, high := l.Percent(g.Low), l.Percent(g.High)
	if low == high {
		return low
	}
	return low + "—" + high
}

// groupName is 企业代表，女.
func (v Draw) groupName(l *i18n.Locale, g selection.Group) string {
	name := l.T("selection.everybody")
	if g.Category != "" {
		name = meetingview.Feature(l, v.Meeting, "category", g.Category)
	}
	if g.By == "" {
		return name
	}
	var words []string
	for _, f := range g.Features {
		words = append(words, feature(l, v.Meeting, g.By, f))
	}
	return name + l.T("selection.comma") + l.List(words)
}

// few is the number of people below which a count of a combination is not said.
const few = sortition.RedactionThreshold

// groupNote is 14人，各在214或215组里.
func (v Draw) groupNote(l *i18n.Locale, g selection.Group) string {
	people := l.T("selection.people", "count", g.People)
	if g.People < few && g.By != "" {
		people = l.T("selection.people.few", "count", few)
	}
	key := "selection.on"
	switch g.OnMax - g.On {
	case 0:
	case 1:
		key = "selection.on.or"
	default:
		key = "selection.on.to"
	}
	args := []any{"count", g.OnMax, "low", l.Number(g.On), "high", l.Number(g.OnMax)}
	return people + l.T("selection.comma") + l.T(key, args...)
}

// why the smallest chance cannot be larger: where a whole category shares its
// seats evenly, one can reckon it by head.
func (v Draw) why(l *i18n.Locale) string {
	for _, g := range v.Groups {
		if g.By != "" || math.Abs(g.Low-v.Minimum) > 1e-5 || g.High-g.Low > 1e-5 {
			continue
		}
		for _, b := range v.Bounds {
			if b.Category == "category" && b.Feature == g.Category && b.Min == b.Max && g.People == b.Applied {
				return l.T("selection.why.category", "chance", l.Percent(v.Minimum), "category", v.groupName(l, g), "count", g.People, "seats", b.Max)
			}
		}
	}
	return l.T("selection.why.proof", "chance", l.Percent(v.Minimum))
}

// unevenText is one paragraph: the quotas, and what follows for the chances.
func (v Draw) unevenText(l *i18n.Locale) string {
	return strings.Join(append(v.uneven(l), l.T("selection.uneven.rule")), l.T("selection.words_gap"))
}

// waiting is one paragraph: the reserves, and when names are published.
func (v Draw) waiting(l *i18n.Locale) string {
	var out []string
	if names := v.reserves(); len(names) > 0 {
		out = append(out, l.T("selection.reserves", "list", l.List(names)))
	}
	if v.Meeting.AnswerBy != nil {
		out = append(out, l.T("selection.names.by", "at", l.Deadline(*v.Meeting.AnswerBy)))
	} else {
		out = append(out, l.T("selection.names"))
	}
	return strings.Join(out, l.T("selection.words_gap"))
}

// panelsAt is where all panels can be had: in the public data, or, where rows are
// merged, by those who may see every row.
func (v Draw) panelsAt() string {
	if v.Merged > 0 {
		return v.address("/full")
	}
	return v.address(".zip")
}

// uneven words the quotas that make some chances larger than others.
func (v Draw) uneven(l *i18n.Locale) []string {
	var out []string
	for _, b := range v.Bounds {
		if b.Category == "category" || b.Min == 0 || v.Selection.People == 0 || float64(b.Min)*float64(v.Selection.People) <= float64(b.Applied)*float64(v.Panel) {
			continue
		}
		applied := l.T("selection.applied", "count", b.Applied)
		if b.Applied < few {
			applied = l.T("selection.applied.few", "count", few)
		}
		out = append(out, l.T("selection.uneven", "feature", meetingview.Feature(l, v.Meeting, b.Category, b.Feature), "min", b.Min, "applied", applied))
	}
	return out
}

func (v Draw) isUneven() bool {
	return slices.ContainsFunc(v.Groups, func(g selection.Group) bool { return g.High-v.Minimum > 1e-5 })
}

// command recomputes the draw.
func (v Draw) command() string {
	return "guangyi verify --url " + v.Base + "/meetings/" + v.Meeting.Slug
}

// steps are what anybody can check without a computer.
func (v Draw) steps(l *i18n.Locale) []string {
	src, due := source(l, v.Source), stamp(l, v.Source.DueAt)
	published := stamp(l, *v.Selection.PublishedAt)
	out := []string{l.T("selection.check.number."+string(v.Source.Kind), "source", src, "at", due)}
	if v.drawn() {
		out = append(out, l.T("selection.check.panel", "panel", v.number(l), "published", published, "known", due))
	} else {
		out = append(out, l.T("selection.check.published", "published", published, "known", due))
	}
	return append(out, l.T("selection.check.chance", "panels", l.Number(v.Selection.Panels)))
}

// excluded says who was not in the pool, by rule.
func (v Draw) excluded(l *i18n.Locale) []components.SummaryRow {
	var out []components.SummaryRow
	for _, r := range selection.Rules {
		if n := v.Rules[r]; n > 0 {
			out = append(out, components.SummaryRow{Key: l.T("selection.rule." + string(r)), Text: l.T("selection.people", "count", n)})
		}
	}
	return out
}

// conflicts words what has to give way: 女性至少6位 → 至少4位.
func conflicts(l *i18n.Locale, m meeting.Meeting, all []sortition.Conflict) []string {
	var out []string
	for _, c := range all {
		name := meetingview.Feature(l, m, c.Category, c.Feature)
		switch {
		case c.RelaxedMin != c.Min:
			out = append(out, l.T("selection.conflict.min", "feature", name, "from", c.Min, "to", c.RelaxedMin))
		default:
			out = append(out, l.T("selection.conflict.max", "feature", name, "from", c.Max, "to", c.RelaxedMax))
		}
	}
	return out
}

// renamed are the changes of the seed's source, with date and reason.
func (v Draw) renamed() []selection.Past {
	var out []selection.Past
	for _, p := range v.Past {
		if p.Event == selection.RenamedEvent {
			out = append(out, p)
		}
	}
	return out
}

func (v Draw) zipName(l *i18n.Locale) string {
	return l.T("selection.download.zip", "size", strconv.Itoa(max(1, (v.ZipSize+512)/1024)))
}
