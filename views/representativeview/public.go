package representativeview

import (
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/representative"
	"guangyi/views/components"
)

// Public is an organisation's pool as anybody sees it. Organisation.ID is 0 when no
// organisation keeps a pool.
type Public struct {
	Organisation organisation.Organisation
	Others       []organisation.Organisation // all that keep a pool
	Pool         representative.Pool
	Categories   []representative.Category
	Filter       representative.Filter
	List         []representative.Listed
	Total        int
	Next         string
}

func (v Public) filtered() bool { return v.Filter.Category != "" || v.Filter.Field != "" }

func (v Public) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("representative.public.caption"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("representative.name"), Lead: true}, {Text: l.T("representative.category")},
		{Text: l.T("representative.fields")}, {Text: l.T("representative.term")},
	}}
	for _, r := range v.List {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: r.Name}, {Text: nameOf(l, v.Categories, r.Category)}, {Text: l.List(r.Fields)}, {Text: TermWords(l, r.From, r.Until)},
		}})
	}
	return t
}

// Apply is the form of an application, or of a change by its holder.
type Apply struct {
	Organisation organisation.Organisation
	Pool         representative.Pool
	Categories   []representative.Category
	In           representative.Application
	Faults       map[string]string
	Errors       []components.FieldError
	Asked        bool   // a script is to solve the site's task
	Answer       string // to the task
	Change       string // reference, when a holder changes what they said
	Version      int64
}

func (v Apply) address() string {
	if v.Change != "" {
		return MineAddress(v.Change) + "/change"
	}
	return ApplyAddress(v.Organisation.Slug)
}

func (v Apply) details() []representative.Detail { return representative.DetailsOf(v.In.Category) }

func (v Apply) detail(l *i18n.Locale, d representative.Detail) components.Field {
	f := components.Field{Name: d.Name, Label: l.T("representative.detail." + d.Name), Optional: !d.Required,
		Value: *v.In.Detail(d.Name), Error: v.Faults[d.Name]}
	if key := "representative.detail." + d.Name + "." + v.In.Category; l.Has(key) {
		f.Label = l.T(key)
	}
	if d.Name == "unit" {
		f.Autocomplete = "organization"
	}
	return f
}

func (v Apply) field(l *i18n.Locale, name, value string) components.Field {
	return components.Field{Name: name, Label: l.T("representative.form." + name), Value: value, Error: v.Faults[name]}
}

func (v Apply) conflict(l *i18n.Locale) components.Choices {
	return components.Choices{
		Field:  components.Field{Name: "conflict", Label: l.T("representative.form.conflict"), Hint: l.T("representative.form.conflict.hint"), Error: v.Faults["conflict"]},
		Inline: true, Options: []components.Option{
			{Value: "no", Text: l.T("representative.form.conflict.no"), Chosen: v.In.Conflict == "no"},
			{Value: "yes", Text: l.T("representative.form.conflict.yes"), Chosen: v.In.Conflict == "yes"},
		},
	}
}
