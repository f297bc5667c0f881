package adoptionview

import (
	"time"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Changed is a provision as it stands in the newest version.
type Changed struct {
	Key   string
	Label string
	Words string
	Lang  string
}

// Told is the public page of one suggestion.
type Told struct {
	adoption.Told
	Label     Labels
	Changed   []Changed
	Base      string // address of the consultation
	More      string // address of further comments; empty at the end
	Permanent string // absolute address of this page
}

func (t Told) steps(l *i18n.Locale) []components.Event {
	events := make([]components.Event, 0, len(t.Steps)+1)
	if t.FirstDay != nil && t.LastDay != nil {
		events = append(events, components.Event{When: components.Done, Time: days(l, *t.FirstDay, *t.LastDay),
			What: l.T("adoption.letters", "count", t.Submissions)})
	}
	for _, step := range t.Steps {
		events = append(events, components.Event{When: components.Done, Time: l.Date(step.At), What: l.T("adoption.step." + step.Event)})
	}
	return events
}

func days(l *i18n.Locale, from, to time.Time) string {
	if l.Date(from) == l.Date(to) {
		return l.Date(from)
	}
	return l.Date(from) + "—" + l.Date(to)
}

// reasonLabel names the reason as the disposition asks for it.
func reasonLabel(l *i18n.Locale, code adoption.Code) string {
	if code == "" {
		return l.T("adoption.reason")
	}
	return l.T("adoption.reason." + string(code))
}

// wordsLine says how many of the words are shown.
func (t Told) wordsLine(l *i18n.Locale) string {
	if len(t.Words) == 0 {
		return l.T("adoption.words.none")
	}
	for _, w := range t.Words {
		if w.Masked || w.Withheld != "" {
			return l.T("adoption.words.masked")
		}
	}
	return l.T("adoption.words.some")
}
