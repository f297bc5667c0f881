package submissionview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// List is the staff's list of submissions.
type List struct {
	C       consultation.Consultation
	Now     time.Time
	Tree    *draft.Tree
	Page    submission.Page[submission.Submission]
	Filter  submission.Filter
	Next    string // address of the next page
	First   bool
	Export  bool // the reader may export
	Import  bool // the reader may import
	Address string
}

func staffAddress(slug, rest string) string { return "/staff/consultations/" + slug + rest }

func (v List) filtered() bool {
	f := v.Filter
	return f.Channel != "" || f.Kind != "" || f.Provision != nil || f.Gathered != nil || f.Q != ""
}

func (v List) channels(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "channel", Name: "channel", Label: l.T("submission.list.channel")}, Empty: l.T("submission.list.any")}
	for _, name := range consultation.Channels {
		c.Options = append(c.Options, components.Option{Value: name, Text: l.T("site.channel." + name), Chosen: v.Filter.Channel == name})
	}
	return c
}

func (v List) provisions(l *i18n.Locale) components.Choices {
	chosen := "-"
	if v.Filter.Provision != nil {
		chosen = *v.Filter.Provision
	}
	c := components.Choices{Field: components.Field{ID: "provision", Name: "provision", Label: l.T("submission.list.provision")}, Empty: l.T("submission.list.any")}
	c.Options = append(c.Options, components.Option{Value: Whole, Text: l.T("draft.whole"), Chosen: chosen == ""})
	for _, p := range v.Tree.Articles() {
		c.Options = append(c.Options, components.Option{Value: p.Key, Text: v.Tree.Label(l, p.Key), Chosen: p.Key == chosen})
	}
	return c
}

func (v List) gathered(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "gathered", Name: "gathered", Label: l.T("submission.list.gathered")}, Empty: l.T("submission.list.any")}
	for value, on := range map[string]bool{"no": false, "yes": true} {
		chosen := v.Filter.Gathered != nil && *v.Filter.Gathered == on
		c.Options = append(c.Options, components.Option{Value: value, Text: l.T("submission.list.gathered." + value), Chosen: chosen})
	}
	if len(c.Options) == 2 && c.Options[0].Value == "yes" { // a map has no order
		c.Options[0], c.Options[1] = c.Options[1], c.Options[0]
	}
	return c
}

func (v List) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("submission.list.title"), Stacked: true, Columns: []components.Column{
		{Text: l.T("site.receipt.number"), Lead: true, NoWrap: true}, {Text: l.T("submission.list.text")},
		{Text: l.T("submission.list.points"), Numeric: true}, {Text: l.T("submission.list.open"), Numeric: true},
		{Text: l.T("submission.list.from"), NoWrap: true}, {Text: l.T("submission.list.received"), NoWrap: true},
	}}
	for _, x := range v.Page.Items {
		points, open, first := 0, 0, ""
		for _, c := range x.Comments {
			if c.ParentID == 0 && first == "" {
				first = v.Tree.Label(l, c.Provision) + l.T("submission.form.colon") + shorten(orFiles(l, c.Text), 40)
			}
			if !c.Split {
				points++
				if !c.Gathered() {
					open++
				}
			}
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: x.Receipt, Href: staffAddress(v.C.Slug, "/submissions/"+strconv.FormatInt(x.ID, 10)), Bold: true},
			{Text: first, Lang: x.Lang}, {Text: l.Number(points)}, {Text: l.Number(open)},
			{Text: l.T("site.channel."+x.Channel) + l.T("submission.check.comma") + kindWord(l, x.SubmitterKind)}, {Text: minute(l, x.ReceivedAt)},
		}})
	}
	return t
}

// Letter is one submission whole, for staff.
type Letter struct {
	L       submission.Letter
	Tree    *draft.Tree
	Now     time.Time
	Split   bool // the reader may split and aim, and the state allows it
	Contact bool // the reader may see name and contact
	At      int64
	Faults  []Fault // of the form of comment At
	Spans   []submission.Span
	Files   []File

	ShowFiles bool // the reader decides which of them are public
	Refer     bool // the reader passes petitions and accusations on
	Referred  int  // how many went out of this one
}

func (v Letter) address(act string, c submission.Comment) string {
	return staffAddress(v.L.Consultation.Slug, "/submissions/"+strconv.FormatInt(v.L.ID, 10)+"/"+act+"/"+strconv.FormatInt(c.ID, 10))
}

