// Package deskview draws the entry desk: the room of a consultation, the form that a
// clerk fills in from the keyboard, the second person's check, and the slips.
package deskview

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// Base is the address of a consultation's desk.
func Base(slug string) string { return "/staff/consultations/" + slug + "/desk" }

func batchAddress(slug string, id int64) string { return Base(slug) + "/batches/" + ids.Format(id) }

func entryAddress(slug string, id int64) string { return Base(slug) + "/entries/" + ids.Format(id) }

// Home is the page over all desks of the reader's organisations.
type Home struct {
	Work   []desk.Work
	Shares []Share
	Faults []fault.Field
}

// Share is how much a second person checks in one organisation.
type Share struct {
	Organisation int64
	Name         string
	Percent      string
	May          bool
}

// Room is the desk of one consultation.
type Room struct {
	Work    desk.Work
	Batches []desk.Batch
	Items   []desk.Entry
	Next    string
	State   desk.State // by which the list is narrowed
	In      desk.Batch
	Faults  []fault.Field
	Enter   bool // the reader enters here
	Open    bool // the consultation takes paper
	Percent int
	Now     time.Time
}

// Form is the entry that is being typed.
type Form struct {
	C          consultation.Consultation
	Sitting    desk.Sitting
	Tree       *draft.Tree
	Key        string
	Entry      int64
	Version    int64
	Corrects   int64
	Content    desk.Content
	Files      []desk.Paper
	Faults     []fault.Field
	Duplicates []desk.Duplicate
	Done       *desk.Entry // what was just taken in
	Kept       bool        // the draft was just kept
	Stale      bool        // somebody else changed the draft
	Refused    string      // worded: the desk takes nothing now
	Papers     bool        // scans can be attached
	Focus      string      // id of the field in which the cursor stands
	Now        time.Time
}

// Ended reports whether the consultation has ended: what comes now must have been
// posted in time, or be marked late.
func (f Form) Ended() bool { return f.C.ClosesAt != nil && !f.Now.Before(*f.C.ClosesAt) }

func (f Form) address() string { return batchAddress(f.C.Slug, f.Sitting.ID) }

// FieldID is the id of the control that a fault's path leads to.
func FieldID(name string) string {
	name = strings.TrimPrefix(name, "submitter.")
	var i int
	var field string
	if n, err := fmt.Sscanf(name, "comments[%d].%s", &i, &field); err == nil && n == 2 {
		return pointID(field, i)
	}
	switch name {
	case "comments", "key", "language", "version", "consent", "idempotency_key":
		return pointID("text", 0)
	}
	return strings.ReplaceAll(name, "_", "-")
}

func pointID(field string, i int) string {
	return strings.TrimSuffix(field, "_text") + "-" + strconv.Itoa(i+1)
}

// words gives the faults by the ids of their fields, and the summary in their order.
func words(l *i18n.Locale, list []fault.Field) (by map[string]string, all []components.FieldError) {
	by = map[string]string{}
	for _, x := range list {
		id, message := FieldID(x.Name), l.T("error."+x.Code, x.Args...)
		if by[id] == "" {
			by[id] = message
		}
		var i int
		if n, _ := fmt.Sscanf(x.Name, "comments[%d]", &i); n == 1 {
			message = l.T("desk.point", "number", i+1) + l.T("desk.colon") + message
		}
		all = append(all, components.FieldError{ID: id, Message: message})
	}
	return by, all
}

func (f Form) field(l *i18n.Locale, by map[string]string, id, label, value, width string) components.Field {
	return components.Field{ID: id, Name: strings.ReplaceAll(id, "-", "_"), Label: label, Value: value, Error: by[id], Width: width, Autocomplete: "off", Autofocus: id == f.Focus}
}

func (f Form) kinds(l *i18n.Locale, by map[string]string) components.Choices {
	c := components.Choices{Field: components.Field{ID: "kind", Name: "kind", Label: l.T("desk.kind"), Error: by["kind"], Autofocus: f.Focus == "kind"}}
	for _, k := range submission.Kinds {
		c.Options = append(c.Options, components.Option{Value: string(k), Text: l.T("submission.kind." + string(k)), Chosen: f.Content.Sender.Kind == k})
	}
	return c
}

// points are what was typed, and one empty point when there is none yet.
func (f Form) points() []desk.Point {
	if len(f.Content.Points) == 0 {
		return []desk.Point{{}}
	}
	return f.Content.Points
}

// typed shows a provision as the clerk knows it: by its label once it was found.
func (f Form) typed(l *i18n.Locale, p desk.Point) string {
	return shownProvision(l, f.Tree, p.Provision)
}

