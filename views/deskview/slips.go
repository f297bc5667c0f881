package deskview

import (
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Papers lists the papers that slips are printed on: A6, thermal paper of 58 mm, A4
// with eight to cut.
var Papers = []string{"a6", "58", "a4"}

// Slips is the printing of one or several.
type Slips struct {
	C       consultation.Consultation
	List    []desk.Slip
	Paper   string
	Unit    string
	Contact string
	Address string // of the site, without a slash at its end
	Here    string // path of this page without its query
	Back    string
}

// address is where the receipt is read; the secret is never in it.
func (v Slips) address(s desk.Slip) string { return v.Address + "/receipts/" + s.Number }

func (v Slips) tabs(l *i18n.Locale) []components.Tab {
	out := make([]components.Tab, len(Papers))
	for i, p := range Papers {
		out[i] = components.Tab{Label: l.T("desk.paper." + p), Href: v.Here + "?paper=" + p, Current: p == v.Paper}
	}
	return out
}

func (v Slips) facts(l *i18n.Locale, s desk.Slip) string {
	return l.T("desk.slip.facts", "day", shortDay(l, s.Entry.Content.ReceivedOn), "way", l.T("desk.way."+string(s.Entry.Way)), "count", len(s.Entry.Content.Points))
}
