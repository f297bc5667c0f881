package adoptionview

import (
	"strconv"
	"strings"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// number2 writes a number that is a name, without thousands separators.
func number2(n int) string { return strconv.Itoa(n) }

func id(n int64) string { return strconv.FormatInt(n, 10) }

// who is what a list shows of the sender of a comment: kind and channel.
func who(l *i18n.Locale, w adoption.Words) string {
	kind := l.T("adoption.kind." + w.SubmitterKind)
	if w.PublicName != "" {
		kind = w.PublicName + l.T("adoption.comma") + kind
	}
	return kind + l.T("adoption.comma") + l.T("site.channel."+w.Channel)
}

// cut shortens a text to its first words for a list.
func cut(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "……"
}

// Messages gives the words of a form's faults by field.
func Messages(l *i18n.Locale, fields []fault.Field) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		if out[f.Name] == "" {
			out[f.Name] = l.T("error."+f.Code, f.Args...)
		}
	}
	return out
}

// summaryOf lists the faults in the order of the form's fields.
func summaryOf(errors map[string]string, order ...string) []components.FieldError {
	var out []components.FieldError
	for _, name := range order {
		if message := errors[name]; message != "" {
			out = append(out, components.FieldError{ID: name, Message: message})
		}
	}
	return out
}

// stateWord says where a suggestion stands.
func stateWord(l *i18n.Locale, of adoption.Suggestion) string {
	if of.State == adoption.Drafted {
		switch {
		case of.Note != "":
			return l.T("adoption.state.returned")
		case of.Disposition == "":
			return l.T("adoption.state.undecided")
		}
	}
	return l.T("adoption.state." + string(of.State))
}

func headStatus(l *i18n.Locale, of adoption.Summary) components.Status {
	if of.PublishedAt.IsZero() {
		return components.Status{State: components.Waiting, Word: l.T("adoption.preview.status")}
	}
	return components.Status{State: components.Answered, Aside: l.Date(of.PublishedAt)}
}

// aboutOf is the provision that stands for a suggestion in a short list.
func aboutOf(of adoption.Suggestion) string {
	if len(of.Provisions) > 0 {
		return of.Provisions[0]
	}
	return of.About
}

// chosen marks one option of a list that is shared between selects.
func chosen(options []components.Option, value string) []components.Option {
	out := make([]components.Option, len(options))
	for i, o := range options {
		o.Chosen = o.Value == value
		out[i] = o
	}
	return out
}
