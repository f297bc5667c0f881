// Package submissionview draws what people send: the form in its three steps, the
// receipt, the public comments, and the letters as staff see them.
package submissionview

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// The steps of the form, from 1.
const (
	Write = 1 + iota
	Who
	Check
)

// Form is what was typed so far, and where the sender stands. Every step carries
// all of it in fields, so that nothing depends on a session.
type Form struct {
	C       consultation.Consultation
	Tree    *draft.Tree
	Now     time.Time
	Step    int
	Key     string // made when the form is first shown: makes a double click one submission
	Version int64
	Parts   []submission.Part
	Sender  submission.Submitter
	Consent bool
	Again   bool // the key was used for another content
	Proof   challenge.Form
	Faults  []Fault

	TakesFiles bool
	Files      []Kept
}

func (f Form) work(p layouts.Page) components.Proof {
	return components.Proof{Answer: f.Proof.Answer, Worker: p.Assets.URL("work.js"), Last: f.Step == Check}
}

// Fault is a fault of one field, worded. Name is its path: comments[0].text.
type Fault struct{ Name, Message string }

// Address is where the form is sent: an absolute path.
func (f Form) Address() string { return "/consultations/" + f.C.Slug + "/comment" }

func (f Form) draftKey() string { return "comment-" + f.C.Slug }

func (f Form) title(l *i18n.Locale) string {
	return l.T("submission.form.title." + strconv.Itoa(f.Step))
}

func steps(l *i18n.Locale) []string {
	return []string{l.T("submission.form.title.1"), l.T("submission.form.title.2"), l.T("submission.form.title.3")}
}

func (f Form) caption(l *i18n.Locale) string {
	return strings.ReplaceAll(f.C.Title, "\u200b", "") + l.T("submission.form.until", "at", l.Deadline(*f.C.ClosesAt))
}

// fault gives the message for a field, empty when it is right.
func (f Form) fault(name string) string {
	for _, x := range f.Faults {
		if x.Name == name {
			return x.Message
		}
	}
	return ""
}

// FieldID is the id of the control that a fault's path leads to.
func FieldID(name string) string {
	name = strings.TrimPrefix(name, "submitter.")
	var i int
	var field string
	if n, err := fmt.Sscanf(name, "comments[%d].%s", &i, &field); err == nil && n == 2 {
		return partID(field, i)
	}
	switch name {
	case "comments", "version", "idempotency_key", "language":
		return partID("text", 0)
	}
	return name
}

func partID(field string, i int) string {
	return strings.TrimSuffix(field, "_text") + "-" + strconv.Itoa(i+1)
}

// summary lists the faults for the head of the page; those of a point name it.
func (f Form) summary(l *i18n.Locale) []components.FieldError {
	out := make([]components.FieldError, 0, len(f.Faults))
	for _, x := range f.Faults {
		message := x.Message
		var i int
		if n, _ := fmt.Sscanf(x.Name, "comments[%d]", &i); n == 1 {
			message = l.T("submission.form.point", "number", i+1) + l.T("submission.form.colon") + message
		}
		out = append(out, components.FieldError{ID: FieldID(x.Name), Message: message})
	}
	return out
}

func (f Form) heading(l *i18n.Locale, i int) string {
	if len(f.Parts) == 1 {
		return f.label(l, i)
	}
	return l.T("submission.form.point", "number", i+1) + gap(l) + f.label(l, i)
}

func (f Form) label(l *i18n.Locale, i int) string { return f.Tree.Label(l, f.Parts[i].Provision) }

// words is the text that a point speaks of; none for the draft as a whole.
func (f Form) words(i int) (text, lang string) {
	p, ok := f.Tree.Get(f.Parts[i].Provision)
	if !ok || p.Key == "" {
		return "", ""
	}
	return f.Tree.Words(p.Key), p.Lang
}

// onlyFiles reports a point that says nothing itself: it stands in the files.
func (f Form) onlyFiles(i int) bool {
	return submission.Blank(f.Parts[i].Text) && f.Parts[i].ProposedText == "" && len(f.Files) > 0
}

func (f Form) textArea(l *i18n.Locale, i int) components.Area {
	return components.Area{Rows: 6, Limit: submission.MostText, Field: components.Field{
		ID: partID("text", i), Name: "text", Label: l.T("submission.form.text"), Value: f.Parts[i].Text,
		Error: f.fault(fmt.Sprintf("comments[%d].text", i)), Spellcheck: true,
	}}
}

func (f Form) proposedArea(l *i18n.Locale, i int) components.Area {
	return components.Area{Rows: 3, Field: components.Field{
		ID: partID("proposed_text", i), Name: "proposed_text", Label: l.T("submission.form.proposed"), Optional: true,
		Hint: l.T("submission.form.proposed.hint"), Value: f.Parts[i].ProposedText,
		Error: f.fault(fmt.Sprintf("comments[%d].proposed_text", i)), Spellcheck: true,
	}}
}

// more is the choice of another provision to speak of.
func (f Form) more(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "add", Name: "add", Label: l.T("submission.form.more"), Hint: l.T("submission.form.more.hint")}}
	c.Options = provisionOptions(l, f.Tree, "")
	return c
}

// optionLength is how many characters of an article's beginning a choice shows.
const optionLength = 16

// provisionOptions lists the whole draft and its articles, grouped by chapters.
func provisionOptions(l *i18n.Locale, t *draft.Tree, chosen string) []components.Option {
	out := []components.Option{{Value: "", Text: l.T("draft.whole"), Chosen: chosen == ""}}
	known := chosen == ""
	for _, p := range t.Articles() {
		text := t.Label(l, p.Key)
		if first := firstWords(t, p); first != "" && first != text {
			text += gap(l) + first
		}
		known = known || p.Key == chosen
		out = append(out, components.Option{Value: p.Key, Text: text, Chosen: p.Key == chosen})
	}
	if !known {
		out = append(out, components.Option{Value: chosen, Text: t.Label(l, chosen), Chosen: true})
	}
	return out
}

func firstWords(t *draft.Tree, p draft.Provision) string {
	text := p.Heading
	if text == "" {
		text = p.Text
	}
	if text == "" && p.Kind == outline.KindArticle {
		for _, c := range t.Children(p.Key) {
			if text = c.Text; text != "" {
				break
			}
		}
	}
	return shorten(strings.TrimSpace(text), optionLength)
}

// shorten cuts a text to so many characters, twice as many of Latin letters.
func shorten(text string, most int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > 0 && r[0] < 0x2e80 {
		most *= 2
	}
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}

func itoa(n int) string { return strconv.Itoa(n) }

// gap stands between a number and what it names.
func gap(l *i18n.Locale) string {
	if l.Tag() == "en" {
		return ": "
	}
	return "　"
}

// minute writes an instant to the minute: when exactly something arrived is for
// programs.
func minute(l *i18n.Locale, t time.Time) string { return l.DateTime(t.Truncate(time.Minute)) }
