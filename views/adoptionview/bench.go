package adoptionview

import (
	"net/url"
	"strconv"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Form is what was typed on a suggestion; a refused form shows it again.
type Form struct {
	Text       string
	Code       adoption.Code
	Reason     string
	Provisions []string
	Note       string
	Errors     map[string]string    // words by field
	Stored     *adoption.Suggestion // what somebody else saved meanwhile, next to what was typed
}

// Bench is the workbench page.
type Bench struct {
	adoption.Bench
	Label      Labels
	Provision  func(key string) string // words of a provision; "" for the whole draft
	Provisions []components.Option     // of the draft, for selects
	Articles   []components.Option     // for the filter
	Filter     adoption.QueueFilter
	Article    string // the filter's article, as asked; "-" the whole draft
	Find       string
	Pane       string // queue, text or gather
	Into       string // chosen offer: an id, "new" or nothing
	Form       Form
}

// Base is the address of the workbench.
func (b Bench) base() string { return "/staff/consultations/" + b.Slug + "/workbench" }

// at is the address of the workbench with the filters kept and some values set.
func (b Bench) at(pairs ...string) string {
	q := url.Values{}
	keep := map[string]string{"provision": b.Article, "q": b.Filter.Text}
	if b.Filter.Gathered {
		keep["show"] = "gathered"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		keep[pairs[i]] = pairs[i+1]
	}
	for key, value := range keep {
		if value != "" {
			q.Set(key, value)
		}
	}
	if len(q) == 0 {
		return b.base()
	}
	return b.base() + "?" + q.Encode()
}

func (b Bench) here(pairs ...string) string {
	if b.Current == nil {
		return b.at(pairs...)
	}
	return b.at(append([]string{"comment", id(b.Current.ID)}, pairs...)...)
}

func (b Bench) comment(action string) string {
	return "/staff/consultations/" + b.Slug + "/submissions/" + id(b.Current.SubmissionID) + "/" + action + "/" + id(b.Current.ID)
}

func (b Bench) waiting() int { return b.Comments - b.Gathered }

func (b Bench) tabs(l *i18n.Locale) []components.Tab {
	return []components.Tab{
		{Label: l.T("adoption.pane.queue"), Count: l.Number(b.waiting()), Href: b.here("pane", "queue"), Current: b.Pane == "queue"},
		{Label: l.T("adoption.pane.text"), Href: b.here("pane", "text"), Current: b.Pane == "text"},
		{Label: l.T("adoption.pane.gather"), Count: l.Number(b.Suggestions), Href: b.here("pane", "gather"), Current: b.Pane == "gather"},
	}
}

func (b Bench) items(l *i18n.Locale) []components.QueueItem {
	items := make([]components.QueueItem, 0, len(b.Queue))
	for _, w := range b.Queue {
		items = append(items, components.QueueItem{Href: b.at("comment", id(w.ID)), Text: cut(w.Text, 44), Lang: w.Lang, From: who(l, w),
			Provision: b.Label(w.Provision), Current: b.Current != nil && b.Current.ID == w.ID})
	}
	return items
}

// intoID is the choice of a suggestion, to which the summary of errors leads.
const intoID = "into"

// offers are the suggestions to gather into, and a new one.
func (b Bench) offers(l *i18n.Locale) []components.Offer {
	out := make([]components.Offer, 0, len(b.Offers)+1)
	held := false
	for i, one := range b.Offers {
		held = held || b.Holder != nil && b.Holder.ID == one.ID
		out = append(out, b.offer(l, one, strconv.Itoa(i+1)))
	}
	if b.Holder != nil && !held {
		out = append(out, b.offer(l, *b.Holder, "H"))
	}
	return append(out, components.Offer{Value: "new", Key: "0", Text: l.T("adoption.bench.new"), Chosen: b.Into == "new"})
}

func (b Bench) offer(l *i18n.Locale, of adoption.Suggestion, key string) components.Offer {
	state := l.T("adoption.bench.holds", "count", of.Comments) + l.T("adoption.comma") + stateWord(l, of)
	if of.About == b.Current.Provision {
		state += l.T("adoption.bench.same")
	}
	return components.Offer{Value: id(of.ID), Key: key, Number: l.T("adoption.number", "number", number2(of.Number)), Text: cut(of.Text, 60),
		State: state, Chosen: b.Into == id(of.ID)}
}

// seen lists the versions of the offered suggestions, for their hidden fields.
func (b Bench) seen() map[string]int64 {
	out := map[string]int64{}
	for _, one := range b.Offers {
		out[id(one.ID)] = one.Version
	}
	if b.Holder != nil {
		out[id(b.Holder.ID)] = b.Holder.Version
	}
	return out
}

// dispositionLegend says on which suggestion the disposition will be.
func (b Bench) dispositionLegend(l *i18n.Locale) string {
	for _, one := range append(b.Offers, holders(b.Holder)...) {
		if b.Into == id(one.ID) {
			return l.T("adoption.bench.decide", "number", number2(one.Number))
		}
	}
	return l.T("adoption.bench.decide.chosen")
}

func holders(one *adoption.Suggestion) []adoption.Suggestion {
	if one == nil {
		return nil
	}
	return []adoption.Suggestion{*one}
}

// partState says where another comment of the letter stands.
func (b Bench) partState(l *i18n.Locale, w adoption.Words) string {
	if w.SuggestionID == 0 {
		return l.T("adoption.part.waiting")
	}
	return l.T("adoption.part.gathered")
}

func (b Bench) errors() []components.FieldError {
	return summaryOf(b.Form.Errors, "into", "text", "disposition", "reason", "provisions", "comments[0]")
}

// kept are the provisions already named, to be kept or taken back.
func (f Form) kept(label Labels) []components.Option {
	out := make([]components.Option, 0, len(f.Provisions))
	for _, key := range f.Provisions {
		out = append(out, components.Option{Value: key, Text: label(key), Chosen: true})
	}
	return out
}

// ChoosePane sets which pane a phone shows: the one asked for, else the words.
func (b *Bench) ChoosePane() {
	switch {
	case b.Pane == "queue", b.Pane == "text", b.Pane == "gather":
	default:
		b.Pane = "text"
	}
}

// manyOffers reports whether there are more suggestions than are offered.
func (b Bench) manyOffers() bool { return b.Suggestions > len(b.Offers) }

// following is the address of what comes after the current comment in the queue.
func (b Bench) following() string {
	for i, w := range b.Queue {
		if w.ID == b.Current.ID && i+1 < len(b.Queue) {
			return b.at("comment", id(b.Queue[i+1].ID), "pane", "text")
		}
	}
	return ""
}

func (b Bench) keys(l *i18n.Locale) []components.Key {
	if b.Current == nil || !b.Changeable {
		return nil
	}
	return []components.Key{{Keys: []string{"1–9"}, Text: l.T("adoption.key.gather")}, {Keys: []string{"0"}, Text: l.T("adoption.key.new")},
		{Keys: []string{"A", "P", "N", "C", "F", "Q", "L", "O"}, Text: l.T("adoption.key.decide")}, {Keys: []string{"Ctrl", "Enter"}, Text: l.T("adoption.bench.save")}}
}

// reasonHint is written out where there is room for it.
func reasonHint(l *i18n.Locale, rows int) string {
	if rows < 4 {
		return ""
	}
	return l.T("adoption.reason.hint")
}
