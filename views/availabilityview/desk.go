package availabilityview

import (
	"strconv"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Waiting is a consultation whose lost time nobody has answered yet.
type Waiting struct {
	C    consultation.Consultation
	Loss Loss
}

// Desk is the state of the site.
type Desk struct {
	Nodes   int
	Last    time.Time
	Known   bool // there was a sign of life
	Part    float64
	Since   time.Time
	Waiting []Waiting
	Outages []availability.Outage
	Planned []Maintenance
	Days    []challenge.Day
	MayPlan bool

	Failed string            // which form was refused
	Typed  map[string]string // as typed, by field
	Faults map[string]string
	Errors []components.FieldError
}

func (v Desk) lead(l *i18n.Locale) string {
	if v.Nodes == 0 {
		return l.T("availability.desk.silent")
	}
	return l.T("availability.desk.alive", "count", v.Nodes, "at", l.Time(v.Last))
}

func (v Desk) share(l *i18n.Locale) string {
	return l.T("availability.desk.share", "share", precise(v.Part), "since", l.Date(v.Since))
}

// precise keeps three decimals and never rounds an outage away.
func precise(share float64) string {
	thousandths := int(share * 100_000)
	if share >= 1 {
		return "100%"
	}
	whole, rest := thousandths/1000, thousandths%1000
	digits := []byte{byte('0' + rest/100), byte('0' + rest/10%10), byte('0' + rest%10)}
	return strconv.Itoa(whole) + "." + string(digits) + "%"
}

func (v Desk) guards(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("availability.guard.title"), Stacked: true, RowHead: true}
	t.Columns = append(t.Columns, components.Column{Text: l.T("availability.guard.day")})
	for _, k := range challenge.Kinds {
		t.Columns = append(t.Columns, components.Column{Text: l.T("availability.guard." + k), Numeric: true})
	}
	for _, d := range v.Days {
		at, err := time.ParseInLocation(time.DateOnly, d.Day, l.Zone())
		name := d.Day
		if err == nil {
			name = l.Date(at)
		}
		row := components.TableRow{Values: []components.Value{{Text: name}}}
		for _, k := range challenge.Kinds {
			row.Values = append(row.Values, components.Value{Text: l.Number(int(d.Counts[k]))})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v Desk) when(l *i18n.Locale, form, name string) components.Field {
	f := components.Field{ID: name, Name: name, Type: "datetime-local", Label: l.T("availability." + form + "." + name), Width: "20"}
	if v.Failed == form {
		f.Error, f.Value = v.Faults[name], v.Typed[name]
	}
	return f
}

func (v Desk) words(l *i18n.Locale, form, name, lang string) components.Area {
	a := components.Area{Field: components.Field{ID: name, Name: name, Label: l.T("availability." + form + "." + name), Lang: lang}, Rows: 3}
	if v.Failed == form {
		a.Error, a.Value = v.Faults[name], v.Typed[name]
	}
	return a
}
