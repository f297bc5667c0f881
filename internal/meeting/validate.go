package meeting

import (
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
)

// mostKey is the longest idempotency key in bytes.
const mostKey = 200

// check finds what is wrong with an application and brings it into its form.
// Field names are paths of the API's body.
func (s *Service) check(m Meeting, in *ApplicationIn) error {
	in.tidy()
	if in.Lang == "" {
		in.Lang = m.Lang
	}
	var f fault.Fields
	in.checkPerson(m, &f)
	in.checkFeatures(m, &f)
	in.checkPlace(m, &f)
	if !slices.Contains([]string{"zh-CN", "en"}, in.Lang) {
		f.Add("language", "meeting.choice", "value", in.Lang)
	}
	if len(in.Key) > mostKey || !utf8.ValidString(in.Key) || strings.ContainsFunc(in.Key, func(r rune) bool { return r < ' ' }) {
		f.Add("idempotency_key", "meeting.key", "most", mostKey)
	}
	if !in.Consent {
		f.Add("consent", "meeting.consent")
	}
	return f.Err()
}

// Check finds what is wrong with an application without taking it in: for a form
// of several steps. The fields are those of Receive's Invalid fault.
func (s *Service) Check(m Meeting, in ApplicationIn) fault.Fields {
	err := s.check(m, &in)
	if f, ok := fault.As(err); ok {
		return f.Fields
	}
	return nil
}

func (in *ApplicationIn) tidy() {
	p := &in.Person
	for _, t := range []*string{
		&p.Name, &p.Phone, &p.Email, &p.IDType, &p.IDNumber, &p.Unit, &p.Post, &p.Profession, &p.Address, &p.Reason, &p.Opinion,
		&p.Conflict, &p.Needs, &in.Category, &in.Side, &in.Sex, &in.District,
	} {
		*t = strings.TrimSpace(*t)
	}
}

func (in *ApplicationIn) checkPerson(m Meeting, f *fault.Fields) {
	p := in.Person
	for _, t := range []struct {
		field, text string
		most        int
	}{
		{"name", p.Name, 60}, {"phone", p.Phone, 40}, {"email", p.Email, 254}, {"id_type", p.IDType, 40}, {"id_number", p.IDNumber, 40},
		{"unit", p.Unit, 200}, {"post", p.Post, 100}, {"profession", p.Profession, 100}, {"address", p.Address, 300}, {"reason", p.Reason, 2000},
		{"opinion", p.Opinion, 10_000}, {"conflict", p.Conflict, 2000}, {"needs", p.Needs, 1000},
	} {
		checkText(f, "person."+t.field, t.text, t.most)
	}
	if p.Name == "" {
		f.Add("person.name", "meeting.name_demanded")
	}
	digits := digitsOf(p.Phone)
	switch {
	case p.Phone == "" && p.Email == "":
		f.Add("person.phone", "meeting.contact_demanded")
	case p.Phone != "" && (len(digits) < 5 || len(digits) > 15):
		f.Add("person.phone", "meeting.phone")
	}
	if p.Email != "" && !isAddress(p.Email) {
		f.Add("person.email", "meeting.email")
	}
	for field, text := range map[string]string{
		"phone": p.Phone, "email": p.Email, "unit": p.Unit, "post": p.Post, "profession": p.Profession, "address": p.Address,
		"reason": p.Reason, "opinion": p.Opinion,
	} {
		if m.Demanded(field) && text == "" {
			f.Add("person."+field, "meeting.demanded."+field)
		}
	}
	if m.Demanded("id") && p.IDNumber == "" {
		f.Add("person.id_number", "meeting.demanded.id")
	}
	if m.Households && p.Address == "" && !m.Demanded("address") {
		f.Add("person.address", "meeting.demanded.address")
	}
	if in.Conflict && p.Conflict == "" {
		f.Add("person.conflict", "meeting.conflict_text")
	}
}

func (in *ApplicationIn) checkFeatures(m Meeting, f *fault.Fields) {
	if in.Sex != "" && !slices.Contains(Sexes, in.Sex) || in.Sex == "" && m.Demanded("sex") {
		f.Add("sex", "meeting.demanded.sex")
	}
	if b := in.Person.BirthYear; b != 0 && ageBand(b, m.StartsAt.Year()) == "" || b == 0 && m.Demanded("birth_year") {
		f.Add("person.birth_year", "meeting.demanded.birth_year")
	}
	switch {
	case in.District == "" && m.Demanded("district"), in.District != "" && len(m.Districts) > 0 && !slices.Contains(m.Districts, in.District):
		f.Add("district", "meeting.demanded.district")
	default:
		checkText(f, "district", in.District, 60)
	}
	kept := map[string]string{}
	for _, q := range m.Questions {
		answer := in.Answers[q.Code]
		if !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Code == answer }) {
			f.Add("answers."+q.Code, "meeting.answer")
		}
		kept[q.Code] = answer
	}
	in.Answers = kept
}

// checkPlace asks what the application is for: a category, a side, a session.
func (in *ApplicationIn) checkPlace(m Meeting, f *fault.Fields) {
	if _, ok := m.Category(in.Category); !ok && (in.Category != "" || len(m.Categories) > 0) {
		f.Add("category", "meeting.category")
	}
	switch {
	case !m.Sides || in.Category == Observer:
		in.Side = ""
	case !slices.Contains(Sides, in.Side):
		f.Add("side", "meeting.side")
	}
	in.Party = max(in.Party, 1)
	if len(m.Sessions) == 0 {
		in.Session = 0
		if in.Party > 1 {
			f.Add("party", "meeting.party", "most", 1)
		}
		return
	}
	x, ok := m.Session(in.Session)
	if !ok {
		f.Add("session", "meeting.session")
		return
	}
	if most := max(x.Group, 1); in.Party > most {
		f.Add("party", "meeting.party", "most", most)
	}
}

// isAddress reports whether mail could be sent there: one bare address with a
// dotted domain, as people write them.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.ContainsAny(domain, " []")
}