// parts are those as received; spans those of one of them.
func (v Letter) parts() []submission.Comment { return v.below(0) }

func (v Letter) below(parent int64) []submission.Comment {
	var out []submission.Comment
	for _, c := range v.L.Comments {
		if c.ParentID == parent {
			out = append(out, c)
		}
	}
	return out
}

func (v Letter) facts(l *i18n.Locale) []components.SummaryRow {
	x := v.L.Submission
	rows := []components.SummaryRow{
		{Key: l.T("site.receipt.number"), Text: x.Receipt},
		{Key: l.T("submission.list.received"), Text: minute(l, x.ReceivedAt)},
		{Key: l.T("submission.list.channel"), Text: l.T("site.channel." + x.Channel)},
		{Key: l.T("submission.check.kind"), Text: kindWord(l, x.SubmitterKind)},
	}
	if x.Region != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("submission.who.region"), Text: x.Region})
	}
	rows = append(rows, components.SummaryRow{
		Key: l.T("moderation.title"), Text: l.T("moderation.state." + string(x.State)),
		Action: &components.Action{Text: l.T("moderation.open"), Href: staffAddress(v.L.Consultation.Slug, "/moderation/"+strconv.FormatInt(x.ID, 10))},
	})
	if v.Refer {
		rows = append(rows, components.SummaryRow{
			Key: l.T("referral.title"), Text: l.T("referral.count", "count", v.Referred),
			Action: &components.Action{Text: l.T("referral.open"), Href: staffAddress(v.L.Consultation.Slug, "/referrals/new?submission="+strconv.FormatInt(x.ID, 10))},
		})
	}
	switch {
	case !v.L.Left:
		rows = append(rows, components.SummaryRow{Key: l.T("submission.letter.sender"), Text: l.T("submission.letter.anonymous")})
	case v.L.Sender == nil:
		rows = append(rows, components.SummaryRow{Key: l.T("submission.letter.sender"), Text: l.T("submission.letter.hidden")})
	default:
		s := v.L.Sender
		for _, f := range []struct{ key, value string }{{"name", s.Name}, {"phone", s.Phone}, {"email", s.Email}} {
			if f.value != "" {
				rows = append(rows, components.SummaryRow{Key: l.T("submission.who." + f.key), Text: f.value})
			}
		}
	}
	return rows
}

// provisions is the choice of what a comment speaks of.
func (v Letter) provisions(l *i18n.Locale, c submission.Comment) components.Choices {
	return components.Choices{
		Field:   components.Field{ID: "provision-" + strconv.FormatInt(c.ID, 10), Name: "provision", Label: l.T("submission.letter.provision")},
		Options: allOptions(l, v.Tree, c.Provision),
	}
}

// allOptions lists every provision that can be spoken of, not the articles alone.
func allOptions(l *i18n.Locale, t *draft.Tree, chosen string) []components.Option {
	out := []components.Option{{Value: "", Text: l.T("draft.whole"), Chosen: chosen == ""}}
	for _, p := range t.Rows {
		if label := t.Label(l, p.Key); label != "" && label != p.Key {
			out = append(out, components.Option{Value: p.Key, Text: label, Chosen: p.Key == chosen})
		}
	}
	return out
}

// sentences are the places at which a part can be cut without marking by hand.
func (v Letter) sentences(c submission.Comment) []sentence {
	runes := []rune(c.Text)
	var out []sentence
	for i, s := range submission.Sentences(c.Text) {
		out = append(out, sentence{Span: s, Text: strings.TrimSpace(string(runes[s.Start:s.End])), first: i == 0})
	}
	return out
}

type sentence struct {
	submission.Span
	Text  string
	first bool
}

func (v Letter) faultsOf(c submission.Comment) []components.FieldError {
	if v.At != c.ID {
		return nil
	}
	out := make([]components.FieldError, len(v.Faults))
	for i, f := range v.Faults {
		out[i] = components.FieldError{ID: "split-" + strconv.FormatInt(c.ID, 10), Message: f.Message}
	}
	return out
}

// cut reports whether the form of a refused split began a piece there.
func (v Letter) cut(c submission.Comment, s sentence) bool {
	if v.At != c.ID {
		return false
	}
	for _, x := range v.Spans {
		if x.Start == s.Start {
			return true
		}
	}
	return false
}

func (v Letter) state(l *i18n.Locale, c submission.Comment) string {
	if c.Gathered() {
		return l.T("submission.letter.gathered")
	}
	return l.T("submission.letter.open")
}
