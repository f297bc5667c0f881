package surveyview

import (
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views/components"
)

// Entering is the form for one paper questionnaire: an answer is a number, so that
// it goes by the number keys and Tab alone.
type Entering struct {
	C        consultation.Consultation
	V        survey.Survey
	Key      string
	Typed    map[string]string // by field
	Faults   []Fault
	Receipt  string // of the one before
	Address  string // where that one is read
	Entered  int    // how many in this sitting
	AfterEnd bool   // the end is past: the postmark is asked for
}

func (v Entering) fault(name string) string {
	for _, x := range v.Faults {
		if x.Name == name {
			return x.Message
		}
	}
	return ""
}

// enterID is the field of a fault's path.
func enterID(name string) string {
	if code, ok := strings.CutPrefix(name, "answers."); ok {
		if code, other := strings.CutSuffix(code, ".other"); other {
			return otherField(code)
		}
		return field(code)
	}
	name = strings.TrimPrefix(name, "submitter.")
	return strings.TrimPrefix(name, "origin.")
}

func (v Entering) summary(l *i18n.Locale) []components.FieldError {
	out := make([]components.FieldError, 0, len(v.Faults))
	for _, x := range v.Faults {
		message, id := x.Message, enterID(x.Name)
		if x.Name == "answers" && len(v.V.Questions) > 0 {
			id = field(v.V.Questions[0].Code)
		}
		if n := (Form{V: v.V}).number(x.Name); n > 0 {
			message = l.T("survey.form.question", "number", n) + l.T("submission.form.colon") + message
		}
		out = append(out, components.FieldError{ID: id, Message: message})
	}
	return out
}

func (v Entering) control(l *i18n.Locale, i int) components.Field {
	q := v.V.Questions[i]
	label, lang := q.Label.In(l.Tag(), v.C.Lang)
	f := components.Field{
		ID: field(q.Code), Name: field(q.Code), Label: itoa(i+1) + numberMark(l) + label, Value: v.Typed[field(q.Code)],
		Error: v.fault("answers." + q.Code), Optional: !q.Required, Autocomplete: "off", Autofocus: i == 0 && len(v.Faults) == 0, Lang: lang,
	}
	if i == 0 && f.Error == "" {
		f.Error = v.fault("answers")
	}
	if !q.Kind.Written() {
		f.Hint, f.Width = v.keys(l, q), "10"
		if q.Kind != survey.Several {
			f.InputMode = "numeric"
		}
	}
	return f
}

// keys lists the numbers of the options: 1 每周　2 每月.
func (v Entering) keys(l *i18n.Locale, q survey.Question) string {
	if q.Kind == survey.Scale {
		return Word(l, v.C.Lang, q, "1") + " … " + Word(l, v.C.Lang, q, itoa(q.Points))
	}
	var out []string
	for i, code := range q.Codes() {
		out = append(out, itoa(i+1)+"\u00a0"+Word(l, v.C.Lang, q, code))
	}
	if q.Kind == survey.Several {
		return strings.Join(out, "　") + l.T("survey.enter.several")
	}
	return strings.Join(out, "　")
}

func (v Entering) other(l *i18n.Locale, q survey.Question) components.Field {
	return components.Field{
		ID: otherField(q.Code), Name: otherField(q.Code), Label: l.T("survey.form.other"), Value: v.Typed[otherField(q.Code)],
		Error: v.fault("answers." + q.Code + ".other"), Autocomplete: "off",
	}
}

func (v Entering) about(l *i18n.Locale, name, kind string) components.Field {
	f := components.Field{
		ID: name, Name: name, Label: l.T("survey.enter." + name), Value: v.Typed[name], Error: v.fault(name), Type: kind, Optional: true,
		Autocomplete: "off", Width: "10",
	}
	if f.Error == "" {
		f.Error = v.fault("submitter." + name)
	}
	if key := "survey.enter." + name + ".hint"; l.Has(key) {
		f.Hint = l.T(key)
	}
	return f
}

func (v Entering) kinds(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "kind", Name: "kind", Label: l.T("survey.results.kind"), Error: v.fault("submitter.kind")}}
	for _, k := range submission.Kinds {
		c.Options = append(c.Options, components.Option{Value: string(k), Text: l.T("submission.kind." + string(k)), Chosen: v.Typed["kind"] == string(k)})
	}
	return c
}

// Import is the upload page of a table of responses. Report is nil before an upload.
type Import struct {
	C        consultation.Consultation
	Columns  []string
	Dry      bool
	Fault    string // of the file
	Report   *survey.Imported
	Findings []Found
	More     int // findings that are not shown
}

// Found is what stands against one row, worded.
type Found struct {
	Line, Column  int
	Name, Message string
}

func (v Import) file(l *i18n.Locale) components.Field {
	return components.Field{ID: "file", Name: "file", Label: l.T("submission.import.file"), Hint: l.T("survey.import.file.hint"), Error: v.Fault}
}

func (v Import) summary() []components.FieldError {
	if v.Fault == "" {
		return nil
	}
	return []components.FieldError{{ID: "file", Message: v.Fault}}
}

func (v Import) title(l *i18n.Locale) string {
	if v.Dry {
		return l.T("submission.import.tried")
	}
	return l.T("survey.import.done", "count", v.Report.Taken)
}

func (v Import) facts(l *i18n.Locale) []components.Fact {
	return []components.Fact{
		{Label: l.T("submission.import.rows"), Value: l.Number(v.Report.Rows)},
		{Label: l.T("submission.import.taken"), Value: l.Number(v.Report.Taken), Strong: true},
		{Label: l.T("submission.import.repeated"), Value: l.Number(v.Report.Repeated)},
		{Label: l.T("submission.import.refused"), Value: l.Number(v.Report.Refused)},
	}
}

func (v Import) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("submission.import.findings"), Shown: true, Columns: []components.Column{
		{Text: l.T("submission.import.line"), Numeric: true}, {Text: l.T("submission.import.column"), Numeric: true},
		{Text: l.T("submission.import.name")}, {Text: l.T("submission.import.what")},
	}}
	for _, f := range v.Findings {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: itoa(f.Line)}, {Text: itoa(f.Column)}, {Text: f.Name}, {Text: f.Message},
		}})
	}
	return t
}
