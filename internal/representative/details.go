package representative

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
)

// Detail is something that a category asks of an applicant; Name is the form's
// field and the member of Person.
type Detail struct {
	Name     string
	Required bool
}

// details by category: what tells who somebody is in that role, and nothing more
// (PIPL art. 6: the minimum).
var details = map[string][]Detail{
	"deputy":      {{"body", true}, {"card", false}, {"unit", false}},
	"expert":      {{"unit", true}, {"post", true}, {"profession", true}},
	"enterprise":  {{"unit", true}, {"post", true}},
	"citizen":     {{"profession", false}},
	"stakeholder": {{"interest", true}, {"unit", false}},
	"media":       {{"unit", true}, {"card", false}},
}

// DetailsOf lists what a category asks for; an organisation's own asks for unit,
// post and profession, none of them required.
func DetailsOf(category string) []Detail {
	if d, ok := details[category]; ok {
		return d
	}
	return []Detail{{"unit", false}, {"post", false}, {"profession", false}}
}

// AllDetails lists every detail that some category asks for, in the order of forms.
var AllDetails = []string{"body", "unit", "post", "profession", "interest", "card"}

// Detail gives or sets one of AllDetails.
func (p *Person) Detail(name string) *string {
	switch name {
	case "body":
		return &p.Body
	case "unit":
		return &p.Unit
	case "post":
		return &p.Post
	case "profession":
		return &p.Profession
	case "interest":
		return &p.Interest
	}
	return &p.Card
}

// Limits of what an applicant writes, in characters.
const (
	NameLimit   = 60
	DetailLimit = 120
	AboutLimit  = 1000
	FieldsMost  = 8
)

// Application is what somebody sends to join a pool.
type Application struct {
	Person
	Category   string
	District   string
	Fields     []string
	Conflict   string // "yes" or "no"; what it is, in Person.Conflict
	NamePublic bool
	Consent    bool
	Lang       string
	Key        string // idempotency key; empty: none
}

func (a Application) tidy() Application {
	for _, v := range append([]*string{&a.Name, &a.Phone, &a.Email, &a.About, &a.Person.Conflict, &a.District}, a.everyDetail()...) {
		*v = strings.TrimSpace(*v)
	}
	asked := DetailsOf(a.Category)
	for _, name := range AllDetails { // another category's fields may have been filled in before
		if !slices.ContainsFunc(asked, func(d Detail) bool { return d.Name == name }) {
			*a.Detail(name) = ""
		}
	}
	if a.Conflict != "yes" {
		a.Person.Conflict = ""
	}
	var fields []string
	for _, f := range a.Fields {
		if f = strings.TrimSpace(f); f != "" && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	a.Fields = fields
	return a
}

func (a *Application) everyDetail() []*string {
	out := make([]*string, len(AllDetails))
	for i, name := range AllDetails {
		out[i] = a.Detail(name)
	}
	return out
}

// check finds what is wrong with a tidy application.
func (a Application) check(p Pool, known []Category) (f fault.Fields) {
	i := slices.IndexFunc(known, func(c Category) bool { return c.Code == a.Category })
	if i < 0 || known[i].Retired {
		f.Add("category", "representative.category")
	}
	a.checkPerson(&f)
	for _, d := range DetailsOf(a.Category) {
		v := *a.Detail(d.Name)
		if d.Required && v == "" {
			f.Add(d.Name, "representative.detail."+d.Name)
		}
		tooLong(&f, d.Name, v, DetailLimit)
	}
	a.checkLists(p, &f)
	switch {
	case a.Conflict != "yes" && a.Conflict != "no":
		f.Add("conflict", "representative.conflict")
	case a.Conflict == "yes" && a.Person.Conflict == "":
		f.Add("conflict_text", "representative.conflict_text")
	}
	tooLong(&f, "conflict_text", a.Person.Conflict, AboutLimit)
	tooLong(&f, "about", a.About, AboutLimit)
	return f
}

func (a Application) checkPerson(f *fault.Fields) {
	if a.Name == "" {
		f.Add("name", "representative.name")
	}
	tooLong(f, "name", a.Name, NameLimit)
	if a.Phone == "" && a.Email == "" {
		f.Add("phone", "representative.contact")
	}
	if n := len(digits(a.Phone)); a.Phone != "" && (n < 6 || n > 15) {
		f.Add("phone", "representative.phone")
	}
	if a.Email != "" && !isEmail(a.Email) {
		f.Add("email", "representative.email")
	}
}

func (a Application) checkLists(p Pool, f *fault.Fields) {
	if list := p.DistrictList(); len(list) > 0 && !slices.Contains(list, a.District) {
		f.Add("district", "representative.district")
	}
	tooLong(f, "district", a.District, WordLimit)
	if len(a.Fields) > FieldsMost {
		f.Add("fields", "representative.too_many", "limit", FieldsMost)
	}
	list := p.FieldList()
	for _, field := range a.Fields {
		if !slices.Contains(list, field) {
			f.Add("fields", "representative.field")
			break
		}
	}
}

func tooLong(f *fault.Fields, name, text string, limit int) {
	if utf8.RuneCountInString(text) > limit {
		f.Add(name, "representative.too_long", "limit", limit)
	}
}

func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, phone)
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && !strings.ContainsFunc(s, unicode.IsSpace)
}
