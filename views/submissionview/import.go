package submissionview

import (
	"strconv"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// ImportView is the upload page. Report is nil before an upload.
type ImportView struct {
	C        consultation.Consultation
	Channel  string
	Dry      bool
	Faults   []Fault
	Report   *submission.Imported
	Findings []Finding
	More     int // findings that are not shown
}

// Finding is what stands against one row, worded.
type Finding struct {
	Line, Column  int
	Name, Message string
}

func (v ImportView) fault(name string) string {
	for _, f := range v.Faults {
		if f.Name == name {
			return f.Message
		}
	}
	return ""
}

func (v ImportView) summary() []components.FieldError {
	out := make([]components.FieldError, len(v.Faults))
	for i, f := range v.Faults {
		out[i] = components.FieldError{ID: f.Name, Message: f.Message}
	}
	return out
}

func (v ImportView) file(l *i18n.Locale) components.Field {
	return components.Field{ID: "file", Name: "file", Label: l.T("submission.import.file"), Hint: l.T("submission.import.file.hint"), Error: v.fault("file")}
}

func (v ImportView) channels(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{
		ID: "channel", Name: "channel", Label: l.T("submission.import.channel"), Hint: l.T("submission.import.channel.hint"), Error: v.fault("channel"),
	}, Empty: l.T("submission.import.choose")}
	for _, name := range consultation.Channels {
		if name != submission.Web && name != submission.API && name != "meeting" {
			c.Options = append(c.Options, components.Option{Value: name, Text: l.T("site.channel." + name), Chosen: v.Channel == name})
		}
	}
	return c
}

func (v ImportView) title(l *i18n.Locale) string {
	if v.Dry {
		return l.T("submission.import.tried")
	}
	return l.T("submission.import.done", "count", v.Report.Taken)
}

func (v ImportView) facts(l *i18n.Locale) []components.Fact {
	return []components.Fact{
		{Label: l.T("submission.import.rows"), Value: l.Number(v.Report.Rows)},
		{Label: l.T("submission.import.taken"), Value: l.Number(v.Report.Taken), Strong: true},
		{Label: l.T("submission.import.repeated"), Value: l.Number(v.Report.Repeated)},
		{Label: l.T("submission.import.refused"), Value: l.Number(v.Report.Refused)},
	}
}

func (v ImportView) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("submission.import.findings"), Shown: true, Columns: []components.Column{
		{Text: l.T("submission.import.line"), Numeric: true}, {Text: l.T("submission.import.column"), Numeric: true},
		{Text: l.T("submission.import.name")}, {Text: l.T("submission.import.what")},
	}}
	for _, f := range v.Findings {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: strconv.Itoa(f.Line)}, {Text: strconv.Itoa(f.Column)}, {Text: f.Name}, {Text: f.Message},
		}})
	}
	return t
}
