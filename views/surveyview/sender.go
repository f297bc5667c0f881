package surveyview

import (
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

func kinds(l *i18n.Locale, chosen submission.Kind, fault string) components.Choices {
	c := components.Choices{Field: components.Field{ID: "kind", Name: "kind", Label: l.T("survey.form.kind"), Heading: true, Error: fault}}
	for _, k := range submission.Kinds {
		c.Options = append(c.Options, components.Option{Value: string(k), Text: l.T("submission.kind." + string(k)), Chosen: chosen == k})
	}
	return c
}

// senderFields are the lines about the sender. What the notice does not demand may
// stay empty; name and contact are asked only where they serve something.
func (f Form) senderFields(l *i18n.Locale) []components.Field {
	contact := f.C.Demanded("contact")
	out := []components.Field{
		f.about(l, "name", f.Sender.Name, f.C.Demanded("name"), "name"),
		f.about(l, "region", f.Sender.Region, f.C.Demanded("region"), ""),
		f.about(l, "email", f.Sender.Email, contact, "email"),
		f.about(l, "phone", f.Sender.Phone, contact, "tel"),
	}
	out[2].InputMode, out[3].Type = "email", "tel"
	return out
}

// asks reports whether the notice demands anything of the sender.
func (f Form) asks() bool {
	return f.C.Demanded("name") || f.C.Demanded("contact") || f.C.Demanded("region")
}

func (f Form) contactTitle(l *i18n.Locale) string {
	if f.asks() {
		return l.T("survey.form.contact.demanded")
	}
	return l.T("survey.form.contact")
}

func (f Form) contactWhy(l *i18n.Locale) string {
	if f.asks() {
		return l.T("submission.who.lead.demanded")
	}
	return l.T("survey.form.contact.why")
}

// demanded reports whether the lines about the sender must not be folded away:
// something is demanded, was typed, or is wrong.
func (f Form) demanded() bool {
	return f.asks() ||
		f.Sender.Name+f.Sender.Email+f.Sender.Phone+f.Sender.Region != "" ||
		f.fault("submitter.name")+f.fault("submitter.email")+f.fault("submitter.phone")+f.fault("submitter.region") != ""
}

func (f Form) about(l *i18n.Locale, name, value string, demanded bool, complete string) components.Field {
	x := components.Field{
		ID: name, Name: name, Label: l.T("submission.who." + name), Value: value, Error: f.fault("submitter." + name), Optional: !demanded,
		Autocomplete: complete,
	}
	if key := "submission.who." + name + ".hint"; l.Has(key) {
		x.Hint = l.T(key)
	}
	if demanded && f.C.DemandReason != "" {
		x.Hint = f.C.DemandReason
	}
	if name != "email" {
		x.Width = "20"
	}
	return x
}

func (f Form) consentField(l *i18n.Locale) components.Field {
	return components.Field{ID: "consent", Name: "consent", Label: l.T("submission.who.consent"), Error: f.fault("consent")}
}

// after says what happens once it is sent.
func (f Form) after(l *i18n.Locale) []string {
	return []string{
		l.T("submission.after.receipt"), l.T("survey.after.counted"), l.T("survey.after.words"), l.T("survey.after.results." + f.V.Results),
	}
}
