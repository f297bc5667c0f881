package submissionview

import (
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

func (f Form) kinds(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{
		ID: "kind", Name: "kind", Label: l.T("submission.who.kind"), Heading: true, Error: f.fault("submitter.kind"),
	}}
	for _, k := range submission.Kinds {
		c.Options = append(c.Options, components.Option{Value: string(k), Text: kindWord(l, k), Chosen: f.Sender.Kind == k})
	}
	return c
}

func kindWord(l *i18n.Locale, k submission.Kind) string { return l.T("submission.kind." + string(k)) }

// line is one field of the sender. demanded says that the notice asks for it; its
// reason then stands below the label.
func (f Form) line(l *i18n.Locale, name, value string, demanded bool) components.Field {
	x := components.Field{
		ID: name, Name: name, Label: l.T("submission.who." + name), Value: value, Error: f.fault("submitter." + name), Optional: !demanded,
	}
	if key := "submission.who." + name + ".hint"; l.Has(key) {
		x.Hint = l.T(key)
	}
	if demanded && f.C.DemandReason != "" {
		x.Hint = f.C.DemandReason
	}
	return x
}

func (f Form) name(l *i18n.Locale) components.Field {
	x := f.line(l, "name", f.Sender.Name, f.C.Demanded("name"))
	x.Autocomplete, x.Width = "name", "20"
	return x
}

func (f Form) region(l *i18n.Locale) components.Field {
	x := f.line(l, "region", f.Sender.Region, f.C.Demanded("region"))
	x.Width = "20"
	return x
}

func (f Form) email(l *i18n.Locale) components.Field {
	x := f.line(l, "email", f.Sender.Email, f.C.Demanded("contact"))
	x.Type, x.Autocomplete, x.InputMode = "text", "email", "email"
	return x
}

func (f Form) phone(l *i18n.Locale) components.Field {
	x := f.line(l, "phone", f.Sender.Phone, f.C.Demanded("contact"))
	x.Type, x.Autocomplete, x.Width = "tel", "tel", "20"
	return x
}

func (f Form) publishName(l *i18n.Locale) components.Field {
	return components.Field{ID: "publish_name", Name: "publish_name", Label: l.T("submission.who.publish"), Hint: l.T("submission.who.publish.hint")}
}

func (f Form) consent(l *i18n.Locale) components.Field {
	return components.Field{ID: "consent", Name: "consent", Label: l.T("submission.who.consent"), Error: f.fault("consent")}
}

// lead says what has to be filled in.
func (f Form) lead(l *i18n.Locale) string {
	if f.C.Demanded("name") || f.C.Demanded("contact") || f.C.Demanded("region") {
		return l.T("submission.who.lead.demanded")
	}
	return l.T("submission.who.lead")
}

// published says what others will see of this.
func (f Form) published(l *i18n.Locale) string { return l.T("submission.public." + f.C.CommentsPublic) }

// shownAs is the name under which the comments are published.
func (f Form) shownAs(l *i18n.Locale) string {
	if name := submission.PublicName(f.Sender.Kind, f.Sender.Name); f.Sender.PublishName && name != "" {
		return l.T("submission.check.name.shown", "name", name)
	}
	return l.T("submission.check.name.hidden", "name", kindWord(l, f.Sender.Kind))
}

// fact is a line of the check page; step is where it is changed.
type fact struct {
	key, text, note string
	step            int
}

func (f Form) facts(l *i18n.Locale) []fact {
	who := kindWord(l, f.Sender.Kind)
	if !submission.Blank(f.Sender.Region) {
		who += l.T("submission.check.comma") + f.Sender.Region
	}
	out := []fact{{key: l.T("submission.check.kind"), text: who}}
	name := f.Sender.Name
	if submission.Blank(name) {
		name = l.T("submission.check.none")
	}
	out = append(out, fact{key: l.T("submission.who.name"), text: name, note: f.shownAs(l)})
	for _, x := range []struct{ key, value string }{{"email", f.Sender.Email}, {"phone", f.Sender.Phone}} {
		if !submission.Blank(x.value) {
			out = append(out, fact{key: l.T("submission.who." + x.key), text: x.value})
		}
	}
	return out
}

// after says what happens once it is sent.
func (f Form) after(l *i18n.Locale) []string {
	out := []string{l.T("submission.after.receipt"), f.published(l), l.T("submission.after.fixed")}
	if f.C.AnswerDue != nil {
		return append(out, l.T("submission.after.due", "at", l.Deadline(*f.C.AnswerDue)))
	}
	return append(out, l.T("submission.after.answered"))
}
