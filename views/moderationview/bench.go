// Package moderationview draws what decides about showing: the queue of staff, its
// rules, the reports of people whose name was used, and the pages on which senders
// take something back.
package moderationview

import (
	"net/url"
	"slices"
	"strconv"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// Bench is the queue with one submission opened.
type Bench struct {
	Queue  moderation.Queue
	Opened *moderation.Opened // nil: nothing lies in the pile
	Tree   *draft.Tree
	Pane   string // queue, text or gather
	Done   int64  // the submission decided on just now, 0 none
	After  int64  // from where the pile is read
	Form   Form
	Rules  bool // the reader may set rules
}

// Form is what was typed in a decision that was refused.
type Form struct {
	Comment int64
	Reason  string
	Words   string
	Extra   string
	Errors  []components.FieldError
	Faults  map[string]string
}

func (b Bench) base() string {
	return "/staff/consultations/" + b.Queue.Consultation.Slug + "/moderation"
}

func (b Bench) at(item int64, pairs ...string) string {
	q := url.Values{"pile": {string(b.Queue.Pile)}}
	if b.After > 0 {
		q.Set("after", id(b.After))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	path := b.base()
	if item != 0 {
		path += "/" + id(item)
	}
	return path + "?" + q.Encode()
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

func (b Bench) piles(l *i18n.Locale) []components.Tab {
	var out []components.Tab
	for _, c := range b.Queue.Counts {
		if c.Pile == moderation.PileWaiting && b.Queue.Consultation.CommentsPublic != consultation.PublicModerated && c.Count == 0 {
			continue
		}
		count := l.Number(c.Count)
		if c.More {
			count += "+"
		}
		out = append(out, components.Tab{
			Label: l.T("moderation.pile." + string(c.Pile)), Count: count, Href: b.base() + "?pile=" + string(c.Pile), Current: c.Pile == b.Queue.Pile,
		})
	}
	if b.Queue.Consultation.CommentsPublic != consultation.PublicNo {
		out = append(out, components.Tab{
			Label: l.T("moderation.pile.shown"), Href: b.base() + "?pile=shown", Current: b.Queue.Pile == moderation.PileShown,
		})
	}
	return out
}

func (b Bench) panes(l *i18n.Locale) []components.Tab {
	item := int64(0)
	if b.Opened != nil {
		item = b.Opened.Letter.ID
	}
	var out []components.Tab
	for _, p := range []string{"queue", "text", "gather"} {
		out = append(out, components.Tab{Label: l.T("moderation.pane." + p), Href: b.at(item, "pane", p), Current: p == b.Pane})
	}
	return out
}

func (b Bench) items(l *i18n.Locale) []components.QueueItem {
	var out []components.QueueItem
	for _, e := range b.Queue.Entries {
		why := l.T("moderation.state." + string(e.State))
		if e.Held != "" {
			why = held(l, e.Held)
		}
		out = append(out, components.QueueItem{
			Href: b.at(e.ID, "pane", "text"), Text: e.Beginning, Lang: e.Lang, From: l.T("site.channel." + e.Channel), Provision: why,
			Current: b.Opened != nil && b.Opened.Letter.ID == e.ID,
		})
	}
	return out
}

// held words why something waits; a code of another room that is not known here
// keeps the general word.
func held(l *i18n.Locale, code string) string {
	if slices.Contains(moderation.HeldReasons, code) {
		return l.T("moderation.held." + code)
	}
	return l.T("moderation.held.other")
}

// neighbour is the entry before or after the opened one; 0 when there is none.
func (b Bench) neighbour(by int) int64 {
	if b.Opened == nil {
		return 0
	}
	for i, e := range b.Queue.Entries {
		if e.ID == b.Opened.Letter.ID && i+by >= 0 && i+by < len(b.Queue.Entries) {
			return b.Queue.Entries[i+by].ID
		}
	}
	return 0
}

func (b Bench) keys(l *i18n.Locale) []components.Key {
	key := func(text string, keys ...string) components.Key {
		return components.Key{Keys: keys, Text: l.T("moderation.key." + text)}
	}
	out := []components.Key{key("move", "J", "K")}
	if b.Opened != nil && b.Opened.Decide {
		out = append(out, key("show", "S"), key("reason", "1", "9"), key("withhold", "W"))
	}
	if b.Opened != nil && b.Opened.Undo || b.Done != 0 {
		out = append(out, key("undo", "U"))
	}
	return out
}

func (b Bench) facts(l *i18n.Locale) []string {
	x := b.Opened.Letter
	out := []string{x.Receipt, l.T("site.channel." + x.Channel), l.DateTime(x.ReceivedAt)}
	if x.Region != "" {
		out = append(out, x.Region)
	}
	return out
}

// stands says how a comment stands before the public.
func (b Bench) stands(l *i18n.Locale, s submission.Shown) string {
	switch {
	case s.Withheld != "":
		return reason(l, s.Withheld)
	case s.Waiting:
		return l.T("moderation.stands.waiting")
	case !s.Public:
		return l.T("moderation.stands.no")
	case s.Masks.Auto:
		return l.T("moderation.stands.auto")
	case s.Masks.Any():
		return l.T("moderation.stands.masked")
	}
	return l.T("moderation.stands.public")
}

// reason words why something is not shown.
func reason(l *i18n.Locale, code string) string { return l.T("moderation.withheld." + code) }

// proposal is a stretch that may be masked.
type proposal struct {
	value, words, kind string
	chosen             bool
}

func (b Bench) proposals(l *i18n.Locale, i int) []proposal {
	c := b.Opened.Comments[i]
	has, all := c.MaskedAs(), b.Opened.Proposed[c.ID]
	first := !b.Opened.Standing.Comments[i].Public
	out := listed(l, c.ID, "text", c.Text, all.Text, has.Text, first)
	return append(out, listed(l, c.ID, "proposed", c.ProposedText, all.Proposed, has.Proposed, first)...)
}

// listed gives the proposals of one text; chosen are those that hold, and all of
// them while nothing was decided.
func listed(l *i18n.Locale, comment int64, field, text string, all, has []submission.Mask, first bool) []proposal {
	runes := []rune(text)
	var out []proposal
	for _, m := range all {
		if m.End > len(runes) {
			continue
		}
		out = append(out, proposal{
			value: MaskValue(comment, field, m), words: string(runes[m.Start:m.End]), kind: l.T("moderation.kind." + m.Kind),
			chosen: first || slices.Contains(has, m),
		})
	}
	return out
}

// spans marks the proposals in a text.
func spans(text string, masks []submission.Mask, from int) []components.Span {
	runes := []rune(text)
	var out []components.Span
	at := 0
	for i, m := range masks {
		if m.Start < at || m.End > len(runes) {
			continue
		}
		out = append(out, components.Span{Text: string(runes[at:m.Start])}, components.Span{Point: from + i + 1, Text: string(runes[m.Start:m.End])})
		at = m.End
	}
	return append(out, components.Span{Text: string(runes[at:])})
}

// firstReason is the field to which a missing reason leads.
const firstReason = "reason-1"

// reasons are the offers of a withholding, each with its digit.
func (b Bench) reasons(l *i18n.Locale) []components.Offer {
	var out []components.Offer
	for i, r := range moderation.WithholdReasons {
		words := reason(l, r)
		if r == moderation.Other {
			words = l.T("moderation.reason.other")
		}
		out = append(out, components.Offer{Value: r, Key: strconv.Itoa(i + 1), Text: words, Chosen: b.Form.Reason == r})
	}
	return out
}

func (b Bench) scope(l *i18n.Locale) components.Choices {
	c := components.Choices{
		Field:   components.Field{ID: "comment", Name: "comment", Label: l.T("moderation.scope")},
		Options: []components.Option{{Value: "", Text: l.T("moderation.scope.all"), Chosen: b.Form.Comment == 0}},
	}
	for i, one := range b.Opened.Comments {
		c.Options = append(c.Options, components.Option{
			Value: id(one.ID), Text: b.name(l, i), Chosen: one.ID == b.Form.Comment,
		})
	}
	return c
}

func (b Bench) name(l *i18n.Locale, i int) string {
	return l.T("moderation.comment", "number", i+1, "provision", b.Tree.Label(l, b.Opened.Comments[i].Provision))
}

// showWord is the primary act: where the notice shows nothing, a held submission is
// only accepted.
func (b Bench) showWord(l *i18n.Locale) string {
	if b.Queue.Consultation.CommentsPublic == consultation.PublicNo {
		return l.T("moderation.do.accept")
	}
	return l.T("moderation.do.show")
}

// masking reports that something is shown already on which the masks can change.
func (b Bench) masking() bool {
	return slices.ContainsFunc(b.Opened.Standing.Comments, func(s submission.Shown) bool { return s.Public && s.Withheld == "" })
}

func history(l *i18n.Locale, events []moderation.Event) []components.Event {
	var out []components.Event
	for _, e := range slices.Backward(events) {
		what := l.T("moderation.act." + string(e.Act))
		if e.Undone {
			what = l.T("moderation.undone", "act", what)
		}
		note := ""
		switch e.Act {
		case moderation.Withhold:
			note = reason(l, e.Reason)
		case moderation.TakeBack, moderation.Mask:
			note = l.T("moderation.reason." + e.Reason)
		}
		if e.Words != "" {
			note += l.T("moderation.colon") + e.Words
		}
		who := e.ActorName
		if e.Act == moderation.Withdraw || who == "" {
			who = l.T("moderation.by.sender")
		}
		out = append(out, components.Event{When: components.Done, Time: l.DateTime(e.At), What: l.T("moderation.by", "act", what, "who", who), Note: note})
	}
	return out
}