func shownProvision(l *i18n.Locale, t *draft.Tree, typed string) string {
	if p, ok := t.Get(typed); ok && typed != "" {
		if p.Number != "" && t != nil {
			return t.Label(l, p.Key)
		}
	}
	return typed
}

// found says what a typed provision means: its label and first words.
func found(l *i18n.Locale, t *draft.Tree, typed string) string {
	key, ok := desk.Find(t, typed)
	if !ok {
		return ""
	}
	if key == "" {
		return l.T("draft.whole")
	}
	words := t.Words(key)
	if p, ok := t.Get(key); ok && p.Text != "" {
		words = p.Text
	}
	return t.Label(l, key) + l.T("desk.colon") + first(words, 40)
}

// first is the beginning of a text, n characters at most.
func first(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n]) + "…"
}

// listed are the provisions that the field offers: number to type, label, words.
type listed struct{ Number, Label, Words string }

func (f Form) provisions(l *i18n.Locale) []listed {
	var out []listed
	for _, p := range f.Tree.Articles() {
		number := p.Key
		if at := strings.LastIndex(p.Key, "-"); at >= 0 && strings.HasPrefix(p.Key, "art-") {
			number = p.Key[len("art-"):]
		}
		out = append(out, listed{number, f.Tree.Label(l, p.Key), first(p.Text, 30)})
	}
	return out
}

func stateWord(l *i18n.Locale, e desk.Entry) string {
	if e.State == desk.Discarded {
		return l.T("desk.state.discarded") + l.T("desk.colon") + l.T("desk.reason."+e.Reason)
	}
	return l.T("desk.state." + string(e.State))
}

func stateMark(e desk.Entry) components.State {
	switch e.State {
	case desk.Taken:
		return components.Received
	case desk.Waiting:
		return components.Waiting
	case desk.Discarded:
		return components.Withdrawn
	case desk.Checked:
		return components.Closing
	}
	return components.Scheduled
}

// who names the sender of an entry in a list.
func who(l *i18n.Locale, e desk.Entry) string {
	s := e.Content.Sender
	name := s.Name
	if s.Unit != "" {
		name = strings.TrimSpace(s.Unit + " " + s.Name)
	}
	if name == "" {
		name = l.T("desk.nameless")
	}
	if n := len(e.Content.Signers); n > 0 {
		name += l.T("desk.and_signers", "count", n)
	}
	return name
}

func beginning(e desk.Entry) string {
	if len(e.Content.Points) == 0 {
		return ""
	}
	return first(e.Content.Points[0].Text, 28)
}

// batchTitle names a batch: 信函，11月24日.
func batchTitle(l *i18n.Locale, b desk.Batch) string {
	out := l.T("desk.way."+string(b.Way)) + l.T("desk.comma") + shortDay(l, b.Day)
	if b.Title != "" {
		out += l.T("desk.comma") + b.Title
	}
	return out
}

// shortDay writes a stored day as the reader's language does.
func shortDay(l *i18n.Locale, day string) string {
	t, err := time.ParseInLocation("2006-01-02", day, l.Zone())
	if err != nil {
		return day
	}
	return l.Date(t)
}

func totals(l *i18n.Locale, t desk.Totals) []components.Fact {
	out := []components.Fact{{Label: l.T("desk.total.taken"), Value: l.Number(t.By[desk.Taken]), Strong: true}}
	for _, s := range []desk.State{desk.Waiting, desk.Checked, desk.Draft, desk.Discarded} {
		if t.By[s] > 0 {
			out = append(out, components.Fact{Label: l.T("desk.state." + string(s)), Value: l.Number(t.By[s])})
		}
	}
	out = append(out, components.Fact{Label: l.T("desk.total.all"), Value: l.Number(t.Entries)}, components.Fact{Label: l.T("desk.total.points"), Value: l.Number(t.Points)})
	if t.Signers > 0 {
		out = append(out, components.Fact{Label: l.T("desk.total.signers"), Value: l.Number(t.Signers)})
	}
	if t.Late > 0 {
		out = append(out, components.Fact{Label: l.T("desk.total.late"), Value: l.Number(t.Late)})
	}
	return out
}

func format(id int64) string { return ids.Format(id) }

func runs(pieces []desk.Piece) []components.Run {
	out := make([]components.Run, len(pieces))
	for i, p := range pieces {
		kind := components.Same
		switch p.Change {
		case desk.Added:
			kind = components.Added
		case desk.Removed:
			kind = components.Removed
		}
		out[i] = components.Run{Kind: kind, Text: p.Text}
	}
	return out
}
