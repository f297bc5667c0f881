// Package bulkview shows the tables of submissions that staff bring in.
package bulkview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/bulk"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// List is the upload and the tables of a consultation.
type List struct {
	C      consultation.Consultation
	Jobs   []bulk.Job
	Faults map[string]string
	Errors []components.FieldError
}

// Columns asks which column of a table holds what.
type Columns struct {
	C        consultation.Consultation
	Job      bulk.Job
	Values   [][]string // beside the header
	Proposal bulk.Proposal
	Channels []string
	Faults   map[string]string
	Errors   []components.FieldError
}

// Table is one table: how far it is, and what stands against its rows.
type Table struct {
	C        consultation.Consultation
	Job      bulk.Job
	Now      time.Time
	Findings []Finding
}

// Finding is what stands against one row, worded.
type Finding struct {
	Line, Column  int
	Name, Message string
}

// Imports is the address of a consultation's tables.
func Imports(slug string) string { return "/staff/consultations/" + slug + "/imports" }

// Address is that of one table.
func Address(slug string, id int64) string { return Imports(slug) + "/" + ids.Format(id) }

func state(l *i18n.Locale, j bulk.Job) (components.State, string) {
	shape := components.Waiting
	switch j.State {
	case submission.ImportDone:
		shape = components.Answered
	case submission.ImportFailed:
		shape = components.Overdue
	case submission.ImportStopped:
		shape = components.Closed
	case submission.ImportRunning, submission.ImportChecking, submission.ImportQueued:
		shape = components.Open
	}
	return shape, l.T("bulk.state." + string(j.State))
}

// shortSum is enough of a file's sum to tell two files apart by eye.
func shortSum(sum string) string { return sum[:min(12, len(sum))] }

func (v List) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("bulk.history"), Stacked: true, Columns: []components.Column{
		{Text: l.T("bulk.file"), Lead: true}, {Text: l.T("bulk.channel")}, {Text: l.T("bulk.state")}, {Text: l.T("bulk.taken"), Numeric: true},
		{Text: l.T("bulk.refused"), Numeric: true}, {Text: l.T("bulk.at"), NoWrap: true}, {Text: l.T("bulk.sum")},
	}}
	for _, j := range v.Jobs {
		channel := ""
		if j.Channel != "" {
			channel = l.T("site.channel." + j.Channel)
		}
		shape, word := state(l, j)
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: nameOf(l, j), Href: Address(v.C.Slug, j.ID)}, {Text: channel}, {Body: components.StatusMark(l, shape, word)},
			{Text: l.Number(j.Taken)}, {Text: l.Number(j.Refused)}, {Text: l.DateTime(j.CreatedAt)}, {Text: shortSum(j.File)},
		}})
	}
	return t
}

func nameOf(l *i18n.Locale, j bulk.Job) string {
	if j.Name == "" {
		return l.T("bulk.nameless")
	}
	return j.Name
}

func (v Columns) channels(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{Name: "channel", Label: l.T("bulk.channel"), Hint: l.T("bulk.channel.hint"), Error: v.Faults["channel"]},
		Empty: l.T("bulk.choose")}
	for _, name := range v.Channels {
		c.Options = append(c.Options, components.Option{Value: name, Text: l.T("site.channel." + name), Chosen: name == v.Proposal.Channel})
	}
	return c
}

// column asks what one column holds.
func (v Columns) column(l *i18n.Locale, n int) components.Choices {
	name := "column-" + strconv.Itoa(n)
	c := components.Choices{Field: components.Field{Name: name, Label: v.Job.Header[n], Hint: v.values(l, n), Error: v.Faults[name]}, Empty: l.T("bulk.unused")}
	for _, f := range submission.ImportFields {
		c.Options = append(c.Options, components.Option{Value: f, Text: l.T("bulk.field." + f), Chosen: v.Proposal.Columns[f] == v.Job.Header[n]})
	}
	return c
}

// valueShown is how much of a value is shown, in characters.
const valueShown = 40

func (v Columns) values(l *i18n.Locale, n int) string {
	if n >= len(v.Values) || len(v.Values[n]) == 0 {
		return l.T("bulk.empty")
	}
	short := make([]string, len(v.Values[n]))
	for i, x := range v.Values[n] {
		if r := []rune(strings.Join(strings.Fields(x), " ")); len(r) > valueShown {
			x = string(r[:valueShown]) + "…"
		}
		short[i] = x
	}
	return l.T("bulk.values") + strings.Join(short, " | ")
}

func (v Table) facts(l *i18n.Locale) []components.SummaryRow {
	rows := []components.SummaryRow{{Key: l.T("bulk.file"), Text: nameOf(l, v.Job)}}
	if v.Job.Channel != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("bulk.channel"), Text: l.T("site.channel." + v.Job.Channel)})
	}
	if said := v.said(l); said != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("bulk.columns.said"), Text: said})
	}
	rows = append(rows, components.SummaryRow{Key: l.T("bulk.at"), Text: l.DateTime(v.Job.CreatedAt)})
	if !v.Job.UpdatedAt.Equal(v.Job.CreatedAt) {
		rows = append(rows, components.SummaryRow{Key: l.T("bulk.progressed"), Text: l.DateTime(v.Job.UpdatedAt)})
	}
	return append(rows, components.SummaryRow{Key: l.T("bulk.sum"), Text: v.Job.File, Note: l.T("bulk.sum.note")})
}

// said lists which column holds what, in the order of the fields.
func (v Table) said(l *i18n.Locale) string {
	var out []string
	for _, f := range submission.ImportFields {
		if c := v.Job.Columns[f]; c != "" {
			out = append(out, l.T("bulk.is", "column", c, "field", l.T("bulk.field."+f)))
		}
	}
	return l.List(out)
}

// report is what is in, or what a trial found.
func (v Table) report(l *i18n.Locale) []components.Fact {
	r := submission.Imported{Taken: v.Job.Taken, Repeated: v.Job.Repeated, Refused: v.Job.Refused}
	word := "bulk.taken"
	if v.Job.State == submission.ImportChecked && v.Job.Tried != nil {
		r, word = *v.Job.Tried, "bulk.good"
	}
	return []components.Fact{
		{Label: l.T(word), Value: l.Number(r.Taken), Strong: true},
		{Label: l.T("bulk.repeated"), Value: l.Number(r.Repeated)},
		{Label: l.T("bulk.refused"), Value: l.Number(r.Refused)},
	}
}

// total is how many rows the table has; 0 before a trial.
func (v Table) total() int {
	if v.Job.Tried == nil || v.Job.State == submission.ImportChecking {
		return 0
	}
	return v.Job.Tried.Rows
}

// resumable reports whether it can be begun or gone on with.
func (v Table) resumable() bool { return v.Job.Rests() && v.Job.State != submission.ImportWaiting }

func (v Table) findings(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("bulk.findings"), Stacked: true, Columns: []components.Column{
		{Text: l.T("bulk.line"), Numeric: true}, {Text: l.T("bulk.column"), Numeric: true}, {Text: l.T("bulk.name")}, {Text: l.T("bulk.what")},
	}}
	for _, f := range v.Findings {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: strconv.Itoa(f.Line)}, {Text: strconv.Itoa(f.Column)}, {Text: f.Name}, {Text: f.Message},
		}})
	}
	return t
}
